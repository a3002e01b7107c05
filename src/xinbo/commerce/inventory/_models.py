"""Tables of the inventory room."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model


class StockRow(Model):
    """Stock of one SKU in one pool of one merchant."""

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("reserved >= 0 and reserved <= on_hand", name="stock_not_oversold"),
        Index("stock_pool", "merchant_id", "pool_id"),
        {"postgresql_with": {"fillfactor": 50}},  # updates stay on the page: no index is touched
    )

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    on_hand: Mapped[int]
    reserved: Mapped[int] = mapped_column(default=0, server_default="0")
    closed: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Whether pieces that come back go to the general pool."""

    @hybrid_property
    def left(self) -> int:
        """What can still be promised."""
        return self.on_hand - self.reserved


class ReservationRow(Model):
    """Pieces set aside for a holder."""

    __tablename__ = "reservation"

    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID]
    quantity: Mapped[int]
    merchant_id: Mapped[UUID]
