"""Structs of the groups room."""

from datetime import datetime
from uuid import UUID

from xinbo.commerce.groups._rules import GroupState, SeatState
from xinbo.kit.wire import Command, Event, View


class Booking(Command, frozen=True):
    """An order that wants a seat: in this group, or in a new one that it opens."""

    order_id: UUID
    shopper_id: UUID
    offer_id: UUID
    sku_id: UUID
    group_id: UUID | None
    """None opens a group."""
    size: int
    """How many it takes, the initiator included; counts where a group is opened."""
    hours: int
    """How long the group has to fill, from the first paid seat."""


class GroupMember(View, frozen=True):
    """Somebody who paid for a seat. Every one of them is a real order."""

    name: str
    """Masked: 李**."""
    avatar_url: str | None
    initiator: bool
    state: SeatState
    joined_at: datetime


class Group(View, frozen=True):
    """A group that buys together, as anybody sees it."""

    id: UUID
    offer_id: UUID
    sku_id: UUID
    product_id: UUID | None
    """None where the SKU is no longer known."""
    title: str
    options: list[str]
    picture_url: str | None
    state: GroupState
    size: int
    paid: int
    """Seats that are paid for."""
    seats_left: int
    """Seats that nobody holds, paid for or not."""
    started_at: datetime | None
    """When the first seat was paid for."""
    ends_at: datetime | None
    closed_at: datetime | None
    """When it succeeded or failed."""
    now: datetime
    """The server's time, so that a countdown does not trust the phone's."""
    members: list[GroupMember]
    my_order_id: UUID | None
    """The caller's own order in it."""
    my_state: SeatState | None


class GroupSucceeded(Event, frozen=True):
    """Every seat is paid for: the orders may be shipped."""

    name = "groups.succeeded"
    group_id: UUID
    offer_id: UUID
    order_ids: list[UUID]


class GroupFailed(Event, frozen=True):
    """The time is up and seats are unpaid: the orders end and money goes back."""

    name = "groups.failed"
    group_id: UUID
    offer_id: UUID
    order_ids: list[UUID]
