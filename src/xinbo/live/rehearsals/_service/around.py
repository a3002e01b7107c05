"""Where a rehearsal meets the games and the questions of its show."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from xinbo.engines.tx import Tx
from xinbo.live import games, questions
from xinbo.live.games import Entrant, GameCard, GameKind, RunState
from xinbo.live.questions import QuestionKind, QuestionStatus
from xinbo.live.rehearsals._models import RehearsalRow

WAVES = 8
"""Looks over which an audience enters a game: four seconds."""

TAKE_PART = 0.6
"""The part of the audience that enters a game."""

ANSWERED = frozenset({QuestionStatus.ANSWERED, QuestionStatus.TEXT, QuestionStatus.SERVICE})
NO_QUESTION = frozenset({QuestionStatus.DISMISSED, QuestionStatus.MERGED})

A_PAGE, PAGES = 100, 5
"""Questions of a rehearsal that are counted: the last 500."""


async def questions_of(tx: Tx, show_id: UUID, since: datetime) -> tuple[int, int]:
    """Count what was asked since a rehearsal began, and what of it was answered."""
    asked = answered = 0
    cursor: str | None = None
    for _ in range(PAGES):
        page = await questions.console_page(tx, show_id, None, cursor, A_PAGE)
        for each in page.items:
            if not each.rehearsal or each.first_at < since:
                continue
            if each.kind is QuestionKind.QUESTION and each.status not in NO_QUESTION:
                asked += 1
                answered += each.status in ANSWERED
        cursor = page.next
        if cursor is None:
            break
    return asked, answered


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
