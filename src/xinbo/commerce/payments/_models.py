"""Tables of the payments room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.commerce.payments._rules import PaymentStatus
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


class SandboxRefundRow(Model):
    """The sandbox provider's own books: what it paid back, once per payment."""

    __tablename__ = "sandbox_refund"

    payment_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    amount: Mapped[int]
    at: Mapped[datetime]
