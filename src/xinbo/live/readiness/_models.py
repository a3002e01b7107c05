"""Tables of the readiness room."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.live.readiness._rules import KitGrade


class WaiverRow(Model):
    """A check of a show that an owner has waived."""

    __tablename__ = "readiness_waiver"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    reason: Mapped[str]
    by: Mapped[UUID | None]
    at: Mapped[datetime]


class KitTestRow(Model):
    """A kit, tested for a show."""

    __tablename__ = "kit_test"
    __table_args__ = (Index("kit_test_of_show", "show_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    by: Mapped[UUID | None]
    at: Mapped[datetime]
    measured: Mapped[dict[str, object]]
    verdicts: Mapped[dict[str, object]]
    verdict: Mapped[KitGrade]
    passed: Mapped[bool]


class ChecklistRow(Model):
    """A show's checklist; one that nobody has touched has no row."""

    __tablename__ = "checklist"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    items: Mapped[list[Any]] = mapped_column(JSONB)
    version: Mapped[int]
