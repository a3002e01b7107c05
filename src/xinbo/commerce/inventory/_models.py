"""Tables of the inventory room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id


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
    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    merchant_id: Mapped[UUID]


class WarehouseRow(Model):
    """A place where a merchant keeps goods."""

    __tablename__ = "warehouse"
    __table_args__ = (
        UniqueConstraint("merchant_id", "name", name="warehouse_name"),
        Index("warehouse_default", "merchant_id", unique=True, postgresql_where=text("is_default")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    name: Mapped[str]
    address: Mapped[str]
    is_default: Mapped[bool]
    """Whether it is meant where none is named."""
    created_at: Mapped[datetime]


class HeldRow(Model):
    """Pieces of one SKU that lie in one warehouse."""

    __tablename__ = "warehouse_stock"
    __table_args__ = (CheckConstraint("on_hand >= 0", name="warehouse_stock_not_negative"),)

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    warehouse_id: Mapped[UUID] = mapped_column(ForeignKey(WarehouseRow.id), primary_key=True)
    on_hand: Mapped[int]


class MovementRow(Model):
    """Pieces that came into a warehouse or left it. Rows are only ever added."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        Index("stock_movement_list", "merchant_id", "id"),
        Index("stock_movement_sku", "merchant_id", "sku_id", "id"),
        Index(
            "stock_movement_key",
            "merchant_id",
            "key",
            postgresql_where=text("key is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    sku_id: Mapped[UUID]
    warehouse_id: Mapped[UUID]
    delta: Mapped[int]
    why: Mapped[str]
    actor_id: Mapped[UUID | None]
    at: Mapped[datetime]
    ref: Mapped[str]
    note: Mapped[str]
    key: Mapped[str | None]
    """What makes a repeated request harmless."""


class WatchRow(Model):
    """An SKU of which the merchant wants to know when few are left."""

    __tablename__ = "stock_watch"
    __table_args__ = (
        Index(
            "stock_watch_low",
            "merchant_id",
            "sku_id",
            postgresql_where=text("low_since is not null"),
        ),
    )

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    threshold: Mapped[int]
    """Low = this many or fewer can still be promised, over all pools."""
    low_since: Mapped[datetime | None]


class TouchedRow(Model):
    """An SKU whose stock was touched, and that a sweep is to look at."""

    __tablename__ = "stock_touched"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
