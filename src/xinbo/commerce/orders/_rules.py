"""The order's life as pure functions: no I/O, nothing to mock."""

from datetime import datetime, timedelta, timezone
from enum import StrEnum

from xinbo.kit.errors import Conflict

PAYMENT_WINDOW = timedelta(minutes=15)
BEIJING = timezone(timedelta(hours=8))

SERIALS = 10**12
STRIDE = 3_141_593
"""Odd and not divisible by 5, so that serials map one to one onto 12 digits."""


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


def number(serial: int, placed_at: datetime) -> str:
    """Return the order's number: the day in China, then 12 digits that no other order has.

    The digits do not count up by one, so a number does not tell how much is sold.
    """
    return f"{placed_at.astimezone(BEIJING):%y%m%d}{serial * STRIDE % SERIALS:012}"


def serial_of(digits: str) -> int:
    """Return the serial that an order number was made from (the inverse of `number`)."""
    return int(digits[6:]) * pow(STRIDE, -1, SERIALS) % SERIALS
