"""What a parcel's events say together, in whatever order and however often they came. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class TrackKind(StrEnum):
    """What happened to a parcel, and so where it stands."""

    SENT = "sent"
    """已发货: handed over or about to be; the carrier has said nothing yet."""
    COLLECTED = "collected"
    """已揽收"""
    IN_TRANSIT = "in_transit"
    """运输中"""
    OUT_FOR_DELIVERY = "out_for_delivery"
    """派送中"""
    DELIVERED = "delivered"
    """已签收"""
    EXCEPTION = "exception"
    """疑难: it does not get on, and somebody should ask why."""
    REFUSED = "refused"
    """拒收"""
    RETURNING = "returning"
    """退回中"""
    RETURNED = "returned"
    """已退回"""
    LOST = "lost"
    """丢失"""


TROUBLE = frozenset(
    {
        TrackKind.EXCEPTION,
        TrackKind.REFUSED,
        TrackKind.RETURNING,
        TrackKind.RETURNED,
        TrackKind.LOST,
    }
)
"""What somebody has to look after."""

_RANK = {kind: rank for rank, kind in enumerate(TrackKind)}


class Happened(Protocol):
    """An event of a parcel."""

    @property
    def at(self) -> datetime:
        """When it happened, by the carrier's clock."""
        ...

    @property
    def kind(self) -> TrackKind:
        """What happened."""
        ...

    @property
    def ref(self) -> str:
        """The provider's own name for the event."""
        ...


def in_order[Event: Happened](events: Sequence[Event]) -> list[Event]:
    """Sort events by when they happened; of the same moment, as they follow in a parcel's life."""
    return sorted(events, key=lambda event: (event.at, _RANK[event.kind], event.ref))


def standing(events: Sequence[Happened]) -> TrackKind:
    """Say where the parcel stands: what its latest event says, however late an older one comes."""
    return in_order(events)[-1].kind if events else TrackKind.SENT
