"""Tables of the aftersales room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from xinbo.commerce.aftersales._rules import CaseKind, CaseState, Reason, Side, Stage
from xinbo.engines.db import Model

OPEN = text("state not in ('completed', 'closed')")
ZERO = text("0")


class CaseRow(Model):
    """A case: something of an order that the shopper wants put right."""

    __tablename__ = "after_sale"
    __table_args__ = (
        UniqueConstraint("merchant_id", "shopper_id", "idempotency_key", name="after_sale_once"),
        Index("after_sale_of_order", "order_id", "id"),
        Index("after_sale_of_merchant", "merchant_id", "id"),
        Index("after_sale_of_shopper", "merchant_id", "shopper_id", "id"),
        Index("after_sale_desk", "merchant_id", "due_at", "id", postgresql_where=OPEN),
        Index("after_sale_due", "due_at", postgresql_where=text("due_at is not null")),
        CheckConstraint("refunded >= 0", name="after_sale_refunds_forward"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    merchant_id: Mapped[UUID]
    order_id: Mapped[UUID]
    order_number: Mapped[str]
    shopper_id: Mapped[UUID]
    kind: Mapped[CaseKind]
    state: Mapped[CaseState]
    stage: Mapped[Stage]
    reason: Mapped[Reason]
    words: Mapped[str]
    """What the shopper wrote."""
    amount: Mapped[int]
    """Money that was asked for, or agreed on, freight included."""
    freight: Mapped[int] = mapped_column(server_default=ZERO)
    """The part of it that is freight."""
    exact: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether it is the pieces' exact share: orders then splits points and coupons too."""
    refunded: Mapped[int] = mapped_column(server_default=ZERO)
    refunded_points: Mapped[int] = mapped_column(server_default=ZERO)
    compensated: Mapped[int] = mapped_column(server_default=ZERO)
    compensated_points: Mapped[int] = mapped_column(server_default=ZERO)
    return_freight_by: Mapped[Side]
    wanted_sku_id: Mapped[UUID | None]
    """The variant to be sent instead; null: the same."""
    proposed_kind: Mapped[CaseKind | None]
    proposed_amount: Mapped[int | None]
    proposed_words: Mapped[str] = mapped_column(server_default="")
    return_to: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    back_carrier: Mapped[str] = mapped_column(server_default="")
    back_number: Mapped[str] = mapped_column(server_default="")
    back_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    """When the merchant had the goods back."""
    out_carrier: Mapped[str] = mapped_column(server_default="")
    out_number: Mapped[str] = mapped_column(server_default="")
    out_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When time acts if nobody does."""
    misses: Mapped[int] = mapped_column(server_default=ZERO)
    extended: Mapped[bool] = mapped_column(server_default=text("false"))
    holding: Mapped[bool] = mapped_column(server_default=text("false"))
    proposals: Mapped[int] = mapped_column(server_default=ZERO)
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str | None]
    idempotency_key: Mapped[str]
    fingerprint: Mapped[str]
    step_key: Mapped[str] = mapped_column(server_default="")
    """Key of the request that moved it last: a repeated request changes nothing."""

    lines: Mapped[list["CaseLineRow"]] = relationship(lazy="raise", order_by="CaseLineRow.position")


class CaseLineRow(Model):
    """Pieces of an order's line that a case is about."""

    __tablename__ = "after_sale_line"
    __table_args__ = (CheckConstraint("quantity >= 0", name="after_sale_pieces"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("after_sale.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    merchant_id: Mapped[UUID]
    sku_id: Mapped[UUID]
    product_id: Mapped[UUID]
    title: Mapped[str]
    options: Mapped[list[str]] = mapped_column(JSONB)
    picture_url: Mapped[str | None]
    unit: Mapped[str]
    price: Mapped[int]
    quantity: Mapped[int]
    amount: Mapped[int]
    """The line's part of the case's money, freight apart."""


class StepRow(Model):
    """One thing that happened to a case: the timeline that both sides see."""

    __tablename__ = "after_sale_step"
    __table_args__ = (Index("after_sale_step_of", "case_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("after_sale.id"))
    at: Mapped[datetime]
    by: Mapped[Side]
    actor_id: Mapped[UUID | None]
    step: Mapped[str]
    state: Mapped[CaseState]
    amount: Mapped[int | None]
    words: Mapped[str]


class EvidenceRow(Model):
    """A picture that somebody put forward. Private: shown to those whose matter it is."""

    __tablename__ = "evidence"
    __table_args__ = (Index("evidence_about", "about_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    by_id: Mapped[UUID]
    """Who uploaded it: shopper or staff."""
    shopper_id: Mapped[UUID | None]
    """The shopper whose matter it is; null until it is attached."""
    about_id: Mapped[UUID | None]
    """The case or complaint it is attached to."""
    key: Mapped[str]
    at: Mapped[datetime]


class PriceGuardRow(Model):
    """Down to which price of a piece a line's buyer has been paid the difference."""

    __tablename__ = "price_guard"

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    merchant_id: Mapped[UUID]
    lowest: Mapped[int]
    refunded: Mapped[int]


class ReturnAddressRow(Model):
    """Where a merchant's returns go, unless said otherwise."""

    __tablename__ = "return_address"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    recipient: Mapped[dict[str, object]] = mapped_column(JSONB)


__all__ = [
    "CaseLineRow",
    "CaseRow",
    "EvidenceRow",
    "PriceGuardRow",
    "ReturnAddressRow",
    "StepRow",
]
