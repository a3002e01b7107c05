"""Tables of the shows room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.live.shows._rules import ShowStatus
from xinbo.live.shows._types import CueFormat, CueKind, LineUpRole


class ShowRow(Model):
    """One show."""

    __tablename__ = "show"
    __table_args__ = (
        Index("show_on_air", "status", postgresql_where="status in ('live', 'rehearsal')"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"), index=True)
    title: Mapped[str]
    summary: Mapped[str]
    cover_url: Mapped[str | None]
    host_name: Mapped[str]
    host_avatar_url: Mapped[str | None]
    status: Mapped[ShowStatus]
    starts_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    planned_minutes: Mapped[int]
    simulated: Mapped[bool]
    version: Mapped[int]
    targets: Mapped[dict[str, int | None]] = mapped_column(JSONB, server_default=text("'{}'"))


class LineUpItemRow(Model):
    """A product's place in a show."""

    __tablename__ = "line_up_item"
    __table_args__ = (UniqueConstraint("show_id", "position", deferrable=True),)

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    talking_points: Mapped[str]
    role: Mapped[LineUpRole | None]


class LineUpSkuRow(Model):
    """An SKU's price and stock in a show."""

    __tablename__ = "line_up_sku"

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID]
    place: Mapped[int]
    price: Mapped[int]
    stock: Mapped[int | None]


class CueRow(Model):
    """A step of the run-of-show."""

    __tablename__ = "cue"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[CueKind]
    title: Mapped[str]
    minutes: Mapped[int]
    product_id: Mapped[UUID | None]
    notes: Mapped[str]
    starts_minute: Mapped[int | None]
    format: Mapped[CueFormat] = mapped_column(server_default=CueFormat.SOLO.value)
    product_ids: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'"))
    promotion_id: Mapped[UUID | None]
    game_id: Mapped[UUID | None]
    talking_points: Mapped[str] = mapped_column(server_default="")
    claims: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default=text("'[]'"))
    forbidden: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'"))
    owner: Mapped[str] = mapped_column(server_default="")
    target_units: Mapped[int | None]
    begun_at: Mapped[datetime | None]
