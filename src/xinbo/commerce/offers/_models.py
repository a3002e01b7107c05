"""Tables of the offers room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.commerce.offers._rules import OfferKind
from xinbo.engines.db import Model
from xinbo.kit.ids import NIL, new_id


class OfferRow(Model):
    """An SKU at a price, out of a pool of stock, by somebody who offers it: a show, a promotion."""

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint("price >= 0", name="offer_price_not_negative"),
        UniqueConstraint("merchant_id", "source_id", "sku_id", name="offer_once"),
        Index("offer_of_sku", "merchant_id", "sku_id", postgresql_where=text("active")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    source_id: Mapped[UUID]
    """Who offers it: a show's or a promotion's id."""
    venue_id: Mapped[UUID] = mapped_column(default=NIL)
    """Where it holds: a show's id; nil for the whole shop."""
    sku_id: Mapped[UUID]
    kind: Mapped[OfferKind]
    price: Mapped[int]
    pool_id: Mapped[UUID]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    per_person: Mapped[int | None]
    level: Mapped[int]
    terms: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    active: Mapped[bool]
    """False once its source closed or dropped it: the row stays, as what was once promised."""


class BoughtRow(Model):
    """How many pieces of an offer somebody took, where it limits them."""

    __tablename__ = "offer_bought"

    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    shopper_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    quantity: Mapped[int]
