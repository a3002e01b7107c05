"""Base structs of everything that crosses a boundary: HTTP, WebSocket, event log, room."""

from typing import ClassVar, Self
from uuid import UUID

import msgspec


class View(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a room shows of itself. Fields have no default, so clients see them as required."""

    @classmethod
    def of(cls, row: object) -> Self:
        """Copy the fields of the same name from a database row."""
        return msgspec.convert(row, cls, from_attributes=True)


class Command(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """What a caller asks for. Constraints are `msgspec.Meta` on the fields."""


class Event(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A fact in the past tense. Additive changes only: it lives for ever in the event log.

    Each class says its `name` on the wire, `resource.verb_past`: `orders.paid`. `about` names
    the field that holds the id of the thing whose history it belongs to, if it has one.
    """

    name: ClassVar[str]
    about: ClassVar[str] = ""

    @property
    def about_id(self) -> UUID | None:
        """The thing whose history this belongs to."""
        return getattr(self, self.about) if self.about else None


class Page[T](View, frozen=True):
    """One page of a list. `next` is the cursor of the page after it, null on the last."""

    items: list[T]
    next: str | None
