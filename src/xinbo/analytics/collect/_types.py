"""Structs of the collect room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from xinbo.kit.ids import NIL
from xinbo.kit.wire import Command, View


class Kind(StrEnum):
    """What people do. Pages may send only those of `FROM_PAGES`; the edge sends the rest."""

    ROOM_ENTERED = "room.entered"
    ROOM_LEFT = "room.left"
    ROOM_HEARTBEAT = "room.heartbeat"
    CHAT_SENT = "chat.sent"
    CHAT_LIKED = "chat.liked"
    PRODUCT_EXPOSED = "product.exposed"
    PRODUCT_CLICKED = "product.clicked"
    PAGE_VIEWED = "page.viewed"
    CART_ADDED = "cart.added"
    CHECKOUT_BEGUN = "checkout.begun"


FROM_PAGES = frozenset(
    {
        Kind.PRODUCT_EXPOSED,
        Kind.PRODUCT_CLICKED,
        Kind.PAGE_VIEWED,
        Kind.CART_ADDED,
        Kind.CHECKOUT_BEGUN,
    }
)


class Behaviour(Command, frozen=True):
    """Something a viewer did, as a page reports it."""

    id: UUID
    type: Kind
    at: datetime
    show_id: UUID | None
    product_id: UUID | None


class Collect(Command, frozen=True):
    """A batch of behaviour events."""

    events: Annotated[list[Behaviour], Meta(min_length=1, max_length=100)]


class Observed(View, frozen=True):
    """One behaviour event as it travels and is kept. The same `id` twice is the same event."""

    id: UUID
    type: Kind
    at: Annotated[datetime, Meta(tz=True)]
    show_id: UUID | None
    viewer_id: UUID
    value: float | None = None
    """Seconds watched (`room.left`, `room.heartbeat`), hearts (`chat.liked`)."""
    props: dict[str, Any] = {}
    """`productId`; `session`, the socket it came through; `simulated`, the demo's audience."""

    @property
    def product_id(self) -> UUID:
        """The product it was about; `NIL` where there is none."""
        try:
            return UUID(str(self.props["productId"]))
        except (KeyError, ValueError):
            return NIL
