"""The sockets of live rooms: who may come in, what everyone there hears, who is there.

Owns no table. A ticket, signed by web, opens a WebSocket at an edge process (`serve`). The edge
collects what happens in a room for a tenth of a second and sends it to every viewer as one frame
that is built once; frames carry the new state, never a change to it, so a late, lost or doubled
one does no harm. Edges know each other through the bus only: more viewers, more edges.
"""

import importlib
from typing import TYPE_CHECKING

from xinbo.live.edge._rules import RoomRole, TicketRefused
from xinbo.live.edge._serve import serve
from xinbo.live.edge._types import Places, Ticket, Visitor

if TYPE_CHECKING:
    from xinbo.live.edge._service import RoomClosed, SentOut, simulated_ticket, staff_ticket, ticket

__all__ = [
    "Places",
    "RoomClosed",
    "RoomRole",
    "SentOut",
    "Ticket",
    "TicketRefused",
    "Visitor",
    "serve",
    "simulated_ticket",
    "staff_ticket",
    "ticket",
]


def __getattr__(name: str) -> object:
    """Load what hands out tickets when it is asked for.

    The edge process has no database: without SQLAlchemy it starts at once and stays small.
    """
    if name in __all__:
        return getattr(importlib.import_module("xinbo.live.edge._service"), name)
    raise AttributeError(name)
