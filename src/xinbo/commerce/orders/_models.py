"""Tables of the orders room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from xinbo.commerce.orders._rules import Status, number
from xinbo.engines.db import Model


class OrderRow(Model):
    """One order."""

    __tablename__ = "order"
    __table_args__ = (
        UniqueConstraint("merchant_id", "shopper_id", "idempotency_key", name="order_once"),
        Index("order_of_merchant", "merchant_id", "id"),
        Index("order_of_shopper", "merchant_id", "shopper_id", "id"),
        Index("order_of_show", "show_id", "id", postgresql_where=text("show_id is not null")),
        Index("order_unpaid", "pay_by", postgresql_where=text("status = 'awaiting_payment'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    """Where the order's number comes from (`_rules.number`)."""
    merchant_id: Mapped[UUID]
    shopper_id: Mapped[UUID]
    show_id: Mapped[UUID | None]
    status: Mapped[Status]
    total: Mapped[int]
    currency: Mapped[str]
    recipient: Mapped[dict[str, object]] = mapped_column(JSONB)
    note: Mapped[str]
    placed_at: Mapped[datetime]
    pay_by: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    payment_id: Mapped[UUID | None]
    """The payment that was counted; any other one goes back."""
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    simulated: Mapped[bool]
    idempotency_key: Mapped[str]
    fingerprint: Mapped[str]
    """Hash of the request's body, so that a key cannot be used for something else."""

    @property
    def number(self) -> str:
        """What people say on the phone."""
        return number(self.serial, self.placed_at)

    lines: Mapped[list["OrderLineRow"]] = relationship(
        lazy="raise", order_by="OrderLineRow.position"
    )


class OrderLineRow(Model):
    """One line of an order, as it was when it was placed."""

    __tablename__ = "order_line"

    merchant_id: Mapped[UUID]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("order.id"), primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    product_id: Mapped[UUID]
    title: Mapped[str]
    options: Mapped[list[str]] = mapped_column(JSONB)
    picture_url: Mapped[str | None]
    unit: Mapped[str]
    quantity: Mapped[int]
    price: Mapped[int]
    list_price: Mapped[int]
