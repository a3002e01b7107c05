"""Tables of the templates room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model


class PlanTemplateRow(Model):
    """A run-of-show that the merchant keeps."""

    __tablename__ = "plan_template"
    __table_args__ = (Index("plan_template_of_merchant", "merchant_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    name: Mapped[str]
    summary: Mapped[str]
    minutes: Mapped[int]
    body: Mapped[dict[str, object]] = mapped_column(JSONB)
    """Slots, cues, games and promotions, as the wire spells them."""
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]


class PlanChangeRow(Model):
    """A template that was applied, and what stood there before: to take it back."""

    __tablename__ = "plan_change"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    version: Mapped[int]
    """What the show's plan came to by it."""
    before: Mapped[dict[str, object]] = mapped_column(JSONB)
    games: Mapped[list[str]] = mapped_column(JSONB)
    promotions: Mapped[list[str]] = mapped_column(JSONB)
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    taken_back_at: Mapped[datetime | None]
