"""Tables of the members room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.commerce.members._types import MoveKind
from xinbo.engines.db import Model


class MemberRow(Model):
    """A shopper who joined, and their points."""

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("balance >= 0 and owed >= 0 and earned >= 0", name="member_never_below_0"),
    )

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    shopper_id: Mapped[UUID] = mapped_column(primary_key=True)
    balance: Mapped[int]
    owed: Mapped[int]
    earned: Mapped[int]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    """Points wait for a member who left; level and earning end."""


class PointMoveRow(Model):
    """Points that came or went: once per shopper and key."""

    __tablename__ = "point_move"
    __table_args__ = (Index("point_move_of_shopper", "merchant_id", "shopper_id", "id"),)

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    shopper_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    kind: Mapped[MoveKind]
    points: Mapped[int]
    balance: Mapped[int]
    why: Mapped[str]
    at: Mapped[datetime]


class ClubRow(Model):
    """What a merchant decided about points and levels."""

    __tablename__ = "club"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    earn_per_yuan: Mapped[int]
    fen_per_100: Mapped[int]
    most_per_10_000: Mapped[int]
    levels: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    version: Mapped[int]
