"""Structs of the signals room."""

from typing import Any
from uuid import UUID

from xinbo.kit.wire import Event


class RoomTold(Event, frozen=True):
    """Open pages of a room are to look again."""

    name = "rooms.told"
    show_id: UUID
    to: str
    """`all`, `staff`, or the id of one viewer."""
    message: dict[str, Any]
    """What goes over the socket, whole: `{"t":"told","about":"game","id":…}`."""
