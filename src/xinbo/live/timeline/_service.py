"""Read what happened."""

from uuid import UUID

from xinbo.engines.history import Past, latest
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, require
from xinbo.kit.paging import CursorRefused
from xinbo.kit.wire import Page
from xinbo.live import shows
from xinbo.live.timeline._types import Moment


async def page_of(tx: Tx, show_id: UUID, cursor: str | None, limit: int) -> Page[Moment]:
    """List what happened in a show, the last first, for its staff."""
    require(tx, Can.SEE_CONSOLE)
    await shows.console_get(tx, show_id)
    before = _place(cursor)
    found = await latest(tx, show_id, before=before, limit=limit + 1)
    names = await accounts.staff_names(tx, {past.actor_id for past in found if past.actor_id})
    items = [_moment(past, names) for past in found[:limit]]
    return Page(items=items, next=str(found[limit - 1].seq) if len(found) > limit else None)


def _moment(past: Past, names: dict[UUID, str]) -> Moment:
    facts = {name: value for name, value in past.payload.items() if name != "showId"}
    by = names.get(past.actor_id) if past.actor_id else None
    return Moment(id=past.id, at=past.at, kind=past.name, by=by, role=past.role, facts=facts)


def _place(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > LONGEST:
        raise CursorRefused(cursor=cursor[:80])
    return int(cursor)


LONGEST = 18
"""Digits of a place in the event log."""
