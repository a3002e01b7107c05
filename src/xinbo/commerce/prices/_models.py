"""Tables of the prices room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model


class PriceShownRow(Model):
    """A price over a stretch of time. Only `until_at` ever changes, and only to end it sooner."""

    __tablename__ = "price_shown"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price_shown_not_negative"),
        CheckConstraint("until_at >= from_at", name="price_shown_forward"),
        Index("price_shown_of_sku", "merchant_id", "sku_id", "from_at"),
        Index("price_shown_of_source", "merchant_id", "source_id", "sku_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    venue_id: Mapped[UUID]
    sku_id: Mapped[UUID]
    source_id: Mapped[UUID]
    kind: Mapped[str]
    price: Mapped[int]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class PriceDealRow(Model):
    """A price that somebody paid."""

    __tablename__ = "price_deal"
    __table_args__ = (
        Index("price_deal_of_sku", "merchant_id", "sku_id", "venue_id", "at", "price"),
    )

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    venue_id: Mapped[UUID] = mapped_column(primary_key=True)
    price: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
