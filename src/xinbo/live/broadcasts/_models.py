"""Tables of the broadcasts room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.live.broadcasts._types import VideoState


class BroadcastRow(Model):
    """A show's stream: its key, whether it runs, where it is played and recorded."""

    __tablename__ = "broadcast"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    stream_id: Mapped[UUID] = mapped_column(unique=True, default=new_id)
    stream_key: Mapped[str] = mapped_column(unique=True)
    playback_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[VideoState]
    session: Mapped[UUID | None]
    protocol: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    started_at: Mapped[datetime | None]
    recorded_ms: Mapped[int]
    """Milliseconds recorded by sessions that are over."""
    recording: Mapped[bool]
    """Whether any segment was ever written."""
