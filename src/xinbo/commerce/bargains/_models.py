"""Tables of the bargains room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model


class BargainRow(Model):
    """One shopper's bargain about one offer. What it costs follows from `cuts` and `helped`."""

    __tablename__ = "bargain"
    __table_args__ = (
        CheckConstraint("helped >= 0 and helped <= helpers", name="bargain_helped_in_bounds"),
        Index(
            "bargain_one_open",
            "merchant_id",
            "shopper_id",
            "sku_id",
            unique=True,
            postgresql_where=text("closed_at is null"),
        ),
        Index("bargain_of_shopper", "merchant_id", "shopper_id", "id"),
        Index("bargain_of_order", "order_id", postgresql_where=text("order_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    shopper_id: Mapped[UUID]
    offer_id: Mapped[UUID]
    sku_id: Mapped[UUID]
    start_price: Mapped[int]
    floor: Mapped[int]
    helpers: Mapped[int]
    seed: Mapped[str]
    cuts: Mapped[list[int]] = mapped_column(JSONB)
    commitment: Mapped[str]
    helped: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    order_id: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    """When it was bought, or found over: another one may then be started."""


class BargainHelpRow(Model):
    """One help: once a person and bargain."""

    __tablename__ = "bargain_help"
    __table_args__ = (Index("bargain_help_of_helper", "merchant_id", "helper_id", "at"),)

    bargain_id: Mapped[UUID] = mapped_column(ForeignKey("bargain.id"), primary_key=True)
    helper_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    place: Mapped[int]
    cut: Mapped[int]
    at: Mapped[datetime]
