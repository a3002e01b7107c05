"""What entrants answer: read, refuse what no page would send, compare."""

from collections.abc import Sequence
from datetime import date, datetime

from xinbo.live.games._rules.kinds import GameKind
from xinbo.live.games._rules.terms import CHINA

DEAREST_GUESS = 10_000_000_000


def fits(kind: GameKind, answer: str, options: Sequence[int]) -> bool:
    """Say whether an answer can be meant. `options` counts those of each question."""
    match kind:
        case GameKind.POLL | GameKind.QUIZ:
            parts = answer.split(",")
            return len(parts) == len(options) and all(
                part.isdecimal() and str(int(part)) == part and int(part) < most
                for part, most in zip(parts, options, strict=True)
            )
        case GameKind.GUESS:
            return (
                answer.isdecimal() and str(int(answer)) == answer and int(answer) <= DEAREST_GUESS
            )
        case _:
            return not answer


def holds(text: str, keyword: str) -> bool:
    """Say whether a comment holds the keyword, however it is spaced or capitalised."""
    return _plain(keyword) in _plain(text)


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def streak(last: date | None, before: int, today: date) -> int:
    """Count the days in a row, today among them; the same day again changes nothing."""
    if last is None:
        return 1
    days = (today - last).days
    return before if days == 0 else before + 1 if days == 1 else 1


def bounty(points: int, more_each: int, most: int, days: int) -> int:
    """Say what a check-in brings on the nth day of a streak."""
    return min(points + more_each * (days - 1), most)


def day_of(moment: datetime) -> date:
    """Return the day in China."""
    return moment.astimezone(CHINA).date()
