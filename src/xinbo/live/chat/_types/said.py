"""What is said in a live room, and what an edge must know of who may say it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from xinbo.kit.wire import Command, Event, View
from xinbo.live.chat._rules import Listed, MessageKind, SaidState


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
