"""What kinds of games there are, and how a play of one goes."""

from datetime import timedelta
from enum import StrEnum


class GameKind(StrEnum):
    """What is played."""

    LOTTERY = "lottery"
    RAIN = "rain"
    POLL = "poll"
    QUIZ = "quiz"
    GUESS = "guess"
    CHECK_IN = "check_in"


class EntryBy(StrEnum):
    """What someone does to be in."""

    FREE = "free"
    COMMENT = "comment"
    FOLLOW = "follow"
    PURCHASE = "purchase"


class PrizeKind(StrEnum):
    """What a prize is."""

    COUPON = "coupon"
    GOODS = "goods"
    POINTS = "points"


class RunState(StrEnum):
    """Where a play stands: entries open, its list closed and published, its result out."""

    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"


class PrizeState(StrEnum):
    """Where a prize that someone won stands."""

    WAITING = "waiting"
    """The winner has to say something first: an address, or to join the club."""
    CLAIMED = "claimed"
    """Goods whose winner said where they go."""
    GRANTED = "granted"
    """The coupon or the points are with the winner."""
    SENT = "sent"


DEAREST = 5_000_000
"""Most that one prize of a draw may be worth, in fen: 50,000 yuan (反不正当竞争法 11)."""
DRAWN = frozenset({GameKind.LOTTERY, GameKind.POLL, GameKind.QUIZ, GameKind.GUESS})
"""Kinds whose prizes go to whom a draw names."""
PAUSE = timedelta(seconds=3)
"""Between the moment the list is public and the moment the seed is: phones have it by then."""
SHOWN = timedelta(minutes=2)
"""How long a result stands on the stage."""
GRACE = timedelta(seconds=3)
"""How long comments that were said in time may be on their way to the list."""
