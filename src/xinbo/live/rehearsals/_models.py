"""Tables of the rehearsals room. Nothing here is an order, a payment or stock."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.live.rehearsals._rules import CrowdProfile, DrillKind, DrillState, RehearsalState

RUNNING = text("state = 'running'")


class RehearsalRow(Model):
    """One rehearsal of a show: a show has one at a time."""

    __tablename__ = "rehearsal"
    __table_args__ = (
        Index("rehearsal_one_running", "show_id", unique=True, postgresql_where=RUNNING),
        Index("rehearsal_of_show", "merchant_id", "show_id", "id"),
        Index("rehearsal_running", "state", postgresql_where=RUNNING),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    number: Mapped[int]
    """The show's first, second, … rehearsal."""
    state: Mapped[RehearsalState]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    began_by: Mapped[UUID | None]
    interrupted: Mapped[bool]
    """It ended because the show was taken elsewhere: on air, mostly."""
    speed: Mapped[int]
    """How many times as fast as a clock the show runs."""
    autopilot: Mapped[bool]
    total_minutes: Mapped[int]
    """What the run-of-show takes, as it stood when this began."""
    audience_size: Mapped[int]
    profile: Mapped[CrowdProfile]
    past_show_id: Mapped[UUID | None]
    seed: Mapped[int]
    arrived: Mapped[int]
    peak: Mapped[int]
    messages: Mapped[int]
    likes: Mapped[int]
    entries: Mapped[int]
    """Entries of simulated viewers in games."""
    held_by: Mapped[UUID | None]
    """The worker that plays the audience; another takes over when `held_until` is past."""
    held_until: Mapped[datetime | None]
    score: Mapped[int | None]
    """Of 100."""
    judged: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    """The parts of the score with their reasons."""


class RehearsedCueRow(Model):
    """A cue as it was planned when the rehearsal began, and when it was started."""

    __tablename__ = "rehearsed_cue"

    rehearsal_id: Mapped[UUID] = mapped_column(
        ForeignKey("rehearsal.id", ondelete="CASCADE"), primary_key=True
    )
    cue_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    position: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    due_minute: Mapped[int]
    minutes: Mapped[int]
    started_at: Mapped[datetime | None]
    by_autopilot: Mapped[bool]


class DrillRow(Model):
    """Something that goes wrong on purpose, and what was done about it."""

    __tablename__ = "rehearsal_drill"
    __table_args__ = (Index("rehearsal_drill_of", "rehearsal_id", "minute"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey("rehearsal.id", ondelete="CASCADE"))
    kind: Mapped[DrillKind]
    minute: Mapped[int]
    """Of the show, not of the clock on the wall."""
    product_id: Mapped[UUID | None]
    state: Mapped[DrillState]
    began_at: Mapped[datetime | None]
    incident_id: Mapped[UUID | None]
    detected: Mapped[bool]
    """The house noticed by itself, before the drill had to tell."""
    reacted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    steps: Mapped[int]
    steps_done: Mapped[int]
    out_of_order: Mapped[int]
    points: Mapped[int | None]


class ShelfRow(Model):
    """An SKU as the rehearsal sells it: the planned pieces, of which nobody gets one."""

    __tablename__ = "rehearsal_shelf"

    rehearsal_id: Mapped[UUID] = mapped_column(
        ForeignKey("rehearsal.id", ondelete="CASCADE"), primary_key=True
    )
    sku_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    product_id: Mapped[UUID]
    price: Mapped[int]
    left: Mapped[int]
    sold: Mapped[int]


class PurchaseRow(Model):
    """What a simulated viewer took. No order, no payment, no piece of stock."""

    __tablename__ = "rehearsal_purchase"
    __table_args__ = (
        UniqueConstraint("rehearsal_id", "act", name="rehearsal_purchase_once"),
        Index("rehearsal_purchase_of", "rehearsal_id", "product_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    rehearsal_id: Mapped[UUID] = mapped_column(ForeignKey("rehearsal.id", ondelete="CASCADE"))
    act: Mapped[str]
    """Which of the audience's acts it was: played twice, it buys once."""
    viewer: Mapped[int]
    sku_id: Mapped[UUID]
    product_id: Mapped[UUID]
    price: Mapped[int]
    at: Mapped[datetime]
