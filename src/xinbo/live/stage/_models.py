"""Tables of the stage room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.live.stage._types import NoticeKind


class StageRow(Model):
    """What a show's phones show now. `seq` grows with every change."""

    __tablename__ = "stage"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    seq: Mapped[int]
    pinned_product_id: Mapped[UUID | None]
    pinned_at: Mapped[datetime | None]
    cue_id: Mapped[UUID | None]
    cue_started_at: Mapped[datetime | None]
    acts: Mapped[int] = mapped_column(server_default="0")
    last_acts: Mapped[dict[str, dict[str, str | int | None]]] = mapped_column(
        JSONB, server_default=text("'{}'::jsonb")
    )
    """By what was changed: the number of the last act, who did it, what and when."""
    explaining_product_id: Mapped[UUID | None]
    explaining_since: Mapped[datetime | None]
    shelf: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """Products in the order that was chosen on air; the others come after, as planned."""
    sold_out: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    text_room: Mapped[bool] = mapped_column(server_default=text("false"))
    slow_seconds: Mapped[int] = mapped_column(server_default="0")
    pace: Mapped[int] = mapped_column(server_default="1")


class NoticeRow(Model):
    """Something that everyone in a room was told."""

    __tablename__ = "notice"
    __table_args__ = (Index("notice_of_show", "show_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    kind: Mapped[NoticeKind]
    text: Mapped[str]
    product_id: Mapped[UUID | None]
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    """When it goes, or went, down."""
