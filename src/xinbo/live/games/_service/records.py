"""The public record of a play, and where a reader stands in it."""

from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import select

from xinbo.engines.tx import Role, Tx
from xinbo.live.games._models import EntryRow, PacketRow, RunRow
from xinbo.live.games._rules import draw
from xinbo.live.games._rules.kinds import GameKind, RunState
from xinbo.live.games._rules.verify import DrawRecord
from xinbo.live.games._service import prizes, visits
from xinbo.live.games._service.catching import packets_of
from xinbo.live.games._service.entering import entry_row, receipt_of
from xinbo.live.games._service.rows import play_of, prizes_of, run_row
from xinbo.live.games._service.running import lines_of
from xinbo.live.games._service.showing import card_of
from xinbo.live.games._types import GameSeen, MyPlay

OFTEN = 60
"""Records a minute and address: they can be long."""


async def record(tx: Tx, run_id: UUID) -> DrawRecord:
    """Publish a play: its terms and commitment at once, its list once closed, its seed at last."""
    await tx.limit(f"draw:{tx.actor.address}", OFTEN, timedelta(minutes=1))
    row = await run_row(tx, run_id)
    closed, revealed = row.state is not RunState.OPEN, row.state is RunState.REVEALED
    lines = await lines_of(tx, row) if closed else []
    rain = row.kind is GameKind.RAIN
    return DrawRecord(
        version=draw.VERSION,
        run_id=str(row.id),
        terms=row.terms,
        terms_hash=row.terms_hash,
        commitment=row.commitment,
        state=row.state,
        list_hash=row.list_hash,
        entries=[" ".join(line) for line in lines],
        seed=row.seed.hex() if revealed else None,
        answer=row.answer if revealed else None,
        winners=_winners(row, lines) if revealed else [],
        packets=await _packets(tx, row) if revealed and rain else [],
        caught=await _caught(tx, row) if revealed and rain else [],
    )


async def seen(tx: Tx, run_id: UUID) -> GameSeen:
    """Show a play with its rules, and where the reader stands in it."""
    row = await run_row(tx, run_id)
    rules: dict[str, list[str]] = msgspec.json.decode(row.terms)["rules"]
    reader = tx.actor.user_id if tx.actor.role is Role.SHOPPER else None
    return GameSeen(
        card=card_of(row),
        rules=rules,
        mine=None if reader is None else await _mine(tx, row, reader),
        now=tx.now,
    )


async def _mine(tx: Tx, row: RunRow, shopper_id: UUID) -> MyPlay:
    entry = await entry_row(tx, row.id, shopper_id)
    check_in = row.kind is GameKind.CHECK_IN
    return MyPlay(
        receipt=None if entry is None else receipt_of(row, entry),
        packets=[] if entry is None else await packets_of(tx, entry),
        won=await prizes.won_in(tx, row.id, shopper_id),
        streak=await visits.streak_of(tx, shopper_id) if check_in else 0,
        earned=0 if entry is None else entry.earned,
    )


def _winners(row: RunRow, lines: list[draw.Line]) -> list[str]:
    """Name all winners by their entries: the stage has the first of them only."""
    places = draw.winners(
        row.kind,
        row.answer,
        lines,
        sum(prize.count for prize in prizes_of(play_of(row))),
        row.seed,
        row.list_hash or "",
    )
    return [lines[place].entry for place in places]


async def _packets(tx: Tx, row: RunRow) -> list[int]:
    found = await tx.db.scalars(
        select(PacketRow.points)
        .where(PacketRow.run_id == row.id, PacketRow.merchant_id == tx.merchant_id)
        .order_by(PacketRow.number)
    )
    return list(found)


async def _caught(tx: Tx, row: RunRow) -> list[str]:
    found = await tx.db.execute(
        select(PacketRow.number, EntryRow.entry)
        .join(EntryRow, EntryRow.id == PacketRow.entry_id)
        .where(PacketRow.run_id == row.id, PacketRow.merchant_id == tx.merchant_id)
        .order_by(PacketRow.number)
    )
    return [f"{number} {entry}" for number, entry in found]
