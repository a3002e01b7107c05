"""The order's life as pure functions: no I/O, nothing to mock."""

from datetime import timedelta
from enum import StrEnum

from xinbo.kit.errors import Conflict

PAYMENT_WINDOW = timedelta(minutes=15)


class Status(StrEnum):
    """Where an order stands. The words are the field's: 待付款, 待发货, 待收货, 已完成, 已取消."""

    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_SHIPMENT = "awaiting_shipment"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


NEXT: dict[Status, frozenset[Status]] = {
    Status.AWAITING_PAYMENT: frozenset({Status.AWAITING_SHIPMENT, Status.CANCELLED}),
    Status.AWAITING_SHIPMENT: frozenset({Status.SHIPPED}),
    Status.SHIPPED: frozenset({Status.COMPLETED}),
    Status.COMPLETED: frozenset(),
    Status.CANCELLED: frozenset(),
}


class IllegalTransition(Conflict):
    """Raised when an order cannot go from where it stands to where it was sent."""


def move(now: Status, to: Status) -> Status:
    """Return the new status, or refuse."""
    if to not in NEXT[now]:
        raise IllegalTransition(status=now, wanted=to)
    return to
