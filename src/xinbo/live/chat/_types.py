"""Structs of the chat room: what is said in a live room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, View


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
    at: datetime
    simulated: bool
