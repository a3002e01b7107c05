"""Name categories by their way from the root, as files do: `美妆 > 面霜`."""

from uuid import UUID

from xinbo.commerce import catalog
from xinbo.engines.tx import Tx

type Path = tuple[str, ...]


def category_path(said: str) -> Path:
    """Read a category as a file names it."""
    return tuple(catalog.clean(part) for part in said.split(">"))


async def spelled(tx: Tx) -> dict[UUID, str]:
    """Return how each category of the merchant is named in files."""
    known = {each.id: each for each in await catalog.categories(tx)}
    return {
        key: " > ".join(known[above].name for above in reversed(each.path))
        for key, each in known.items()
    }


async def by_path(tx: Tx) -> dict[Path, UUID]:
    """Return the merchant's categories by their ways from the root."""
    return {category_path(name): key for key, name in (await spelled(tx)).items()}
