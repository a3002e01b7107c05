"""What is shown of games, and what is asked of them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, View
from xinbo.live.games._rules.kinds import (
    EntryBy,
    GameKind,
    PrizeKind,
    PrizeState,
    RunState,
)
from xinbo.live.games._types.plans import Answer, Nonce, Play


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
