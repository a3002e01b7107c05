"""Catch packets while it rains: each once, never more than there are, so many a person."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text, update

from xinbo.commerce import members, promotions
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.ids import new_id
from xinbo.live.games._models import EntryRow, PacketRow, RunRow
from xinbo.live.games._rules import draw
from xinbo.live.games._rules.kinds import RunState
from xinbo.live.games._service.entering import (
    enter_rehearsed,
    entry_row,
    members_only,
    outsider,
)
from xinbo.live.games._service.rows import EntriesClosed, PacketLimit, play_of, run_row
from xinbo.live.games._types import Caught, CaughtPacket, Entrant, Rain

OFTEN = 240
"""Taps a minute and shopper."""
COUNT = text("""
    insert into game_entry as mine
           (id, merchant_id, run_id, shopper_id, name, salt, entry, nonce, answer, at, simulated,
            taken, earned)
    select cast(:id as uuid), r.merchant_id, r.id, cast(:shopper as uuid), '',
           cast(:salt as bytea), cast(:entry as text), '', '', cast(:now as timestamptz), false,
           1, 0
    from (select id, merchant_id from game_run
          where id = :run and merchant_id = :merchant and state = 'open' and closes_at > :now
          for key share) r
    on conflict (run_id, shopper_id) do update set taken = mine.taken + 1
        where mine.taken < :most
    returning mine.id, mine.taken
""")
"""Locks the shopper's own row: two thumbs of one person take turns, others do not wait."""
CATCH = text("""
    update game_packet p set entry_id = :entry, taken_at = :now, key = :key
    from (select number from game_packet
          where run_id = :run and merchant_id = :merchant and entry_id is null
          order by number limit 1
          for update skip locked) free
    where p.run_id = :run and p.number = free.number
    returning p.number, p.points
""")
"""One statement decides who gets the packet; those that others are catching are passed over."""


async def catch(tx: Tx, run_id: UUID, shopper_id: UUID, key: str) -> Caught:
    """Open the next packet; the same key again shows the same one.

    Null where none is left. Raises `EntriesClosed`, `PacketLimit`, `InsiderRefused`,
    `JoinClubFirst`.
    """
    await tx.limit(f"rain:{shopper_id}", OFTEN, timedelta(minutes=1))
    row = await run_row(tx, run_id)
    play = play_of(row)
    if not isinstance(play, Rain):
        raise EntriesClosed(run_id=run_id)
    mine = await entry_row(tx, run_id, shopper_id)
    if mine is None and not row.rehearsal:
        await outsider(tx, shopper_id)
        if play.points:
            await members_only(tx, shopper_id, play.points)
    elif mine is not None and (before := await _earlier(tx, mine, key)) is not None:
        return await _caught(tx, row, mine.taken, packet_view(before, None))
    if row.state is not RunState.OPEN or row.closes_at <= tx.now:
        raise EntriesClosed(run_id=run_id)
    return await _take(tx, row, play, shopper_id, key)


async def rehearse(tx: Tx, run_id: UUID, entrants: Sequence[Entrant]) -> int:
    """Let a rehearsal's audience take part; return how many are new. Real plays take nobody so.

    In a rain each of them catches one packet.
    """
    require(tx, Can.RUN_SHOWS)
    row = await run_row(tx, run_id)
    if not row.rehearsal:
        raise EntriesClosed(run_id=run_id)
    fresh = await enter_rehearsed(tx, row, entrants)
    play = play_of(row)
    if isinstance(play, Rain) and row.state is RunState.OPEN and row.closes_at > tx.now:
        for each in entrants:
            with suppress(PacketLimit):
                await _take(tx, row, play, each.id, str(new_id()))
    return fresh


async def _take(tx: Tx, row: RunRow, play: Rain, shopper_id: UUID, key: str) -> Caught:
    """Count one more for the shopper, and open the next packet."""
    entry_id, taken = await _count(tx, row, shopper_id, play.per_person)
    found = (
        await tx.db.execute(
            CATCH,
            {
                "entry": entry_id,
                "now": tx.now,
                "key": key,
                "run": row.id,
                "merchant": tx.merchant_id,
            },
        )
    ).one_or_none()
    if found is None:
        await tx.db.execute(
            update(EntryRow)
            .where(EntryRow.id == entry_id)
            .values(taken=EntryRow.taken - 1)
            .execution_options(synchronize_session=False)
        )
        return Caught(packet=None, left=0, mine=taken - 1)
    packet = CaughtPacket(number=found.number, points=found.points, coupon=None)
    if not row.rehearsal:
        packet = await _give(tx, row, play, shopper_id, packet)
    return await _caught(tx, row, taken, packet)


async def packets_of(tx: Tx, mine: EntryRow) -> list[CaughtPacket]:
    """List the packets that a shopper caught."""
    rows = await tx.db.scalars(
        select(PacketRow)
        .where(PacketRow.entry_id == mine.id, PacketRow.merchant_id == tx.merchant_id)
        .order_by(PacketRow.taken_at, PacketRow.number)
    )
    return [packet_view(each, None) for each in rows]


def packet_view(row: PacketRow, coupon: str | None) -> CaughtPacket:
    """Show a packet to who caught it."""
    return CaughtPacket(number=row.number, points=row.points, coupon=coupon)


async def _count(tx: Tx, row: RunRow, shopper_id: UUID, most: int) -> tuple[UUID, int]:
    salt = secrets.token_bytes(16)
    counted = (
        await tx.db.execute(
            COUNT,
            {
                "id": new_id(),
                "shopper": shopper_id,
                "salt": salt,
                "entry": draw.entry_of(salt, str(row.id), str(shopper_id)),
                "now": tx.now,
                "run": row.id,
                "merchant": tx.merchant_id,
                "most": most,
            },
        )
    ).one_or_none()
    if counted is not None:
        return counted.id, counted.taken
    if await entry_row(tx, row.id, shopper_id) is not None:
        raise PacketLimit(most=most)
    raise EntriesClosed(run_id=row.id)


async def _give(
    tx: Tx, row: RunRow, play: Rain, shopper_id: UUID, packet: CaughtPacket
) -> CaughtPacket:
    key = f"rain:{row.id}:{packet.number}"
    if play.template_id is not None:
        coupon = await promotions.give(tx, shopper_id, play.template_id, key)
        return CaughtPacket(number=packet.number, points=0, coupon=coupon.name)
    await members.earn(tx, shopper_id, packet.points, key, str(row.id), ref_id=row.id)
    return packet


async def _caught(tx: Tx, row: RunRow, taken: int, packet: CaughtPacket) -> Caught:
    left = await tx.db.scalar(
        select(func.count())
        .select_from(PacketRow)
        .where(PacketRow.run_id == row.id, PacketRow.entry_id.is_(None))
    )
    return Caught(packet=packet, left=left or 0, mine=taken)


async def _earlier(tx: Tx, mine: EntryRow, key: str) -> PacketRow | None:
    return await tx.db.scalar(
        select(PacketRow).where(PacketRow.entry_id == mine.id, PacketRow.key == key)
    )
