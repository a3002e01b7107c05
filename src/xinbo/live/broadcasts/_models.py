"""Tables of the broadcasts room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.live.broadcasts._types import SourceName, VideoState


class BroadcastRow(Model):
    """A show's programme: whether it runs, from which source, where it is played and recorded.

    `stream_key` is the main source's; what else there is to know of a source is in its own row.
    """

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
    source: Mapped[SourceName] = mapped_column(server_default="main")
    """The source that is on air; while none is, the one that is preferred."""
    switches: Mapped[int] = mapped_column(server_default="0")
    switched_by: Mapped[str | None]
    switched_at: Mapped[datetime | None]


class SourceRow(Model):
    """One of the two ways into a show's video."""

    __tablename__ = "broadcast_source"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("broadcast.show_id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[SourceName] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    stream_key: Mapped[str | None] = mapped_column(unique=True)
    """The backup's own key; null for main, whose key is the broadcast's."""
    state: Mapped[VideoState]
    session: Mapped[UUID | None]
    protocol: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    started_at: Mapped[datetime | None]
