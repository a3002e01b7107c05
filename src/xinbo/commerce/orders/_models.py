"""Tables of the orders room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from xinbo.commerce.offers import OfferKind
from xinbo.commerce.orders._rules import Status, number
from xinbo.engines.db import Model

UNPAID = text("status = 'awaiting_payment'")
ZERO = text("0")


class OrderRow(Model):
    """One order."""

    __tablename__ = "order"
    __table_args__ = (
        UniqueConstraint("merchant_id", "shopper_id", "idempotency_key", name="order_once"),
        Index("order_of_merchant", "merchant_id", "id"),
        Index("order_of_shopper", "merchant_id", "shopper_id", "id"),
        Index("order_of_show", "show_id", "id", postgresql_where=text("show_id is not null")),
        Index("order_of_group", "group_id", postgresql_where=text("group_id is not null")),
        Index("order_unpaid", "pay_by", postgresql_where=UNPAID),
        Index("order_unpaid_of", "shopper_id", postgresql_where=UNPAID),
        Index("order_unpaid_on", "device", postgresql_where=UNPAID),
        Index("order_unpaid_to", "place", postgresql_where=UNPAID),
        Index(
            "order_due",
            "due_at",
            postgresql_where=text("due_at is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    """Where the order's number comes from (`_rules.number`)."""
    merchant_id: Mapped[UUID]
    shopper_id: Mapped[UUID]
    show_id: Mapped[UUID | None]
    kind: Mapped[OfferKind] = mapped_column(server_default="retail")
    offer_id: Mapped[UUID | None]
    """The offer that was chosen: group buying, pre-sale, bargaining."""
    group_id: Mapped[UUID | None]
    status: Mapped[Status]
    goods: Mapped[int] = mapped_column(server_default=ZERO)
    """Pieces times prices, before any discount."""
    off: Mapped[int] = mapped_column(server_default=ZERO)
    freight: Mapped[int] = mapped_column(server_default=ZERO)
    """What is charged for sending it."""
    points: Mapped[int] = mapped_column(server_default=ZERO)
    total: Mapped[int]
    """What the shopper pays in all: goods, less what is off, and freight."""
    deposit: Mapped[int] = mapped_column(server_default=ZERO)
    """Of a pre-sale: the part that is paid first; 0 of all others."""
    balance_from: Mapped[datetime | None]
    ships_by: Mapped[datetime | None]
    coupon_id: Mapped[UUID | None]
    coupon_back: Mapped[bool] = mapped_column(server_default=text("false"))
    bargain_id: Mapped[UUID | None]
    currency: Mapped[str]
    bill: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    """Why it costs what it costs, as it was shown."""
    recipient: Mapped[dict[str, object]] = mapped_column(JSONB)
    note: Mapped[str]
    placed_at: Mapped[datetime]
    pay_by: Mapped[datetime]
    """When the payment that is awaited now, or was last, must be in."""
    due_at: Mapped[datetime | None]
    """When the order moves on by itself: the balance lapses, receipt is taken as confirmed."""
    paid_at: Mapped[datetime | None]
    payment_id: Mapped[UUID | None]
    """The payment that was counted first; others are in `order_receipt`."""
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    refunded: Mapped[int] = mapped_column(server_default=ZERO)
    """Money that goes back or went back."""
    refunded_freight: Mapped[int] = mapped_column(server_default=ZERO)
    refunded_points: Mapped[int] = mapped_column(server_default=ZERO)
    earned_points: Mapped[int] = mapped_column(server_default=ZERO)
    device: Mapped[str | None]
    place: Mapped[str | None]
    """Hash of where it goes, to count what is held for one door."""
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
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sku_id: Mapped[UUID]
    product_id: Mapped[UUID]
    title: Mapped[str]
    options: Mapped[list[str]] = mapped_column(JSONB)
    picture_url: Mapped[str | None]
    unit: Mapped[str]
    quantity: Mapped[int]
    price: Mapped[int]
    list_price: Mapped[int]
    kind: Mapped[OfferKind] = mapped_column(server_default="retail")
    offer_id: Mapped[UUID | None]
    limited: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the offer counts what one person takes of it."""
    pool_id: Mapped[UUID | None]
    payable: Mapped[int] = mapped_column(server_default=ZERO)
    """What is paid in money for the whole line, freight apart."""
    points: Mapped[int] = mapped_column(server_default=ZERO)
    """The line's share of the points that were spent."""
    adjustments: Mapped[list[dict[str, object]]] = mapped_column(JSONB, server_default=text("'[]'"))
    gift: Mapped[bool] = mapped_column(server_default=text("false"))
    return_rule: Mapped[str] = mapped_column(server_default="seven_days")
    shipped: Mapped[int] = mapped_column(server_default=ZERO)
    withdrawn: Mapped[int] = mapped_column(server_default=ZERO)
    """Pieces that were taken out of the order before they were sent."""
    returned: Mapped[int] = mapped_column(server_default=ZERO)
    """Pieces whose money went back, sent or not."""
    refunded: Mapped[int] = mapped_column(server_default=ZERO)
    refunded_points: Mapped[int] = mapped_column(server_default=ZERO)


class ReceiptRow(Model):
    """A payment that was counted for an order: one, or of a pre-sale two."""

    __tablename__ = "order_receipt"
    __table_args__ = (Index("order_receipt_of", "order_id"),)

    payment_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("order.id"))
    purpose: Mapped[str]
    amount: Mapped[int]
    refunded: Mapped[int] = mapped_column(server_default=ZERO)
    at: Mapped[datetime]


class RefundRow(Model):
    """A refund that was decided, under the key that makes it happen once."""

    __tablename__ = "order_refund"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("order.id"), index=True)
    amount: Mapped[int]
    points: Mapped[int]
    coupon_restored: Mapped[bool]
    reason: Mapped[str]
    at: Mapped[datetime]
