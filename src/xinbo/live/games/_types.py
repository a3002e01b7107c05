"""Structs of the games room."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, Event, View
from xinbo.live.games._rules.kinds import (
    DEAREST,
    EntryBy,
    GameKind,
    PrizeKind,
    PrizeState,
    RunState,
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


class Game(View, frozen=True):
    """A game as its staff plan it."""

    id: UUID
    show_id: UUID
    title: str
    kind: GameKind
    seconds: int
    play: Play
    version: int
    plays: int
    """How often it was played for real."""
    running_id: UUID | None
    """The run that is open or about to be revealed."""


class GameAsked(View, frozen=True):
    """A question as phones show it: the right answer is not in it."""

    text: str
    options: list[str]


class PrizeShown(View, frozen=True):
    """A prize as anybody sees it."""

    kind: PrizeKind
    name: str
    value: int
    count: int


class Winner(View, frozen=True):
    """Somebody who won, by a masked name: 李**."""

    name: str
    prize: str
    entry: str
    """Its place in the public list; who it is, only they can tell."""


class GameCard(View, frozen=True):
    """A play as every phone shows it: it holds nobody's id and nothing that must stay secret."""

    id: UUID
    """The run's."""
    game_id: UUID
    kind: GameKind
    title: str
    state: RunState
    play: int
    """Its number among the plays of this game: a second one is seen as such."""
    rehearsal: bool
    started_at: datetime
    closes_at: datetime
    reveal_at: datetime | None
    revealed_at: datetime | None
    by: EntryBy
    keyword: str
    questions: list[GameAsked]
    prizes: list[PrizeShown]
    prize_count: int
    """With `entries` it is the odds: so many prizes for so many who are in."""
    entries: int
    tally: list[int]
    """Votes for each option of a poll."""
    packets: int
    packets_left: int
    per_person: int
    points: int
    """What all packets hold together, or what a first check-in brings."""
    more_each: int
    commitment: str
    """SHA-256 that binds the seed before the first entry, in hexadecimal."""
    terms_hash: str
    list_hash: str | None
    seed: str | None
    answer: str | None
    """The right options, `1,0,2`, or the price in fen; null until the result is out."""
    winners: list[Winner]


class StartGame(Command, frozen=True):
    """Start a game for everybody. `seen` is the version that the operator saw."""

    seen: int | None = None


class EnterGame(Command, frozen=True):
    """Take part."""

    nonce: Nonce = ""
    """32 hexadecimal digits of one's own chance; they change the draw."""
    answer: Answer = ""
    """Poll: the option. Quiz: one option a question, `1,0,2`. Guess: the price in fen."""


class Entrant(Command, frozen=True):
    """Somebody of a rehearsal's audience."""

    id: UUID
    name: str
    simulated: bool = True
    answer: str = ""


class Comment(Command, frozen=True):
    """What a signed-in shopper said in the room."""

    shopper_id: UUID
    name: str
    text: str
    at: datetime


class EntryReceipt(View, frozen=True):
    """The server's word that an entry is in the list: signed by the key that the terms name."""

    run_id: UUID
    entry: str
    nonce: str
    answer: str
    at: datetime
    signature: str
    salt: str
    """SHA-256 of salt, run and one's own id is the entry: only its owner can tell."""


class CaughtPacket(View, frozen=True):
    """What one packet held."""

    number: int
    points: int
    coupon: str | None


class Caught(View, frozen=True):
    """A tap, and what came of it."""

    packet: CaughtPacket | None
    """Null: none was left."""
    left: int
    mine: int
    """How many one has caught."""


class WonPrize(View, frozen=True):
    """A prize that a shopper won."""

    id: UUID
    run_id: UUID
    show_id: UUID
    title: str
    kind: PrizeKind
    name: str
    value: int
    points: int
    state: PrizeState
    won_at: datetime
    settled_at: datetime | None


class MyPlay(View, frozen=True):
    """Where a shopper stands in a play."""

    receipt: EntryReceipt | None
    packets: list[CaughtPacket]
    won: list[WonPrize]
    streak: int
    """Check-in: shows in a row, with this one."""
    earned: int
    """Check-in: the points it brought."""


class GameSeen(View, frozen=True):
    """A play, its rules and where the reader stands in it."""

    card: GameCard
    rules: dict[str, list[str]]
    """The rules in words, one sentence each, by language."""
    mine: MyPlay | None
    """Null for guests."""
    now: datetime


class ClaimPrize(Command, frozen=True):
    """Say where goods that one won are to be sent; null for what is not sent."""

    address_id: UUID | None = None


class WonBy(View, frozen=True):
    """A prize and its winner, as the staff see it."""

    id: UUID
    run_id: UUID
    title: str
    shopper_id: UUID
    nickname: str
    kind: PrizeKind
    name: str
    value: int
    state: PrizeState
    won_at: datetime
    recipient: str
    """Name, phone and address, where the winner gave them."""
    tracking: str


class SendPrize(Command, frozen=True):
    """Note that goods were sent."""

    tracking: Annotated[str, Meta(max_length=60)] = ""


class GamesChanged(Event, frozen=True):
    """Phones of a show are to see its games anew. At most once a second for counts."""

    name = "games.changed"
    show_id: UUID


class GameStarted(Event, frozen=True):
    """A play began: what binds its draw is public from here on."""

    name = "games.started"
    about = "show_id"
    show_id: UUID
    run_id: UUID
    game_id: UUID
    kind: GameKind
    title: str
    play: int
    rehearsal: bool
    commitment: str
    terms_hash: str


class GameClosed(Event, frozen=True):
    """Nobody can enter any more; the list is public, the seed is not yet."""

    name = "games.list_closed"
    about = "show_id"
    show_id: UUID
    run_id: UUID
    title: str
    entries: int
    list_hash: str
    rehearsal: bool


class GameRevealed(Event, frozen=True):
    """The result is out."""

    name = "games.revealed"
    about = "show_id"
    show_id: UUID
    run_id: UUID
    kind: GameKind
    title: str
    entries: int
    winners: int
    seed: str
    rehearsal: bool
