"""Structs of the members room."""

from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, Event, View

type LevelName = Annotated[str, Meta(min_length=1, max_length=20, pattern=r"\S")]


class MoveKind(StrEnum):
    """Why points moved."""

    EARN = "earn"
    SPEND = "spend"
    GIVE_BACK = "give_back"
    TAKE_BACK = "take_back"


class PointsRule(View, frozen=True):
    """What money earns and what points are worth."""

    earn_per_yuan: int
    fen_per_100: int
    """What 100 points take off an order, in minor units."""
    most_per_10_000: int
    """How much of the goods' price points may pay: 5000 is half."""


class Level(Command, frozen=True):
    """A level: its name, and the points earned in a lifetime from which it begins."""

    name: LevelName
    from_points: Annotated[int, Meta(ge=0, le=1_000_000_000)]


class Club(View, frozen=True):
    """A merchant's membership: the rule of points and the levels, the lowest first."""

    points: PointsRule
    levels: list[Level]
    version: int
    """Send it back with a change; 0 where the merchant never changed the defaults."""


class PutClub(Command, frozen=True):
    """Write the rule of points and the levels."""

    earn_per_yuan: Annotated[int, Meta(ge=0, le=100)]
    fen_per_100: Annotated[int, Meta(ge=0, le=10_000)]
    most_per_10_000: Annotated[int, Meta(ge=0, le=10_000)]
    levels: Annotated[list[Level], Meta(min_length=1, max_length=10)]
    version: int

    def __post_init__(self) -> None:
        """Refuse levels that do not rise; msgspec turns it into a 400."""
        if self.levels[0].from_points != 0:
            raise ValueError("the first level begins at 0")
        if any(low.from_points >= high.from_points for low, high in pairwise(self.levels)):
            raise ValueError("levels rise")


class Member(View, frozen=True):
    """A shopper as a member, as the member and the staff see it."""

    shopper_id: UUID
    level: int
    """1 is the first level; 0: not a member."""
    level_name: str
    balance: int
    """Points that can be spent."""
    owed: int
    """Points that a refund could not take back any more; what is earned next pays them."""
    earned: int
    """Points of a lifetime; they make the level."""
    next_level: Level | None
    joined_at: datetime | None


class PointMove(View, frozen=True):
    """Points that came or went."""

    id: UUID
    kind: MoveKind
    points: int
    """Positive where the balance grew."""
    balance: int
    """What it was afterwards."""
    why: str
    """Whose doing it was: an order's id, mostly."""
    at: datetime


class MemberJoined(Event, frozen=True):
    """A shopper became a member, or came back."""

    name = "members.joined"
    shopper_id: UUID


class MemberLeft(Event, frozen=True):
    """A shopper left."""

    name = "members.left"
    shopper_id: UUID


class PointsMoved(Event, frozen=True):
    """Points came or went."""

    name = "members.points_moved"
    shopper_id: UUID
    kind: MoveKind
    points: int
    key: str
