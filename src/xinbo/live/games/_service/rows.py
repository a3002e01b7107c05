"""Find and lock what games are made of, and say why not."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, false, select

from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, allowed
from xinbo.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from xinbo.live.games._models import GameRow, RunRow
from xinbo.live.games._rules.kinds import EntryBy
from xinbo.live.games._types import (
    CheckIn,
    Game,
    Guess,
    Lottery,
    Play,
    Poll,
    Prize,
    Quiz,
    Rain,
)


class GameNotFound(NotFound):
    """Raised when there is no such game, or the actor may not see it: the two look alike."""


class GameRunNotFound(NotFound):
    """Raised when there is no such play of a game, or the actor may not see it."""


class GameMoved(Conflict):
    """Raised when somebody else did something to the game meanwhile (`by`, `what`, `at`)."""


class GameRunning(Conflict):
    """Raised when a game that is being played is to be changed, or started again."""


class RoomNotOpen(Conflict):
    """Raised when a game is to start in a show that is neither on air nor rehearsed."""


class EntriesClosed(Conflict):
    """Raised when it is too late to take part."""


class CommentFirst(Conflict):
    """Raised when one enters by saying something in the room (`keyword`)."""


class FollowFirst(Conflict):
    """Raised when only who follows the shop may take part."""


class BuyFirst(Conflict):
    """Raised when only who paid for an order in the show may take part."""


class JoinClubFirst(Conflict):
    """Raised when points are given and the shopper has no account of points to put them in."""


class InsiderRefused(NotAllowed):
    """Raised when somebody who works for the merchant would take part."""


class AnswerRefused(Invalid):
    """Raised when an answer is not one of those that can be given."""


class PacketLimit(Conflict):
    """Raised when a shopper has caught as many packets as one may (`most`)."""


def play_of(row: GameRow | RunRow) -> Play:
    """Read the terms that a row keeps."""
    return msgspec.convert(row.rule if isinstance(row, RunRow) else row.play, type=Play)


def prizes_of(play: Play) -> Sequence[Prize]:
    """List the prizes of the draw; empty where nothing is drawn."""
    return play.prizes if isinstance(play, Lottery | Poll | Quiz | Guess) else []


def by_of(play: Play) -> EntryBy:
    """Say how one gets in."""
    return play.by if isinstance(play, Lottery) else EntryBy.FREE


def answer_of(play: Play) -> str:
    """Return the answer that is sealed: the right options, the price; empty where none is."""
    match play:
        case Quiz():
            return ",".join(str(question.right) for question in play.questions)
        case Guess():
            return str(play.price)
        case _:
            return ""


def options_of(play: Play) -> list[int]:
    """Count the options of each question."""
    match play:
        case Quiz():
            return [len(question.options) for question in play.questions]
        case Poll():
            return [len(play.options)]
        case _:
            return []


def reward_of(play: Play) -> tuple[int, int]:
    """Return the points that a play holds or a check-in brings, and what each day adds."""
    match play:
        case Rain():
            return play.points, 0
        case CheckIn():
            return play.points, play.more_each
        case _:
            return 0, 0


def game_view(row: GameRow, running_id: UUID | None) -> Game:
    """Show a game to its staff."""
    return Game(
        id=row.id,
        show_id=row.show_id,
        title=row.title,
        kind=row.kind,
        seconds=row.seconds,
        play=play_of(row),
        version=row.version,
        plays=row.plays,
        running_id=running_id,
    )


async def game_row(tx: Tx, game_id: UUID) -> GameRow:
    """Lock a game. Raises `GameNotFound`."""
    found = await tx.db.scalar(
        select(GameRow)
        .where(GameRow.id == game_id, _plans(tx.actor), GameRow.removed_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise GameNotFound(game_id=game_id)
    return found


async def run_row(tx: Tx, run_id: UUID, *, for_update: bool = False) -> RunRow:
    """Fetch a play if the actor may see it. Raises `GameRunNotFound`."""
    query = select(RunRow).where(RunRow.id == run_id, visible(tx.actor))
    if for_update:
        query = query.with_for_update()
    found = await tx.db.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise GameRunNotFound(run_id=run_id)
    return found


async def unmoved(tx: Tx, row: GameRow, seen: int | None) -> None:
    """Refuse with `GameMoved` where somebody did something after `seen`."""
    if seen is None or seen == row.version:
        return
    by = await accounts.staff_names(tx, [row.touched_by]) if row.touched_by else {}
    facts: dict[str, Any] = {"what": row.touched_what, "at": row.touched_at}
    raise GameMoved(
        version=row.version, by=by.get(row.touched_by) if row.touched_by else None, **facts
    )


def touch(tx: Tx, row: GameRow, what: str) -> None:
    """Note who did what to the game last, and count it."""
    row.version += 1
    row.touched_by, row.touched_what, row.touched_at = tx.actor.user_id, what, tx.now


def visible(actor: Actor) -> ColumnElement[bool]:
    """Show everybody the real plays, the staff the rehearsed ones too."""
    of_the_merchant = RunRow.merchant_id == actor.merchant_id
    if actor.role in (Role.GUEST, Role.SHOPPER):
        return and_(of_the_merchant, RunRow.rehearsal.is_(False))
    return of_the_merchant if Can.SEE_CONSOLE in allowed(actor.role) else false()


def _plans(actor: Actor) -> ColumnElement[bool]:
    of_the_merchant = GameRow.merchant_id == actor.merchant_id
    return of_the_merchant if Can.SEE_CONSOLE in allowed(actor.role) else false()
