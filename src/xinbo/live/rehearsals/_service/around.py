"""Where a rehearsal meets the games of its show."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import update

from xinbo.engines.tx import Tx
from xinbo.live import games
from xinbo.live.games import Entrant, GameCard, GameKind, RunState
from xinbo.live.rehearsals._models import RehearsalRow

WAVES = 8
"""Looks over which an audience enters a game: four seconds."""

TAKE_PART = 0.6
"""The part of the audience that enters a game."""


async def open_games(tx: Tx, show_id: UUID) -> list[GameCard]:
    """List the plays of the rehearsal that can be entered."""
    return [
        card
        for card in await games.on_stage(tx, show_id)
        if card.rehearsal and card.state is RunState.OPEN
    ]


async def close_games(tx: Tx, show_id: UUID) -> int:
    """Close the games that still run; return how many are not over yet."""
    cards = [card for card in await games.on_stage(tx, show_id) if card.rehearsal]
    for card in cards:
        if card.state is RunState.OPEN:
            await games.close(tx, card.id)
    return sum(card.state is not RunState.REVEALED for card in cards)


def batch(present: Sequence[int], wave: int) -> list[int]:
    """List who enters in a wave: each viewer in one of them, and some in none."""
    if wave >= WAVES:
        return []
    return [
        number
        for number in present
        if number * 7919 % 1000 < TAKE_PART * 1000 and number % WAVES == wave
    ]


def entrants(
    card: GameCard,
    numbers: Sequence[int],
    viewer_id: Callable[[int], UUID],
    name_of: Callable[[int], str],
) -> list[Entrant]:
    """Make entries of viewers, with the answers that they give."""
    return [
        Entrant(id=viewer_id(each), name=name_of(each), answer=_answer(card, each))
        for each in numbers
    ]


def _answer(card: GameCard, viewer: int) -> str:
    """Answer as a crowd does: all over the place, and the same viewer the same."""
    match card.kind:
        case GameKind.POLL | GameKind.QUIZ:
            return ",".join(
                str((viewer * 31 + place * 17) % len(asked.options))
                for place, asked in enumerate(card.questions)
            )
        case GameKind.GUESS:
            return str(1_000 + viewer * 7919 % 400 * 100)
        case _:
            return ""


async def enter(tx: Tx, rehearsal_id: UUID, card: GameCard, who: Sequence[Entrant]) -> None:
    """Let viewers into a play, and count them."""
    if not who:
        return
    fresh = await games.enter_many(tx, card.id, list(who))
    await tx.db.execute(
        update(RehearsalRow)
        .where(RehearsalRow.id == rehearsal_id, RehearsalRow.merchant_id == tx.merchant_id)
        .values(entries=RehearsalRow.entries + fresh)
    )
