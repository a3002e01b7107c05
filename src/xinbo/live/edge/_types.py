"""Structs of the edge room."""

from datetime import datetime
from uuid import UUID

import msgspec

from xinbo.kit.wire import View
from xinbo.live.edge._rules import RoomRole


class Visitor(View, frozen=True):
    """Who comes into a room, and in what capacity."""

    viewer_id: UUID
    name: str
    role: RoomRole
    simulated: bool = False
    rehearsal: bool = False
    level: str | None = None
    """The shopper's level of membership."""
    buyer: bool = False
    """Whether the shopper has bought from this shop."""
    staff: str = ""
    """A staff member's own name, for colleagues."""
    seat: str = ""
    """A staff member's role."""


class Places(msgspec.Struct, frozen=True):
    """Where the edge and the media engine are, seen from the caller."""

    edge: str
    media: str


class Ticket(View, frozen=True):
    """Permission to join a live room over a WebSocket."""

    ticket: str
    edge_url: str
    """`ws://host:port/room`; the ticket goes into the query."""
    media_url: str
    """`http://host:port` of the media engine: playback paths are below it."""
    expires_at: datetime
    """The socket closes then, unless a newer ticket came. To connect there is a minute."""
    viewer_id: UUID
    nickname: str
    """The name that others see: a shopper's nickname, a guest's neutral one, the shop's."""
    can_chat: bool
    """False for guests: they sign in first."""
