"""Tables of the offers room."""

from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model


class OfferRow(Model):
    """An SKU at a price, out of a pool of stock, at a venue."""

    __tablename__ = "offer"
    __table_args__ = (CheckConstraint("price >= 0", name="offer_price_not_negative"),)

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    venue_id: Mapped[UUID] = mapped_column(primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    price: Mapped[int]
    pool_id: Mapped[UUID]
    active: Mapped[bool]
    """False once the venue closed or dropped it: the row stays, as what was once promised."""
