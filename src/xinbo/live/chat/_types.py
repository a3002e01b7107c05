"""Structs of the chat room: what is said in a live room, and what keeps it in order."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from xinbo.kit.wire import Command, Event, View
from xinbo.live.chat._rules import Listed, MessageKind, SaidState, WordAction

type Note = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]


class Speaker(StrEnum):
    """In what capacity someone speaks."""

    SHOPPER = "shopper"
    HOST = "host"
    STAFF = "staff"


class PostMessage(Command, frozen=True):
    """Say something to everyone who watches. `id` makes a repeat harmless."""

    id: UUID
    text: Annotated[str, Meta(min_length=1, max_length=200)]


class Message(View, frozen=True):
    """A message as every screen shows it."""

    id: UUID
    by: str
    """Short stable mark of the author; not the account's id."""
    name: str
    role: Speaker
    text: str
    kind: MessageKind
    level: str | None
    """The author's level of membership; null for others than members."""
    buyer: bool
    """Whether the author has bought from this shop."""
    at: datetime
    simulated: bool


class Said(View, frozen=True):
    """What was said in a room, and what became of it: travels in batches on the stream SAID.

    Subject `said.<merchant_id>.<show_id>`; the body is a JSON list of these.
    """

    id: UUID
    show_id: UUID
    viewer_id: UUID
    by: str
    name: str
    role: Speaker
    text: str
    kind: MessageKind
    state: SaidState
    why: str | None
    """Why it is not simply shown: `word`, `link`, `review`, `load`."""
    level: str | None
    buyer: bool
    at: datetime
    simulated: bool


class Muted(msgspec.Struct, frozen=True, array_like=True):
    """Who may not speak, until when; null: for the show."""

    viewer_id: UUID
    until: datetime | None


class RoomRules(msgspec.Struct, frozen=True):
    """All that an edge must know to keep a show's chat in order. Answer to `chat.rules.<show>`."""

    words: list[Listed] = []
    hold_all: bool = False
    """Every shopper's message waits for the staff."""
    slow_seconds: int = 0
    """Seconds between two messages of a shopper."""
    muted: list[Muted] = []
    kicked: list[UUID] = []


class AskRules(msgspec.Struct, frozen=True):
    """An edge asks for the rules of a room: subject `chat.rules`."""

    merchant_id: UUID
    show_id: UUID


class AskMessage(msgspec.Struct, frozen=True):
    """An edge asks for a message that is shown now: subject `chat.message`."""

    merchant_id: UUID
    show_id: UUID
    message_id: UUID


class RulesChanged(Event, frozen=True):
    """The rules of a room, or of all rooms where `show_id` is null, are others: ask again."""

    name = "chat.rules_changed"
    show_id: UUID | None


class SanctionKind(StrEnum):
    """What was done to someone who spoke."""

    MUTE = "mute"
    KICK = "kick"


class Rule(StrEnum):
    """The rule of the room that was broken: what the person is told."""

    SPAM = "spam"
    ABUSE = "abuse"
    ADVERTISING = "advertising"
    FALSE_CLAIM = "false_claim"
    PRIVACY = "privacy"
    OTHER = "other"


class AppealDecision(StrEnum):
    """What became of an appeal."""

    UPHELD = "upheld"
    """What was done stands."""
    LIFTED = "lifted"


class PutWord(Command, frozen=True):
    """List a word."""

    text: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
    action: WordAction
    note: Annotated[str, Meta(max_length=200)] = ""


class PutWords(Command, frozen=True):
    """List many words at once: those that are listed already get the new action."""

    words: Annotated[list[PutWord], Meta(min_length=1, max_length=500)]


class Word(View, frozen=True):
    """A word on the merchant's list."""

    id: UUID
    text: str
    action: WordAction
    note: str
    created_at: datetime


class PutChatRules(Command, frozen=True):
    """Set how a show's chat is kept in order."""

    slow_seconds: Annotated[int, Meta(ge=0, le=600)]
    hold_all: bool


class ChatRules(View, frozen=True):
    """How a show's chat is kept in order."""

    show_id: UUID
    slow_seconds: int
    hold_all: bool
    held: int
    """Messages that wait for the staff."""
    appeals: int
    """Appeals that wait for an answer."""


class Archived(View, frozen=True):
    """A message as the staff see it afterwards."""

    id: UUID
    show_id: UUID
    viewer_id: UUID
    by: str
    name: str
    role: Speaker
    text: str
    kind: MessageKind
    state: SaidState
    why: str | None
    level: str | None
    buyer: bool
    at: datetime
    simulated: bool
    rehearsal: bool


class Mute(Command, frozen=True):
    """Let someone be silent for so many minutes; null: for the show."""

    message_id: UUID
    """What they said: it stays on record with the sanction."""
    minutes: Annotated[int, Meta(ge=1, le=1440)] | None
    rule: Rule
    note: Annotated[str, Meta(max_length=200)] = ""
    """Read by the person as well."""


class Kick(Command, frozen=True):
    """Send someone out of the room for the rest of the show."""

    message_id: UUID
    rule: Rule
    note: Annotated[str, Meta(max_length=200)] = ""


class Remove(Command, frozen=True):
    """Take a message off every screen."""

    rule: Rule
    note: Annotated[str, Meta(max_length=200)] = ""


class MakeAppeal(Command, frozen=True):
    """Ask the staff to think again about a sanction or a message, once."""

    about_id: UUID
    text: Note


class TryText(Command, frozen=True):
    """Ask what the list would do to a text."""

    text: Annotated[str, Meta(min_length=1, max_length=200)]


class Tried(View, frozen=True):
    """What the list does to a text, and which of its words do it."""

    action: WordAction | None
    words: list[str]


class DecideAppeal(Command, frozen=True):
    """Answer an appeal."""

    decision: AppealDecision
    answer: Annotated[str, Meta(max_length=200)] = ""


class AppealView(View, frozen=True):
    """An appeal and its answer."""

    id: UUID
    text: str
    at: datetime
    decision: AppealDecision | None
    answer: str
    decided_at: datetime | None


class Sanction(View, frozen=True):
    """What was done to someone who spoke, why, and in what capacity whoever did it acted."""

    id: UUID
    show_id: UUID
    kind: SanctionKind
    name: str
    """The nickname that spoke."""
    message_id: UUID
    rule: Rule
    note: str
    role: str
    """The staff role that did it."""
    at: datetime
    until: datetime | None
    """Null: for the show."""
    lifted_at: datetime | None
    appeal: AppealView | None


class Handled(View, frozen=True):
    """A message of one's own that is not simply shown, and why."""

    id: UUID
    text: str
    state: SaidState
    why: str | None
    rule: Rule | None
    note: str
    role: str | None
    at: datetime
    appeal: AppealView | None


class Standing(View, frozen=True):
    """How someone stands in a room: nothing about it is hidden from them."""

    sanctions: list[Sanction]
    messages: list[Handled]


class AppealCase(View, frozen=True):
    """An appeal as the staff see it: what was done, to what, and what is said against it."""

    id: UUID
    show_id: UUID
    name: str
    about: str
    """`mute`, `kick`, `removed` or `refused`."""
    message: str
    rule: Rule | None
    note: str
    text: str
    at: datetime
    decision: AppealDecision | None
    answer: str
    decided_at: datetime | None


class ReplayMessage(View, frozen=True):
    """A message at its place in the recording."""

    id: UUID
    at_ms: int
    """Programme time: milliseconds from the beginning of the recording."""
    by: str
    name: str
    role: Speaker
    text: str
    kind: MessageKind
    level: str | None
    buyer: bool
    simulated: bool


class ShopperMuted(Event, frozen=True):
    """Someone may not speak for a while."""

    name = "chat.muted"
    about = "show_id"
    show_id: UUID
    sanction_id: UUID
    viewer_id: UUID
    minutes: int | None
    rule: Rule


class ShopperKicked(Event, frozen=True):
    """Someone was sent out of the room."""

    name = "chat.kicked"
    about = "show_id"
    show_id: UUID
    sanction_id: UUID
    viewer_id: UUID
    rule: Rule


class SanctionLifted(Event, frozen=True):
    """Someone may speak, or come in, again."""

    name = "chat.lifted"
    about = "show_id"
    show_id: UUID
    sanction_id: UUID
    viewer_id: UUID


class MessageRemoved(Event, frozen=True):
    """A message was taken off every screen."""

    name = "chat.removed"
    about = "show_id"
    show_id: UUID
    message_id: UUID
    rule: Rule


class MessageReleased(Event, frozen=True):
    """A held message is shown."""

    name = "chat.released"
    about = "show_id"
    show_id: UUID
    message_id: UUID


class MessageRejected(Event, frozen=True):
    """A held message is not shown."""

    name = "chat.rejected"
    about = "show_id"
    show_id: UUID
    message_id: UUID


class AppealMade(Event, frozen=True):
    """Someone asks the staff to think again."""

    name = "chat.appealed"
    about = "show_id"
    show_id: UUID
    appeal_id: UUID


class AppealDecided(Event, frozen=True):
    """An appeal was answered."""

    name = "chat.appeal_decided"
    about = "show_id"
    show_id: UUID
    appeal_id: UUID
    decision: AppealDecision


class ChatRulesSet(Event, frozen=True):
    """How a show's chat is kept in order was changed."""

    name = "chat.rules_set"
    about = "show_id"
    show_id: UUID
    slow_seconds: int
    hold_all: bool
