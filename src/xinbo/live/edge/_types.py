"""Structs of the edge room."""

from datetime import datetime
from uuid import UUID

from xinbo.kit.wire import View


class Ticket(View, frozen=True):
    """Permission to join a live room over a WebSocket."""

    ticket: str
    edge_url: str
    """`ws://host:port/room`; the ticket goes into the query."""
    expires_at: datetime
    viewer_id: UUID
    nickname: str
    can_chat: bool
