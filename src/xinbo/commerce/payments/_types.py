"""Structs of the payments room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.payments._rules import PaymentStatus
from xinbo.kit.wire import Command, Event, View


class Outcome(StrEnum):
    """What the sandbox provider shall do with a payment: every way real ones behave."""

    SUCCEED = "succeed"
    FAIL = "fail"
    DELAY = "delay"
    """Call back after 5 seconds."""
    TWICE = "twice"
    """Call back two times with the same news."""
    LATE = "late"
    """Call back after the order's payment window."""
    LIE = "lie"
    """Call back with a bad signature."""


class OpenPayment(Command, frozen=True):
    """Pay by this provider."""

    provider: Annotated[str, Meta(min_length=1, max_length=20)]


class Bill(Command, frozen=True):
    """What a payment is for."""

    order_id: UUID
    shopper_id: UUID
    amount: int
    currency: str
    expires_at: datetime


class Payment(View, frozen=True):
    """One attempt to pay for an order."""

    id: UUID
    order_id: UUID
    provider: str
    status: PaymentStatus
    amount: int
    currency: str
    sandbox: bool
    """Whether no real money moves; the page then says so."""
    created_at: datetime
    settled_at: datetime | None


class ChooseOutcome(Command, frozen=True):
    """Confirm a sandbox payment, choosing what the provider will do."""

    outcome: Outcome


class PaymentSucceeded(Event, frozen=True):
    """A provider says, under its signature, that the money is in."""

    name = "payments.succeeded"
    payment_id: UUID
    order_id: UUID
    amount: int


class PaymentFailed(Event, frozen=True):
    """A provider says that no money came."""

    name = "payments.failed"
    payment_id: UUID
    order_id: UUID


class PaymentRefunded(Event, frozen=True):
    """The money went back."""

    name = "payments.refunded"
    payment_id: UUID
    order_id: UUID
    amount: int
    reason: str
