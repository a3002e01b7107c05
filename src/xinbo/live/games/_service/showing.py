"""Show plays: the cards on the stage, and the list of what was played."""

from uuid import UUID

import msgspec
from sqlalchemy import or_, select

from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page
from xinbo.live import shows
from xinbo.live.games._models import RunRow
from xinbo.live.games._rules.kinds import SHOWN, RunState
from xinbo.live.games._service.rows import (
    by_of,
    play_of,
    prizes_of,
    reward_of,
    visible,
)
from xinbo.live.games._types import (
    GameAsked,
    GameCard,
    Guess,
    Lottery,
    Play,
    Poll,
    PrizeShown,
    Quiz,
    Rain,
    Winner,
)
from xinbo.live.shows import ShowStatus

MOST_ON_STAGE = 6


async def on_stage(tx: Tx, show_id: UUID) -> list[GameCard]:
    """List what phones show now: plays that run, and results for two minutes."""
    show = await shows.get(tx, show_id)
    rows = await tx.db.scalars(
        select(RunRow)
        .where(
            RunRow.merchant_id == tx.merchant_id,
            RunRow.show_id == show_id,
            RunRow.rehearsal.is_(show.status is ShowStatus.REHEARSAL),
            or_(RunRow.state != RunState.REVEALED, RunRow.revealed_at > tx.now - SHOWN),
        )
        .order_by(RunRow.id.desc())
        .limit(MOST_ON_STAGE)
        .execution_options(populate_existing=True)
    )
    return [card_of(row) for row in reversed(rows.all())]


async def runs(
    tx: Tx, show_id: UUID, cursor: str | None, limit: int, *, console: bool = False
) -> Page[GameCard]:
    """List the plays of a show, the last first: each of them stays public for ever."""
    if console:
        require(tx, Can.SEE_CONSOLE)
    await shows.get(tx, show_id)
    query = (
        select(RunRow)
        .where(RunRow.show_id == show_id, visible(tx.actor))
        .order_by(RunRow.id.desc())
        .limit(limit + 1)
        .execution_options(populate_existing=True)
    )
    if (last := after(cursor)) is not None:
        query = query.where(RunRow.id < last)
    rows = (await tx.db.scalars(query)).all()
    return page(rows, limit, card_of, lambda each: each.id)


def card_of(row: RunRow) -> GameCard:
    """Show a play as anybody may see it: seed and right answer only once the result is out."""
    play = play_of(row)
    revealed = row.state is RunState.REVEALED
    prizes = prizes_of(play)
    rain = play if isinstance(play, Rain) else None
    points, more_each = reward_of(play)
    return GameCard(
        id=row.id,
        game_id=row.game_id,
        kind=row.kind,
        title=row.title,
        state=row.state,
        play=row.play,
        rehearsal=row.rehearsal,
        started_at=row.started_at,
        closes_at=row.closes_at,
        reveal_at=row.reveal_at,
        revealed_at=row.revealed_at,
        by=by_of(play),
        keyword=play.keyword if isinstance(play, Lottery) else "",
        questions=asked(play),
        prizes=[
            PrizeShown(kind=each.kind, name=each.name, value=each.value, count=each.count)
            for each in prizes
        ],
        prize_count=sum(each.count for each in prizes),
        entries=row.entries,
        tally=row.tally,
        packets=rain.packets if rain else 0,
        packets_left=rain.packets - row.taken if rain else 0,
        per_person=rain.per_person if rain else 0,
        points=points,
        more_each=more_each,
        commitment=row.commitment,
        terms_hash=row.terms_hash,
        list_hash=row.list_hash,
        seed=row.seed.hex() if revealed else None,
        answer=row.answer if revealed else None,
        winners=msgspec.convert(row.winners, list[Winner]),
    )


def asked(play: Play) -> list[GameAsked]:
    """List the questions without what is right."""
    match play:
        case Quiz():
            return [GameAsked(text=each.text, options=each.options) for each in play.questions]
        case Poll():
            return [GameAsked(text=play.question, options=play.options)]
        case Guess():
            return [GameAsked(text=play.question, options=[])]
        case _:
            return []
