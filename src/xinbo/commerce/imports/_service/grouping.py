"""Find out which rows of a file are about the same product."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from xinbo.commerce import catalog
from xinbo.commerce.catalog import Handle, Product
from xinbo.commerce.imports._rules.columns import OF_THE_VARIANT, Field
from xinbo.commerce.imports._service.files import Row


class Group(NamedTuple):
    """The rows of one product."""

    handle: str
    """Empty where the file names products by SKU code only."""
    explicit: bool
    """Whether the file says the handle, or we made it from the title."""
    rows: list[Row]


class Misplaced(NamedTuple):
    """A row that belongs to no product, and why."""

    row: Row
    field: Field
    error: str


def group(
    rows: Iterable[Row], names: Mapping[Field, str], by_code: Mapping[str, Product]
) -> tuple[list[Group], list[Misplaced]]:
    """Group rows by handle, by title where the file has no handles, or else by SKU code.

    A row without handle and title goes on with the product above it.
    """
    groups: dict[str, Group] = {}
    misplaced: list[Misplaced] = []
    nameless = Field.HANDLE not in names and Field.TITLE not in names
    last: Group | None = None
    for row in rows:
        handle = handle_of(row)
        if nameless:
            product = by_code.get(code_of(row))
            if product is None:
                error = "SkuUnknown" if code_of(row) else "SkuMissing"
                misplaced.append(Misplaced(row, Field.SKU, error))
                continue
            last = groups.setdefault(str(product.id), Group("", explicit=False, rows=[]))
        elif handle:
            if not _fits(handle):
                misplaced.append(Misplaced(row, Field.HANDLE, "HandleRefused"))
                continue
            explicit = bool(row.cells.get(Field.HANDLE))
            last = groups.setdefault(handle, Group(handle, explicit=explicit, rows=[]))
        elif last is None:
            misplaced.append(Misplaced(row, Field.HANDLE, "HandleMissing"))
            continue
        last.rows.append(row)
    return list(groups.values()), misplaced


def handle_of(row: Row) -> str:
    """Return the handle that the row says, or that its title makes; empty where it has neither."""
    handle = catalog.clean(row.cells.get(Field.HANDLE, ""))
    title = row.cells.get(Field.TITLE, "")
    return handle or (catalog.handle_of(title) if title else "")


def code_of(row: Row) -> str:
    """Return the row's SKU code, empty where it has none."""
    return catalog.clean(row.cells.get(Field.SKU, ""))


def is_variant(row: Row) -> bool:
    """Say whether the row is about a variant, and not only a further picture."""
    return any(row.cells.get(field) for field in OF_THE_VARIANT)


def _fits(handle: str) -> bool:
    try:
        msgspec.convert(handle, Handle)
    except msgspec.ValidationError:
        return False
    return True
