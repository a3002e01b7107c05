"""Tables of the cart room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model


class CartLineRow(Model):
    """An SKU that a shopper means to buy."""

    __tablename__ = "cart_line"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    shopper_id: Mapped[UUID] = mapped_column(primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    show_id: Mapped[UUID | None]
    """The show it was put in the cart in: its price and its stock apply."""
    added_at: Mapped[datetime]
