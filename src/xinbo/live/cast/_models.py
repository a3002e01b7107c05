"""Tables of the cast room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.live.broadcasts import SourceName
from xinbo.live.cast._types import CastLayout, GuestState, SeatKind


class CastRow(Model):
    """Who holds a show, and how its picture is arranged."""

    __tablename__ = "show_cast"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    version: Mapped[int]
    host_user_id: Mapped[UUID | None]
    rehearsal_host_id: Mapped[UUID | None]
    """Who holds the show in the rehearsal that runs; forgotten when it ends."""
    layout: Mapped[CastLayout]
    changed_by: Mapped[UUID | None]
    changed_what: Mapped[str | None]
    changed_at: Mapped[datetime | None]


class SeatRow(Model):
    """Someone's seat in a show."""

    __tablename__ = "seat"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[SeatKind] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    stage_name: Mapped[str]
    avatar_url: Mapped[str | None]


class PresenceRow(Model):
    """When a console of a show was last heard of, and what it publishes."""

    __tablename__ = "seat_presence"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    seen_at: Mapped[datetime]
    source: Mapped[SourceName | None]


class GuestRow(Model):
    """A guest's link, and how far they have come."""

    __tablename__ = "show_guest"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    state: Mapped[GuestState]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    round: Mapped[int]
    offer: Mapped[str | None]
    """Network addresses of the guest are in it: wiped as soon as it has served."""
    answer: Mapped[str | None]
