"""Tables of the promotions room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from xinbo.commerce.promotions._rules.life import PromotionKind, PromotionState
from xinbo.engines.db import Model


class PromotionRow(Model):
    """One promotion of any kind."""

    __tablename__ = "promotion"
    __table_args__ = (
        UniqueConstraint("merchant_id", "key", name="promotion_once"),
        Index("promotion_of_merchant", "merchant_id", "id"),
        Index(
            "promotion_alive",
            "merchant_id",
            "venue_id",
            postgresql_where=text("state in ('scheduled', 'running')"),
        ),
        Index("promotion_to_start", "starts_at", postgresql_where=text("state = 'scheduled'")),
        Index("promotion_to_end", "ends_at", postgresql_where=text("state = 'running'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    kind: Mapped[PromotionKind]
    name: Mapped[str]
    state: Mapped[PromotionState]
    venue_id: Mapped[UUID]
    """Nil: the whole shop."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    rule: Mapped[dict[str, object]] = mapped_column(JSONB)
    version: Mapped[int]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    key: Mapped[str | None]
    """Of a request that made it in one go, so that a repeated one makes no second."""

    items: Mapped[list["PromotionItemRow"]] = relationship(
        lazy="raise", order_by="PromotionItemRow.position", cascade="all, delete-orphan"
    )


class PromotionItemRow(Model):
    """An SKU that a promotion puts up, and its terms there."""

    __tablename__ = "promotion_item"
    __table_args__ = (Index("promotion_item_of_sku", "merchant_id", "sku_id"),)

    promotion_id: Mapped[UUID] = mapped_column(ForeignKey("promotion.id"), primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    position: Mapped[int]
    price: Mapped[int]
    stock: Mapped[int | None]
    per_person: Mapped[int | None]
    deposit: Mapped[int | None]
    worth: Mapped[int | None]
    floor: Mapped[int | None]
    given: Mapped[int | None]
    """Pieces that were set aside when it began."""


class CouponCountRow(Model):
    """How many of a coupon are out: apart from `promotion`, since every claim changes it."""

    __tablename__ = "coupon_count"
    __table_args__ = (
        CheckConstraint("claimed >= 0 and claimed <= total", name="coupon_not_overclaimed"),
        {"postgresql_with": {"fillfactor": 50}},
    )

    promotion_id: Mapped[UUID] = mapped_column(ForeignKey("promotion.id"), primary_key=True)
    merchant_id: Mapped[UUID]
    total: Mapped[int]
    claimed: Mapped[int]


class CouponRow(Model):
    """A coupon that a shopper claimed."""

    __tablename__ = "coupon"
    __table_args__ = (
        UniqueConstraint("promotion_id", "shopper_id", "nth", name="coupon_within_limit"),
        UniqueConstraint("promotion_id", "shopper_id", "key", name="coupon_once"),
        CheckConstraint("(order_id is null) = (used_at is null)", name="coupon_used_on_an_order"),
        Index("coupon_of_shopper", "merchant_id", "shopper_id", "id"),
        Index("coupon_of_order", "order_id", postgresql_where=text("order_id is not null")),
        Index(
            "coupon_to_expire",
            "use_until",
            postgresql_where=text("order_id is null and expired_at is null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    promotion_id: Mapped[UUID] = mapped_column(ForeignKey("promotion.id"))
    shopper_id: Mapped[UUID]
    nth: Mapped[int]
    """The shopper's first, second, … of this template."""
    key: Mapped[str]
    """Of the request that claimed it."""
    claimed_at: Mapped[datetime]
    use_from: Mapped[datetime]
    use_until: Mapped[datetime]
    order_id: Mapped[UUID | None]
    used_at: Mapped[datetime | None]
    paid: Mapped[int | None]
    """What was paid for the order, once it was."""
    expired_at: Mapped[datetime | None]


class PaidShopperRow(Model):
    """A shopper who has paid an order once: no new shopper any more."""

    __tablename__ = "paid_shopper"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    shopper_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
