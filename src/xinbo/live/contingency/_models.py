"""Tables of the contingency room."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.live.contingency._rules import IncidentKind, IncidentOutcome


class PlaybookRow(Model):
    """A playbook that a merchant has written, or rewritten: the house's own have no row."""

    __tablename__ = "playbook"
    __table_args__ = (Index("playbook_of_merchant", "merchant_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    kind: Mapped[IncidentKind]
    title: Mapped[str]
    word: Mapped[str | None]
    steps: Mapped[list[Any]] = mapped_column(JSONB)
    version: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]


class ContingencyRow(Model):
    """What a show has prepared for: the version of it, and who answers for what."""

    __tablename__ = "contingency"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    team: Mapped[list[Any]] = mapped_column(JSONB)
    version: Mapped[int]


class RiskRow(Model):
    """A risk of a show."""

    __tablename__ = "risk"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[IncidentKind]
    word: Mapped[str | None]
    title: Mapped[str]
    product_id: Mapped[UUID | None]
    probability: Mapped[int]
    impact: Mapped[int]
    prevention: Mapped[str]
    owner_id: Mapped[UUID | None]
    playbook_id: Mapped[UUID | None]


class IncidentRow(Model):
    """An incident: the playbook as it stood when it was opened, and what became of each step."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("incident_of_show", "show_id", "id"),
        Index(
            "incident_open_once",
            "show_id",
            "playbook_id",
            "product_id",
            unique=True,
            postgresql_where=text("closed_at is null"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    kind: Mapped[IncidentKind]
    word: Mapped[str | None]
    title: Mapped[str]
    playbook_id: Mapped[UUID]
    product_id: Mapped[UUID | None]
    note: Mapped[str]
    drill: Mapped[bool]
    rehearsal: Mapped[bool]
    detected: Mapped[bool]
    affected: Mapped[dict[str, object]]
    steps: Mapped[list[Any]] = mapped_column(JSONB)
    version: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    outcome: Mapped[IncidentOutcome | None]
    outcome_note: Mapped[str]
    acted_by: Mapped[UUID | None]
    """Who touched it last, what they did and when: told to whoever comes too late."""
    acted: Mapped[str]
    acted_at: Mapped[datetime]
