"""The life of payments and refunds, as pure functions."""

from datetime import timedelta, timezone
from enum import StrEnum

from xinbo.kit.errors import Conflict

BEIJING = timezone(timedelta(hours=8))


class PaymentStatus(StrEnum):
    """Where a payment stands."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUNDING = "refunding"
    """Some of it is on its way back."""
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"


class RefundStatus(StrEnum):
    """Where a refund stands."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    """The provider refused for good, or for too long; it may be tried again by hand."""


PAID = frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.REFUNDING, PaymentStatus.PARTLY_REFUNDED})
"""Where there is money that may go back."""


class RefundTooLarge(Conflict):
    """Raised when more is asked back than is left of a payment (`left`)."""


def to_refund(paid: int, asked: int, amount: int | None) -> int:
    """Return how much goes back now: `amount`, or all that is left.

    `asked` is what was asked for before and has not failed. Raises `RefundTooLarge`.
    """
    left = paid - asked
    wanted = left if amount is None else amount
    if not 0 <= wanted <= left:
        raise RefundTooLarge(left=left)
    return wanted


def standing(paid: int, sent: int, pending: int) -> PaymentStatus:
    """Return where a paid payment stands, by the sums of its refunds."""
    if pending:
        return PaymentStatus.REFUNDING
    if not sent:
        return PaymentStatus.SUCCEEDED
    return PaymentStatus.REFUNDED if sent >= paid else PaymentStatus.PARTLY_REFUNDED


def settled(now: PaymentStatus, *, succeeded: bool) -> PaymentStatus | None:
    """Return the status after a provider's news, or None where it changes nothing.

    News may come twice and out of order. That no money came is only believed before any came;
    that it came is believed even after it was said to have failed, for then it is there.
    """
    if succeeded and now in (PaymentStatus.PENDING, PaymentStatus.FAILED):
        return PaymentStatus.SUCCEEDED
    if not succeeded and now is PaymentStatus.PENDING:
        return PaymentStatus.FAILED
    return None
