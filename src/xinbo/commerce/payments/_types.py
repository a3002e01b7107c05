"""Structs of the payments room."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.payments._rules.life import PaymentStatus, RefundStatus
from xinbo.commerce.payments._rules.reconcile import Finding
from xinbo.commerce.payments._rules.statements import EntryKind
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
    LOST = "lost"
    """Take the money and never call back: it is found by asking."""
    TAMPER = "tamper"
    """Call back, well signed, with another amount."""
    REFUND_LATER = "refund_later"
    """Take the money; when asked for it back, fail once, then pay."""
    REFUND_NEVER = "refund_never"
    """Take the money, and refuse to pay any back."""


class Way(StrEnum):
    """How a shopper comes to the provider's till."""

    PAGE = "page"
    """A page for computers."""
    WAP = "wap"
    """A page for phones (H5)."""
    QR = "qr"
    """A code on the screen, read with the provider's app (Native)."""
    JSAPI = "jsapi"
    """Inside the provider's own app."""
    HERE = "here"
    """On our own page: the sandbox."""


class How(Command, frozen=True):
    """How the shopper wants to pay."""

    way: Way | None = None
    """None: the provider's first."""
    open_id: Annotated[str, Meta(max_length=128, pattern=r"^[\x21-\x7e]*$")] = ""
    """Who the shopper is in the provider's app; needed for `jsapi` alone."""


class OpenPayment(Command, frozen=True):
    """Pay by this provider."""

    provider: Annotated[str, Meta(min_length=1, max_length=20)]
    how: How = How()


class Bill(Command, frozen=True):
    """What a payment is for."""

    order_id: UUID
    shopper_id: UUID
    amount: int
    currency: str
    expires_at: datetime
    purpose: str = "whole"
    """`whole`, or of a pre-sale `deposit` or `balance`."""


class Method(View, frozen=True):
    """A provider that takes payments here."""

    name: str
    sandbox: bool
    ways: list[Way]


class ActionKind(StrEnum):
    """What the page does next."""

    NONE = "none"
    SANDBOX = "sandbox"
    """Ask for an outcome."""
    REDIRECT = "redirect"
    """Go to `url`."""
    QR = "qr"
    """Show `url` as a QR code."""
    JSAPI = "jsapi"
    """Call the app's bridge with `params`."""


class Action(View, frozen=True):
    """What the page must do next to have the shopper pay."""

    kind: ActionKind
    url: str | None
    params: dict[str, str]


NOTHING = Action(kind=ActionKind.NONE, url=None, params={})


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
    purpose: str
    """`whole`, `deposit` or `balance`."""
    action: Action
    """What the page must do next; `none` once it is settled."""
    refunded: int
    """How much of it has gone back."""
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
    purpose: str = "whole"


class PaymentFailed(Event, frozen=True):
    """A provider says that no money came."""

    name = "payments.failed"
    payment_id: UUID
    order_id: UUID


class PaymentRefunded(Event, frozen=True):
    """Money went back: one refund, by its key; the first events tell of whole payments."""

    name = "payments.refunded"
    payment_id: UUID
    order_id: UUID
    amount: int
    reason: str
    key: str = ""


class RefundFailed(Event, frozen=True):
    """The provider will not send the money back: somebody must look."""

    name = "payments.refund_failed"
    payment_id: UUID
    refund_id: UUID
    order_id: UUID
    amount: int
    key: str
    why: str


class Refund(View, frozen=True):
    """Money on its way back."""

    id: UUID
    payment_id: UUID
    order_id: UUID
    key: str
    amount: int
    reason: str
    status: RefundStatus
    tries: int
    why: str
    """The provider's last refusal; empty if there was none."""
    at: datetime


class RunReconciliation(Command, frozen=True):
    """Fetch a provider's file of that day, and compare."""

    day: date | None = None
    """In China; None: yesterday."""


class Reconciliation(View, frozen=True):
    """A provider's day compared with ours."""

    id: UUID
    provider: str
    day: str
    filename: str
    by: UUID | None
    """Who brought the file; null where it was fetched at night."""
    at: datetime
    lines: int
    mismatches: int
    elsewhere: int
    """Lines that are of other merchants with the same account."""
    paid: int
    refunded: int
    fees: int
    our_paid: int
    our_refunded: int


class ReconciliationLine(View, frozen=True):
    """One line of a report: theirs, ours, and how the two compare."""

    id: UUID
    finding: Finding
    kind: EntryKind
    our_id: str
    ref: str
    row: int | None
    """Where it stands in their file; null if it does not."""
    ours: int | None
    theirs: int | None
    fee: int | None
    expected_fee: int | None
    order_id: UUID | None
