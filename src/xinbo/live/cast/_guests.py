"""Guests: a link each, the way in and out, and the two messages that connect their camera.

The pictures go straight from the guest's browser to the host's page; here pass only an offer and
an answer, kept as state, so that a page that missed a moment reads them at its next look.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from xinbo.engines.tx import Tx, system
from xinbo.identity import merchants
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import new_id
from xinbo.live import shows, signals
from xinbo.live.cast._models import GuestRow
from xinbo.live.cast._rows import guest_of, of_show
from xinbo.live.cast._rules import is_present, moved, read_guest, sign_guest
from xinbo.live.cast._types import (
    GuestAnswer,
    GuestCame,
    GuestMove,
    GuestOffer,
    GuestSeat,
    GuestState,
    GuestWent,
    InviteGuest,
    ShowGuest,
)
from xinbo.live.shows import ShowStatus

MOST_GUESTS = 20
"""Links of one show that are not dead."""

OVER = frozenset({ShowStatus.ENDED, ShowStatus.REPLAY})


class GuestLinkRefused(NotFound):
    """Raised when a guest's link is forged, too old, or was taken back; or the show is over."""


class TooManyGuests(Conflict):
    """Raised when a show has as many open links as it may have. Says the `limit`."""


class GuestMoveRefused(Conflict):
    """Raised when a guest cannot make this move from where they are. Says their `status`."""


class RoundOver(Conflict):
    """Raised when an offer or an answer belongs to a try that was given up. Says `round`."""


async def invite(tx: Tx, show_id: UUID, command: InviteGuest, key: bytes) -> ShowGuest:
    """Make a link that lets a guest ask to join."""
    require(tx, Can.RUN_SHOWS)
    await of_show(tx, show_id)
    alive = await tx.db.scalar(
        select(func.count())
        .select_from(GuestRow)
        .where(GuestRow.show_id == show_id, GuestRow.state != GuestState.REMOVED)
        .where(GuestRow.expires_at > tx.now)
    )
    if (alive or 0) >= MOST_GUESTS:
        raise TooManyGuests(limit=MOST_GUESTS)
    row = GuestRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        show_id=show_id,
        name=command.name.strip(),
        state=GuestState.INVITED,
        # Whole seconds: the link carries no more.
        expires_at=(tx.now + timedelta(hours=command.hours)).replace(microsecond=0),
        round=1,
    )
    tx.db.add(row)
    await _told(tx, row)
    return guest_view(tx, row, key)


async def move(tx: Tx, show_id: UUID, guest_id: UUID, step: GuestMove, key: bytes) -> ShowGuest:
    """Let a guest in, note that they are seen, connect anew, or remove them."""
    require(tx, Can.RUN_SHOWS)
    row = await guest_of(tx, show_id, guest_id)
    if step == "admit" and row.expires_at <= tx.now:
        raise GuestMoveRefused(status="expired")
    await _step(tx, row, step)
    return guest_view(tx, row, key)


async def answer(
    tx: Tx, show_id: UUID, guest_id: UUID, command: GuestAnswer, key: bytes
) -> ShowGuest:
    """Answer a guest's offer; the first page that does has them."""
    require(tx, Can.RUN_SHOWS)
    row = await guest_of(tx, show_id, guest_id)
    if row.state is not GuestState.ADMITTED:
        raise GuestMoveRefused(status=row.state)
    if command.round != row.round or row.offer is None or row.answer is not None:
        raise RoundOver(round=row.round)
    row.answer = command.sdp
    await _told(tx, row)
    return guest_view(tx, row, key)


async def look(tx: Tx, token: str, key: bytes, ice_servers: list[str]) -> GuestSeat:
    """Show a guest where they stand. Raises `GuestLinkRefused`."""
    own, row = await _opened(tx, token, key)
    return await _seat(own, row, ice_servers)


async def guest_here(tx: Tx, token: str, key: bytes, ice_servers: list[str]) -> GuestSeat:
    """Take the guest page's sign of life, and show where the guest stands."""
    own, row = await _opened(tx, token, key)
    was_there, row.seen_at = is_present(row.seen_at, tx.now), tx.now
    if not was_there:
        await _told(own, row)
    return await _seat(own, row, ice_servers)


async def ask(tx: Tx, token: str, key: bytes, ice_servers: list[str]) -> GuestSeat:
    """Ask to be let in."""
    own, row = await _opened(tx, token, key)
    row.seen_at = tx.now
    await _step(own, row, "ask")
    return await _seat(own, row, ice_servers)


async def offer(
    tx: Tx, token: str, command: GuestOffer, key: bytes, ice_servers: list[str]
) -> GuestSeat:
    """Offer the camera to the host's page; only who was admitted may."""
    own, row = await _opened(tx, token, key)
    if row.state not in {GuestState.ADMITTED, GuestState.ON_AIR}:
        raise GuestMoveRefused(status=row.state)
    if command.round != row.round:
        raise RoundOver(round=row.round)
    if row.offer != command.sdp:
        if row.offer is not None:
            # The page was opened again: what the host's page has of the old one is dead.
            row.round += 1
        row.state, row.offer, row.answer = GuestState.ADMITTED, command.sdp, None
        row.seen_at = tx.now
        await _told(own, row)
    return await _seat(own, row, ice_servers)


async def leave(tx: Tx, token: str, key: bytes, ice_servers: list[str]) -> GuestSeat:
    """Go; the link lets the guest ask again."""
    own, row = await _opened(tx, token, key)
    await _step(own, row, "leave")
    return await _seat(own, row, ice_servers)


def guest_view(tx: Tx, row: GuestRow, key: bytes) -> ShowGuest:
    """Show a guest to the staff."""
    return ShowGuest(
        id=row.id,
        name=row.name,
        state=row.state,
        present=is_present(row.seen_at, tx.now),
        token=sign_guest(key, row.id, row.expires_at),
        expires_at=row.expires_at,
        round=row.round,
        offer=row.offer,
        answered=row.answer is not None,
    )


async def _opened(tx: Tx, token: str, key: bytes) -> tuple[Tx, GuestRow]:
    """Find whose link it is, lock it, and go on as the system of its merchant."""
    guest_id = read_guest(key, token, tx.now)
    query = select(GuestRow).where(GuestRow.id == guest_id).with_for_update()
    row = await tx.db.scalar(query.execution_options(populate_existing=True)) if guest_id else None
    if row is None or row.state is GuestState.REMOVED:
        raise GuestLinkRefused
    own = tx.acting(system(row.merchant_id))
    if (await shows.get(own, row.show_id)).status in OVER:
        raise GuestLinkRefused
    return own, row


async def _step(tx: Tx, row: GuestRow, step: str) -> None:
    """Make one move, tell who looks on, and put the facts of the show on record."""
    state = moved(row.state, step)
    if state is None:
        raise GuestMoveRefused(status=row.state)
    was, row.state = row.state, GuestState(state)
    if step in {"again", "leave", "remove", "ask"}:
        row.round, row.offer, row.answer = row.round + 1, None, None
    rehearsal = (await shows.get(tx, row.show_id)).status is ShowStatus.REHEARSAL
    if was is not GuestState.ON_AIR and row.state is GuestState.ON_AIR:
        event = GuestCame(show_id=row.show_id, guest_id=row.id, rehearsal=rehearsal)
        await tx.emit(event)
    if was is GuestState.ON_AIR and row.state in {GuestState.LEFT, GuestState.REMOVED}:
        removed = row.state is GuestState.REMOVED
        gone = GuestWent(show_id=row.show_id, guest_id=row.id, removed=removed, rehearsal=rehearsal)
        await tx.emit(gone)
    await _told(tx, row)


async def _told(tx: Tx, row: GuestRow) -> None:
    await tx.db.flush()
    await signals.tell(tx, row.show_id, "cast", to="staff", guest=str(row.id), status=row.state)


async def _seat(tx: Tx, row: GuestRow, ice_servers: list[str]) -> GuestSeat:
    show = await shows.get(tx, row.show_id)
    await tx.db.flush()
    return GuestSeat(
        show_title=show.title,
        host_name=show.host_name,
        merchant_name=(await merchants.current(tx)).name,
        name=row.name,
        state=row.state,
        round=row.round,
        answer=row.answer,
        expires_at=row.expires_at,
        ice_servers=ice_servers,
    )
