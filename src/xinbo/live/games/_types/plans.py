"""What a game is, as it is planned."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.money import Fen
from xinbo.kit.wire import Command
from xinbo.live.games._rules.kinds import (
    DEAREST,
    EntryBy,
    PrizeKind,
)

type Title = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
type Words = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"\S")]
type Option = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
type Keyword = Annotated[str, Meta(max_length=20)]
type Worth = Annotated[int, Meta(ge=0, le=DEAREST)]
type Count = Annotated[int, Meta(ge=1, le=1_000)]
type Points = Annotated[int, Meta(ge=0, le=10_000_000)]
type Nonce = Annotated[str, Meta(pattern=r"^([0-9a-f]{32})?$")]
type Answer = Annotated[str, Meta(max_length=40, pattern=r"^[0-9,]*$")]


class Prize(Command, frozen=True):
    """What is given, to how many, and what one is worth."""

    kind: PrizeKind
    name: Title
    value: Worth
    """What one is worth in fen; at most 50,000 yuan."""
    count: Count
    template_id: UUID | None = None
    """The coupon to be given."""
    points: Points = 0

    def __post_init__(self) -> None:
        """Refuse prizes that give nothing; msgspec turns it into a 400."""
        if (self.kind is PrizeKind.COUPON) != (self.template_id is not None):
            raise ValueError("a coupon names its template, nothing else does")
        if (self.kind is PrizeKind.POINTS) != (self.points > 0):
            raise ValueError("points say how many, nothing else does")


type Prizes = Annotated[list[Prize], Meta(max_length=10)]
type SomePrizes = Annotated[list[Prize], Meta(min_length=1, max_length=10)]


class Lottery(Command, frozen=True, tag_field="kind", tag="lottery"):
    """抽奖: whoever is in has the same chance."""

    by: EntryBy
    prizes: SomePrizes
    keyword: Keyword = ""
    """What the comment must hold; empty: any comment."""


class Rain(Command, frozen=True, tag_field="kind", tag="rain"):
    """红包雨: packets of points, or of coupons, opened by taps while it rains."""

    packets: Annotated[int, Meta(ge=1, le=20_000)]
    per_person: Annotated[int, Meta(ge=1, le=20)]
    points: Points = 0
    """The budget: what all packets hold together; 0 where they hold coupons."""
    template_id: UUID | None = None

    def __post_init__(self) -> None:
        """Refuse packets that hold nothing, or two things; msgspec turns it into a 400."""
        if (self.points > 0) == (self.template_id is not None):
            raise ValueError("points or a coupon, one of both")
        if self.template_id is None and self.points < self.packets:
            raise ValueError("at least one point a packet")


class Poll(Command, frozen=True, tag_field="kind", tag="poll"):
    """投票."""

    question: Words
    options: Annotated[list[Option], Meta(min_length=2, max_length=6)]
    prizes: Prizes = []


class GameQuestion(Command, frozen=True):
    """A question and which of its options is right, counted from 0."""

    text: Words
    options: Annotated[list[Option], Meta(min_length=2, max_length=6)]
    right: Annotated[int, Meta(ge=0, le=5)]

    def __post_init__(self) -> None:
        """Refuse a right answer that is not among the options."""
        if self.right >= len(self.options):
            raise ValueError("the right answer is one of the options")


class Quiz(Command, frozen=True, tag_field="kind", tag="quiz"):
    """答题: who has all answers right is in the draw; nobody gains by being fast."""

    questions: Annotated[list[GameQuestion], Meta(min_length=1, max_length=10)]
    prizes: SomePrizes


class Guess(Command, frozen=True, tag_field="kind", tag="guess"):
    """猜价格: the closest win; where several are as close, the draw decides."""

    question: Words
    price: Fen
    prizes: SomePrizes


class CheckIn(Command, frozen=True, tag_field="kind", tag="check_in"):
    """签到: points for being here, more for coming to show after show."""

    points: Annotated[int, Meta(ge=1, le=1_000)]
    more_each: Annotated[int, Meta(ge=0, le=1_000)] = 0
    """On top for every day of the streak."""
    most: Annotated[int, Meta(ge=1, le=10_000)] = 100
    """Never more than this for one check-in."""


type Play = Lottery | Rain | Poll | Quiz | Guess | CheckIn


class PutGame(Command, frozen=True):
    """Write a game of a show. `version` is null for a new one."""

    title: Title
    seconds: Annotated[int, Meta(ge=5, le=7_200)]
    """How long it is open."""
    play: Play
    version: int | None = None
