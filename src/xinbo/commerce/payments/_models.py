"""Tables of the payments room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.commerce.payments._rules.life import PaymentStatus, RefundStatus
from xinbo.commerce.payments._rules.reconcile import Finding
from xinbo.commerce.payments._rules.statements import EntryKind
from xinbo.engines.db import Model


class PaymentRow(Model):
    """One attempt to pay for an order."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("merchant_id", "shopper_id", "idempotency_key", name="payment_once"),
        UniqueConstraint("provider", "provider_ref", name="payment_ref_once"),
        Index(
            "payment_one_pending",
            "order_id",
            "provider",
            unique=True,
            postgresql_where=text("status = 'pending'"),
        ),
        Index("payment_settled", "settled_at"),
        Index("payment_to_check", "check_at", postgresql_where=text("check_at is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    order_id: Mapped[UUID] = mapped_column(index=True)
    shopper_id: Mapped[UUID]
    provider: Mapped[str]
    provider_ref: Mapped[str | None]
    """The provider's own name for the payment, known from its first callback."""
    status: Mapped[PaymentStatus]
    amount: Mapped[int]
    currency: Mapped[str]
    sandbox: Mapped[bool]
    idempotency_key: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """When the order stops waiting; money may still come later, and then goes back."""
    settled_at: Mapped[datetime | None]
    refund_reason: Mapped[str | None]
    refunded_at: Mapped[datetime | None]
    purpose: Mapped[str] = mapped_column(server_default="whole")
    refunded: Mapped[int] = mapped_column(server_default="0")
    """How much of it has gone back."""
    way: Mapped[str | None]
    action: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    handle: Mapped[str | None]
    """What the provider calls the attempt, where it has a name before it is paid."""
    check_at: Mapped[datetime | None]
    """When to ask the provider how it stands; None where that is known."""
    checks: Mapped[int] = mapped_column(server_default="0")


class RefundRow(Model):
    """Money on its way back: a part of a payment, once per key."""

    __tablename__ = "refund"
    __table_args__ = (
        UniqueConstraint("payment_id", "key", name="refund_once"),
        Index("refund_settled", "settled_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"))
    order_id: Mapped[UUID] = mapped_column(index=True)
    key: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    reason: Mapped[str]
    status: Mapped[RefundStatus]
    tries: Mapped[int]
    why: Mapped[str]
    """The provider's last refusal; empty if there was none."""
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class SandboxMoneyRow(Model):
    """The sandbox provider's own books: what it took and what it paid back, each once."""

    __tablename__ = "sandbox_money"
    __table_args__ = (Index("sandbox_money_day", "merchant_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """The payment's or the refund's own id."""
    merchant_id: Mapped[UUID]
    payment_id: Mapped[UUID] = mapped_column(index=True)
    amount: Mapped[int]
    """What it took; below zero what it paid back."""
    fee: Mapped[int]
    currency: Mapped[str]
    outcome: Mapped[str]
    at: Mapped[datetime]
    """From when on the money is there."""
    refusals: Mapped[int]
    """How often it refused to pay back."""


class ReconciliationRow(Model):
    """A provider's day compared with ours, once."""

    __tablename__ = "reconciliation"
    __table_args__ = (
        Index(
            "reconciliation_nightly",
            "merchant_id",
            "provider",
            "day",
            unique=True,
            postgresql_where=text("by is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(index=True)
    provider: Mapped[str]
    day: Mapped[str]
    """In China, ISO 8601."""
    filename: Mapped[str]
    by: Mapped[UUID | None]
    """Who brought the file; None where it was fetched at night."""
    at: Mapped[datetime]
    lines: Mapped[int]
    mismatches: Mapped[int]
    elsewhere: Mapped[int]
    """Lines that are of other merchants with the same account."""
    paid: Mapped[int]
    refunded: Mapped[int]
    fees: Mapped[int]
    our_paid: Mapped[int]
    our_refunded: Mapped[int]


class ReconciliationLineRow(Model):
    """One line of a report: theirs, ours, and how the two compare."""

    __tablename__ = "reconciliation_line"
    __table_args__ = (
        Index("reconciliation_line_page", "report_id", "id"),
        Index("reconciliation_line_told", "merchant_id", "provider", "our_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("reconciliation.id"))
    provider: Mapped[str]
    day: Mapped[str]
    finding: Mapped[Finding]
    kind: Mapped[EntryKind]
    our_id: Mapped[str]
    ref: Mapped[str]
    row: Mapped[int | None]
    ours: Mapped[int | None]
    theirs: Mapped[int | None]
    fee: Mapped[int | None]
    expected_fee: Mapped[int | None]
    order_id: Mapped[UUID | None]
