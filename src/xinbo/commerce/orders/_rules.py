"""The order's life as pure functions: no I/O, nothing to mock."""

from datetime import datetime, timedelta, timezone
from enum import StrEnum

from xinbo.kit.errors import Conflict

PAYMENT_WINDOW = timedelta(minutes=15)
RECEIPT_WINDOW = timedelta(days=10)
"""How long after everything was sent an order completes by itself: the field's 自动确认收货."""
AFTER_DELIVERY = timedelta(days=7)
"""How long after the carrier delivered it completes, where that is sooner."""
BEIJING = timezone(timedelta(hours=8))

SERIALS = 10**12
DIGITS = 18
STRIDE = 3_141_593
"""Odd and not divisible by 5, so that serials map one to one onto 12 digits."""


class Status(StrEnum):
    """Where an order stands, in the field's words."""

    AWAITING_PAYMENT = "awaiting_payment"
    """待付款; of a pre-sale: the deposit is awaited."""
    AWAITING_BALANCE = "awaiting_balance"
    """待付尾款: the deposit is paid."""
    AWAITING_GROUP = "awaiting_group"
    """待成团: paid, and the group is not complete."""
    AWAITING_SHIPMENT = "awaiting_shipment"
    """待发货"""
    PARTLY_SHIPPED = "partly_shipped"
    """部分发货"""
    SHIPPED = "shipped"
    """待收货"""
    COMPLETED = "completed"
    """已完成"""
    CANCELLED = "cancelled"
    """已关闭: never paid, or all of it given back before anything was sent."""


PAYABLE = frozenset({Status.AWAITING_PAYMENT, Status.AWAITING_BALANCE})
PAID = frozenset(
    {Status.AWAITING_GROUP, Status.AWAITING_SHIPMENT, Status.PARTLY_SHIPPED, Status.SHIPPED}
)
"""Paid in full and not over."""
SHIPPABLE = frozenset({Status.AWAITING_SHIPMENT, Status.PARTLY_SHIPPED})

NEXT: dict[Status, frozenset[Status]] = {
    Status.AWAITING_PAYMENT: frozenset(
        {
            Status.AWAITING_BALANCE,
            Status.AWAITING_GROUP,
            Status.AWAITING_SHIPMENT,
            Status.CANCELLED,
        }
    ),
    Status.AWAITING_BALANCE: frozenset({Status.AWAITING_SHIPMENT, Status.CANCELLED}),
    Status.AWAITING_GROUP: frozenset({Status.AWAITING_SHIPMENT, Status.CANCELLED}),
    Status.AWAITING_SHIPMENT: frozenset({Status.PARTLY_SHIPPED, Status.SHIPPED, Status.CANCELLED}),
    Status.PARTLY_SHIPPED: frozenset({Status.SHIPPED}),
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


def looks_like_a_number(text: str) -> bool:
    """Say whether a text has the form of an order's number: 18 digits."""
    return len(text) == DIGITS and text.isascii() and text.isdecimal()
