"""Cursor paging over UUIDv7 keys: newest first, stable while rows are added."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from xinbo.kit.errors import Invalid
from xinbo.kit.wire import Page

type Limit = Annotated[int, Meta(ge=1, le=100)]


class CursorRefused(Invalid):
    """Raised when a cursor is not one that this list handed out."""


def after(cursor: str | None) -> UUID | None:
    """Read a cursor: the id of the last row of the page before, or None for the first page."""
    if cursor is None:
        return None
    try:
        return UUID(cursor)
    except ValueError:
        raise CursorRefused(cursor=cursor[:80]) from None


def page[Row, Item](
    rows: Sequence[Row], limit: int, view: Callable[[Row], Item], key: Callable[[Row], Any]
) -> Page[Item]:
    """Make a page from up to `limit + 1` rows: the extra one says that there is a next page."""
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(items=[view(row) for row in shown], next=str(key(shown[-1])) if more else None)
