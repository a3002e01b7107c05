"""Start a game, close its list, reveal its result: each once, however many ask."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict
from xinbo.live.games._models import EntryRow, PacketRow, RunRow
from xinbo.live.games._rules import draw
from xinbo.live.games._rules.draw import Line
from xinbo.live.games._rules.kinds import DRAWN, GRACE, PAUSE, EntryBy, GameKind, RunState
from xinbo.live.games._service import prizes
from xinbo.live.games._service.rows import (
    by_of,
    game_row,
    play_of,
    prizes_of,
    run_row,
    touch,
)
from xinbo.live.games._service.showing import card_of
from xinbo.live.games._service.telling import changed, counted
from xinbo.live.games._types import (
    GameCard,
    GameClosed,
    GameRevealed,
    Rain,
)


class ListTampered(Conflict):
    """Raised when the list is not the one that was published: then nothing is drawn from it."""


async def close(tx: Tx, run_id: UUID) -> GameCard:
    """Let nobody in any more and publish the list; its result follows. Harmless to repeat.

    Where one enters by a comment, those on their way are waited for (`GRACE`): the sweep closes.
    Where something is drawn, the seed comes three seconds later (`sweep`): phones have the list's
    hash by then. Where nothing is drawn, the result is out at once.
    """
    require(tx, Can.RUN_SHOWS)
    if tx.now < (await run_row(tx, run_id)).closes_at:
        # Who comes from now on is too late: else the lock below might wait behind newcomers.
        async with tx.aside() as apart:
            await apart.db.execute(
                update(RunRow)
                .where(
                    RunRow.id == run_id,
                    RunRow.merchant_id == tx.merchant_id,
                    RunRow.state == RunState.OPEN,
                    RunRow.closes_at > tx.now,
                )
                .values(closes_at=tx.now)
            )
    row = await run_row(tx, run_id, for_update=True)  # waits for those who are entering
    if row.state is not RunState.OPEN:
        return card_of(row)
    row.closes_at = min(row.closes_at, tx.now)
    if by_of(play_of(row)) is EntryBy.COMMENT and tx.now < row.closes_at + GRACE:
        await tx.db.flush()
        await changed(tx, row)
        return card_of(row)  # comments said in time are on their way; the sweep closes it
    lines = await lines_of(tx, row)
    row.state = RunState.CLOSED
    row.closed_at = tx.now
    row.list_hash = hashed = draw.list_hash(str(row.id), lines)
    await _count(tx, row)
    if tx.actor.user_id is not None:
        game = await game_row(tx, row.game_id)
        touch(tx, game, "closed")
    await tx.db.flush()
    await tx.emit(
        GameClosed(
            show_id=row.show_id,
            run_id=row.id,
            title=row.title,
            entries=len(lines),
            list_hash=hashed,
            rehearsal=row.rehearsal,
        )
    )
    if row.kind in DRAWN and prizes_of(play_of(row)):
        row.reveal_at = tx.now + PAUSE
        await changed(tx, row)
        return card_of(row)
    row.reveal_at = tx.now
    return await _reveal(tx, row, lines)


async def reveal(tx: Tx, run_id: UUID) -> GameCard:
    """Publish the seed and who won, and give the prizes. Harmless before its time and after.

    Raises `ListTampered` where the entries are not those whose hash was published.
    """
    require(tx, Can.RUN_SHOWS)
    row = await run_row(tx, run_id, for_update=True)
    if row.state is not RunState.CLOSED or row.reveal_at is None or row.reveal_at > tx.now:
        return card_of(row)
    return await _reveal(tx, row, await lines_of(tx, row))


async def lines_of(tx: Tx, row: RunRow) -> list[Line]:
    """Read the public list of a play, in its order."""
    found = await tx.db.execute(
        select(EntryRow.entry, EntryRow.nonce, EntryRow.answer).where(
            EntryRow.run_id == row.id, EntryRow.merchant_id == tx.merchant_id
        )
    )
    return draw.listed([Line(*each) for each in found])


async def due(tx: Tx, limit: int) -> list[tuple[UUID, UUID]]:
    """List (merchant, run) of plays that are not over, of every merchant, for the sweep."""
    found = await tx.db.execute(
        select(RunRow.merchant_id, RunRow.id)
        .where(RunRow.state != RunState.REVEALED)
        .order_by(RunRow.closes_at)
        .limit(limit)
    )
    return [(merchant_id, run_id) for merchant_id, run_id in found]


async def turn(tx: Tx, run_id: UUID) -> bool:
    """Do what is due to one play: close it, reveal it, or count who is in; say if it changed."""
    row = await run_row(tx, run_id)
    if row.state is RunState.CLOSED:
        await reveal(tx, run_id)
        return row.reveal_at is not None and row.reveal_at <= tx.now
    if row.state is RunState.OPEN:
        play = play_of(row)
        emptied = isinstance(play, Rain) and await _taken(tx, row) >= play.packets
        late = GRACE if by_of(play) is EntryBy.COMMENT else timedelta()
        if row.closes_at + late <= tx.now or emptied:
            await close(tx, run_id)
            return True
        if await _count(tx, row):
            await counted(tx, row)
            return True
    return False


async def end_all(tx: Tx, show_id: UUID) -> None:
    """Close what still runs in a show that is over."""
    found = await tx.db.scalars(
        select(RunRow.id)
        .where(
            RunRow.merchant_id == tx.merchant_id,
            RunRow.show_id == show_id,
            RunRow.state == RunState.OPEN,
        )
        .order_by(RunRow.id)
    )
    for run_id in found.all():
        await close(tx, run_id)


async def _reveal(tx: Tx, row: RunRow, lines: list[Line]) -> GameCard:
    if row.list_hash is None or draw.list_hash(str(row.id), lines) != row.list_hash:
        raise ListTampered(run_id=row.id, published=row.list_hash)
    play = play_of(row)
    prized = prizes_of(play)
    places = draw.winners(
        row.kind,
        row.answer,
        lines,
        sum(prize.count for prize in prized),
        row.seed,
        row.list_hash,
    )
    row.state = RunState.REVEALED
    row.revealed_at = tx.now
    row.winners = list(await prizes.award(tx, row, [lines[place].entry for place in places]))
    await tx.db.flush()
    await tx.emit(
        GameRevealed(
            show_id=row.show_id,
            run_id=row.id,
            kind=row.kind,
            title=row.title,
            entries=len(lines),
            winners=len(places),
            seed=row.seed.hex(),
            rehearsal=row.rehearsal,
        )
    )
    await changed(tx, row)
    return card_of(row)


async def _count(tx: Tx, row: RunRow) -> bool:
    """Count who is in, what was voted, what was caught; say whether any of it changed."""
    before = (row.entries, row.taken, row.tally)
    row.entries = (
        await tx.db.scalar(
            select(func.count()).select_from(EntryRow).where(EntryRow.run_id == row.id)
        )
        or 0
    )
    if row.kind is GameKind.RAIN:
        row.taken = await _taken(tx, row)
    if row.kind is GameKind.POLL:
        votes = await tx.db.execute(
            select(EntryRow.answer, func.count())
            .where(EntryRow.run_id == row.id)
            .group_by(EntryRow.answer)
        )
        counted = Counter({answer: int(count) for answer, count in votes})
        row.tally = [counted[str(option)] for option in range(len(row.tally))]
    await tx.db.flush()
    return before != (row.entries, row.taken, row.tally)


async def _taken(tx: Tx, row: RunRow) -> int:
    found = await tx.db.scalar(
        select(func.count())
        .select_from(PacketRow)
        .where(PacketRow.run_id == row.id, PacketRow.entry_id.is_not(None))
    )
    return found or 0
