"""A template that the merchant keeps, and a plan that one was applied to."""

from uuid import UUID

from xinbo.engines.tx import Tx
from xinbo.live import shows, templates
from xinbo.live.templates import BEAUTY, ApplyTemplate, SaveTemplate


async def planned(tx: Tx, show_id: UUID, secret: str) -> dict[str, UUID]:
    """Save a show's plan under a name that strangers must not read, and apply one to it."""
    saved = await templates.save(tx, SaveTemplate(name=secret, show_id=show_id))
    version = (await shows.plan(tx, show_id)).version
    bare = ApplyTemplate(
        template_id=BEAUTY,
        version=version,
        slots={},
        games=False,
        promotions=False,
        contingency=False,
    )
    change = await templates.apply(tx, show_id, bare)
    return {"template_id": saved.id, "change_id": change.id}
