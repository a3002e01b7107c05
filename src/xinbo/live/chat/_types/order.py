"""What keeps a room in order: words, mutes, removals, appeals."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, View
from xinbo.live.chat._rules import MessageKind, SaidState, WordAction
from xinbo.live.chat._types.said import Speaker

type Note = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]


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
