"""Plan the games of a show."""

from uuid import UUID

import msgspec
from sqlalchemy import select

from xinbo.commerce import promotions
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Invalid
from xinbo.kit.ids import new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page
from xinbo.live import shows
from xinbo.live.games._models import GameRow, RunRow
from xinbo.live.games._rules.kinds import GameKind, RunState
from xinbo.live.games._service.rows import (
    GameMoved,
    GameRunning,
    game_row,
    game_view,
    prizes_of,
    touch,
    unmoved,
)
from xinbo.live.games._types import Game, Play, PutGame, Rain

MOST_PRIZES = 1_000
"""Prizes of one draw: they are given in one transaction."""


class GameRefused(Invalid):
    """Raised when a game cannot be played as written (`why`: coupon, prizes)."""


async def add(tx: Tx, show_id: UUID, command: PutGame) -> Game:
    """Plan a game for a show."""
    require(tx, Can.PLAN_SHOWS)
    await shows.console_get(tx, show_id)
    await _check(tx, command.play)
    row = GameRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        show_id=show_id,
        version=0,
        plays=0,
        **_fields(command),
    )
    touch(tx, row, "planned")
    tx.db.add(row)
    await tx.db.flush()
    return game_view(row, None)


async def put(tx: Tx, game_id: UUID, command: PutGame) -> Game:
    """Change a game that is not being played. Raises `GameMoved` and `GameRunning`."""
    require(tx, Can.PLAN_SHOWS)
    row = await game_row(tx, game_id)
    if command.version is None:
        raise GameMoved(version=row.version)
    await unmoved(tx, row, command.version)
    await _not_running(tx, game_id)
    await _check(tx, command.play)
    for name, value in _fields(command).items():
        setattr(row, name, value)
    touch(tx, row, "changed")
    await tx.db.flush()
    return game_view(row, None)


async def remove(tx: Tx, game_id: UUID) -> None:
    """Take a game off the plan. What was played stays on record."""
    require(tx, Can.PLAN_SHOWS)
    row = await game_row(tx, game_id)
    await _not_running(tx, game_id)
    row.removed_at = tx.now
    await tx.db.flush()


async def page_of(tx: Tx, show_id: UUID, cursor: str | None, limit: int) -> Page[Game]:
    """List the games of a show, in the order they were planned."""
    require(tx, Can.SEE_CONSOLE)
    await shows.console_get(tx, show_id)
    query = (
        select(GameRow)
        .where(
            GameRow.merchant_id == tx.merchant_id,
            GameRow.show_id == show_id,
            GameRow.removed_at.is_(None),
        )
        .order_by(GameRow.id)
        .limit(limit + 1)
        .execution_options(populate_existing=True)
    )
    if (last := after(cursor)) is not None:
        query = query.where(GameRow.id > last)
    rows = (await tx.db.scalars(query)).all()
    running = await _running(tx, [each.id for each in rows])
    return page(
        rows, limit, lambda each: game_view(each, running.get(each.id)), lambda each: each.id
    )


async def get(tx: Tx, game_id: UUID) -> Game:
    """Show one game to the staff."""
    require(tx, Can.SEE_CONSOLE)
    row = await game_row(tx, game_id)
    return game_view(row, (await _running(tx, [game_id])).get(game_id))


async def _check(tx: Tx, play: Play) -> None:
    """Refuse more prizes than can be given at once, and coupons that the merchant has not."""
    prizes = prizes_of(play)
    if sum(prize.count for prize in prizes) > MOST_PRIZES:
        raise GameRefused(why="prizes", most=MOST_PRIZES)
    wanted = {prize.template_id for prize in prizes if prize.template_id}
    if isinstance(play, Rain) and play.template_id:
        wanted.add(play.template_id)
    for template_id in sorted(wanted):
        promotion = await promotions.get(tx, template_id)
        if promotion.kind is not promotions.PromotionKind.COUPON:
            raise GameRefused(why="coupon", template_id=template_id)


async def _not_running(tx: Tx, game_id: UUID) -> None:
    if await _running(tx, [game_id]):
        raise GameRunning(game_id=game_id)


async def _running(tx: Tx, game_ids: list[UUID]) -> dict[UUID, UUID]:
    found = await tx.db.execute(
        select(RunRow.game_id, RunRow.id).where(
            RunRow.merchant_id == tx.merchant_id,
            RunRow.game_id.in_(game_ids),
            RunRow.state != RunState.REVEALED,
        )
    )
    return {each.game_id: each.id for each in found}


def _fields(command: PutGame) -> dict[str, object]:
    play = msgspec.to_builtins(command.play)
    return {
        "title": command.title.strip(),
        "kind": GameKind(play["kind"]),
        "seconds": command.seconds,
        "play": play,
    }
