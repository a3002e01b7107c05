"""Seats of a show, and who holds it."""

from uuid import UUID

import msgspec
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.live import broadcasts, shows, signals
from xinbo.live.cast._guests import guest_view
from xinbo.live.cast._models import CastRow, PresenceRow, SeatRow
from xinbo.live.cast._rows import guests_of, holder, of_show, presence_of, seats_of
from xinbo.live.cast._rules import is_present
from xinbo.live.cast._types import (
    AssignSeat,
    Cast,
    CastLayout,
    HandShow,
    HostChanged,
    SeatKind,
    SeatPresent,
    ShowSeat,
)
from xinbo.live.shows import Show, ShowStatus

HOSTS = frozenset({SeatKind.HOST, SeatKind.BACKUP_HOST})


class StaffNotHere(NotFound):
    """Raised when a seat is to be given to someone who does not work here."""


class SeatNotFound(NotFound):
    """Raised when nobody of that name is on that seat."""


class NoHostSeat(Conflict):
    """Raised when a show is handed to someone who has no host's seat in it."""


class CastMoved(Conflict):
    """Raised when seats or host changed since the operator looked: `by`, `what`, `at`."""


class Calling(msgspec.Struct, frozen=True):
    """What web knows and the room does not: the key that signs links, and where STUN is."""

    key: bytes
    ice_servers: list[str]


async def get(tx: Tx, show_id: UUID, calling: Calling) -> Cast:
    """Show the staff who is on which seat, who is there, and who is a guest."""
    require(tx, Can.SEE_CONSOLE)
    show, row = await of_show(tx, show_id)
    return await _view(tx, show, row, calling)


async def present(tx: Tx, show_id: UUID) -> list[SeatPresent]:
    """List the staff whose console of this show is open."""
    require(tx, Can.SEE_CONSOLE)
    await shows.get(tx, show_id)
    here = [
        row.user_id
        for row in (await presence_of(tx, show_id)).values()
        if is_present(row.seen_at, tx.now)
    ]
    names = await accounts.staff_names(tx, here)
    return [SeatPresent(user_id=each, name=names[each]) for each in here if each in names]


async def seated(tx: Tx, show_id: UUID) -> dict[SeatKind, list[UUID]]:
    """List who of the staff has which kind of seat, without a lock."""
    require(tx, Can.SEE_CONSOLE)
    await shows.get(tx, show_id)
    held: dict[SeatKind, list[UUID]] = {}
    for row in await seats_of(tx, show_id):
        held.setdefault(row.kind, []).append(row.user_id)
    return held


async def here(
    tx: Tx, show_id: UUID, source: broadcasts.SourceName | None, calling: Calling
) -> Cast:
    """Take a console's sign of life, and show it the cast."""
    require(tx, Can.SEE_CONSOLE)
    show, row = await of_show(tx, show_id)
    user = tx.actor.user_id
    if user:
        values = {"seen_at": tx.now, "source": source}
        keys = {"show_id": show_id, "user_id": user, "merchant_id": tx.merchant_id}
        await tx.db.execute(
            insert(PresenceRow)
            .values(keys | values)
            .on_conflict_do_update(index_elements=["show_id", "user_id"], set_=values)
        )
    return await _view(tx, show, row, calling)


async def assign(tx: Tx, show_id: UUID, command: AssignSeat, calling: Calling) -> Cast:
    """Give a member of the staff a seat. The first host holds the show from then on."""
    require(tx, Can.RUN_SHOWS)
    show, row = await of_show(tx, show_id)
    names = await accounts.staff_names(tx, [command.user_id])
    if command.user_id not in names:
        raise StaffNotHere(user_id=command.user_id)
    first = command.kind is SeatKind.HOST and row.host_user_id is None
    own = show.host_name if first else names[command.user_id]
    stage_name = (command.stage_name or own).strip()
    await tx.db.execute(
        insert(SeatRow)
        .values(
            show_id=show_id,
            kind=command.kind,
            user_id=command.user_id,
            merchant_id=tx.merchant_id,
            stage_name=stage_name,
            avatar_url=show.host_avatar_url if first else None,
        )
        .on_conflict_do_update(
            index_elements=["show_id", "kind", "user_id"], set_={"stage_name": stage_name}
        )
    )
    if first:
        row.host_user_id = command.user_id
    await _changed(tx, row, "seat")
    return await _view(tx, show, row, calling)


async def free(tx: Tx, show_id: UUID, kind: SeatKind, user_id: UUID, calling: Calling) -> Cast:
    """Take a seat away. Who holds the show goes on holding it until it is handed over."""
    require(tx, Can.RUN_SHOWS)
    show, row = await of_show(tx, show_id)
    gone = await tx.db.execute(
        delete(SeatRow)
        .where(SeatRow.show_id == show_id, SeatRow.kind == kind, SeatRow.user_id == user_id)
        .where(SeatRow.merchant_id == tx.merchant_id)
        .returning(SeatRow.user_id)
    )
    if gone.first() is None:
        raise SeatNotFound(kind=kind, user_id=user_id)
    await _changed(tx, row, "seat")
    return await _view(tx, show, row, calling)


async def hand_over(tx: Tx, show_id: UUID, command: HandShow, calling: Calling) -> Cast:
    """Let somebody else hold the show: pictures and name change together.

    With a `source` the engine takes the programme from there; its pictures must be coming
    already, so there is no gap. In a rehearsal the show's announced host stays as it is.
    Raises `NoHostSeat`, `SourceSilent`, `CastMoved`.
    """
    require(tx, Can.RUN_SHOWS)
    show, row = await of_show(tx, show_id)
    if command.seen is not None and command.seen != row.version:
        by = await accounts.staff_names(tx, [row.changed_by] if row.changed_by else [])
        name = next(iter(by.values()), None)
        raise CastMoved(by=name, what=row.changed_what, at=row.changed_at)
    seats = {each.user_id: each for each in await seats_of(tx, show_id) if each.kind in HOSTS}
    if command.to_user not in seats:
        raise NoHostSeat(user_id=command.to_user)
    was, seat = holder(show, row), seats[command.to_user]
    if command.source is not None:
        await broadcasts.switch(tx, show_id, command.source)
    if was != command.to_user:
        await _hold(tx, show, row, seat, seats.get(was) if was else None)
        event = HostChanged(
            show_id=show_id,
            user_id=command.to_user,
            host_name=seat.stage_name,
            was=show.host_name,
            source=command.source,
            rehearsal=show.status is ShowStatus.REHEARSAL,
        )
        await tx.emit(event)
    # Guests were connected to the old host's page; they offer themselves to the new one's.
    for guest in await guests_of(tx, show_id):
        if guest.offer or guest.answer:
            guest.round, guest.offer, guest.answer = guest.round + 1, None, None
    await _changed(tx, row, "host")
    return await _view(tx, await shows.get(tx, show_id), row, calling)


async def arrange(tx: Tx, show_id: UUID, layout: CastLayout, calling: Calling) -> Cast:
    """Arrange host and guests in the picture; the page that composes it follows."""
    require(tx, Can.RUN_SHOWS)
    show, row = await of_show(tx, show_id)
    row.layout = layout
    await _told(tx, row)
    return await _view(tx, show, row, calling)


async def forget_rehearsal(tx: Tx, show_id: UUID) -> None:
    """Let the announced host hold the show again: its rehearsal is over."""
    _, row = await of_show(tx, show_id)
    if row.rehearsal_host_id:
        row.rehearsal_host_id = None
        await _changed(tx, row, "host")


async def _hold(tx: Tx, show: Show, row: CastRow, seat: SeatRow, was: SeatRow | None) -> None:
    if show.status is ShowStatus.REHEARSAL:
        row.rehearsal_host_id = seat.user_id
        return
    if was:
        was.stage_name, was.avatar_url = show.host_name, show.host_avatar_url
    row.host_user_id = seat.user_id
    await tx.db.flush()
    await shows.set_host(tx, show.id, seat.stage_name, seat.avatar_url)


async def _changed(tx: Tx, row: CastRow, what: str) -> None:
    row.version += 1
    row.changed_by, row.changed_what, row.changed_at = tx.actor.user_id, what, tx.now
    await _told(tx, row)


async def _told(tx: Tx, row: CastRow) -> None:
    await tx.db.flush()
    await signals.tell(tx, row.show_id, "cast", to="staff", version=row.version)


async def _view(tx: Tx, show: Show, row: CastRow, calling: Calling) -> Cast:
    seats, presence = await seats_of(tx, show.id), await presence_of(tx, show.id)
    there = {user for user, each in presence.items() if is_present(each.seen_at, tx.now)}
    names = await accounts.staff_names(tx, {each.user_id for each in seats} | there)
    seated = {each.user_id for each in seats}
    seat = next((each for each in seats if each.user_id == row.rehearsal_host_id), None)
    rehearsed = seat if show.status is ShowStatus.REHEARSAL else None
    return Cast(
        show_id=show.id,
        version=row.version,
        host_user_id=holder(show, row),
        host_name=rehearsed.stage_name if rehearsed else show.host_name,
        layout=row.layout,
        seats=[
            ShowSeat(
                kind=each.kind,
                user_id=each.user_id,
                name=names[each.user_id],
                stage_name=each.stage_name,
                present=each.user_id in there,
                source=presence[each.user_id].source if each.user_id in there else None,
            )
            for each in seats
            if each.user_id in names
        ],
        others=[
            SeatPresent(user_id=each, name=names[each])
            for each in sorted(there - seated)
            if each in names
        ],
        guests=[guest_view(tx, each, calling.key) for each in await guests_of(tx, show.id)],
        ice_servers=calling.ice_servers,
    )
