"""The rows of a show's cast, locked."""

from uuid import UUID

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Actor, Tx
from xinbo.identity.access import Can, allowed
from xinbo.kit.errors import NotFound
from xinbo.live import shows
from xinbo.live.cast._models import CastRow, GuestRow, PresenceRow, SeatRow
from xinbo.live.cast._types import CastLayout
from xinbo.live.shows import Show, ShowStatus


class GuestNotFound(NotFound):
    """Raised when there is no such guest, or not for this caller."""


async def of_show(tx: Tx, show_id: UUID) -> tuple[Show, CastRow]:
    """Lock a show's cast, making it at first use. Raises `ShowNotFound`."""
    show = await shows.console_get(tx, show_id)
    await tx.db.execute(
        insert(CastRow)
        .values(
            show_id=show_id, merchant_id=tx.merchant_id, version=0, layout=CastLayout.SIDE_BY_SIDE
        )
        .on_conflict_do_nothing()
    )
    query = select(CastRow).where(CastRow.show_id == show_id, _visible(tx.actor, CastRow))
    query = query.with_for_update().execution_options(populate_existing=True)
    return show, (await tx.db.scalars(query)).one()


async def seats_of(tx: Tx, show_id: UUID) -> list[SeatRow]:
    """List a show's seats."""
    rows = await tx.db.scalars(
        select(SeatRow)
        .where(SeatRow.show_id == show_id, _visible(tx.actor, SeatRow))
        .order_by(SeatRow.kind, SeatRow.user_id)
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def presence_of(tx: Tx, show_id: UUID) -> dict[UUID, PresenceRow]:
    """Find when each console of a show was last heard of."""
    rows = await tx.db.scalars(
        select(PresenceRow)
        .where(PresenceRow.show_id == show_id, _visible(tx.actor, PresenceRow))
        .execution_options(populate_existing=True)
    )
    return {row.user_id: row for row in rows}


async def guests_of(tx: Tx, show_id: UUID) -> list[GuestRow]:
    """List a show's guests, newest first."""
    rows = await tx.db.scalars(
        select(GuestRow)
        .where(GuestRow.show_id == show_id, _visible(tx.actor, GuestRow))
        .order_by(GuestRow.id.desc())
        .limit(50)
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def guest_of(tx: Tx, show_id: UUID, guest_id: UUID) -> GuestRow:
    """Lock one guest of a show."""
    query = select(GuestRow).where(
        GuestRow.id == guest_id, GuestRow.show_id == show_id, _visible(tx.actor, GuestRow)
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    found = await tx.db.scalar(query)
    if found is None:
        raise GuestNotFound(guest_id=guest_id)
    return found


def holder(show: Show, row: CastRow) -> UUID | None:
    """Say who holds the show; in a rehearsal somebody else may try it."""
    if show.status is ShowStatus.REHEARSAL and row.rehearsal_host_id:
        return row.rehearsal_host_id
    return row.host_user_id


def _visible(
    actor: Actor, rows: type[CastRow | SeatRow | PresenceRow | GuestRow]
) -> ColumnElement[bool]:
    """Show staff and the system their merchant's cast."""
    return (
        rows.merchant_id == actor.merchant_id if Can.SEE_CONSOLE in allowed(actor.role) else false()
    )
