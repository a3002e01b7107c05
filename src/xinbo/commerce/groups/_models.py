"""Tables of the groups room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.commerce.groups._rules import GroupState, SeatState
from xinbo.engines.db import Model


class GroupRow(Model):
    """A group that buys together."""

    __tablename__ = "buying_group"
    __table_args__ = (
        CheckConstraint("taken between 0 and size", name="group_not_overfull"),
        CheckConstraint("paid between 0 and taken", name="group_paid_are_seated"),
        Index("group_of_merchant", "merchant_id", "id"),
        Index(
            "group_of_offer",
            "merchant_id",
            "offer_id",
            "ends_at",
            postgresql_where=text("state = 'open'"),
        ),
        Index("group_due", "ends_at", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    offer_id: Mapped[UUID]
    sku_id: Mapped[UUID]
    initiator_id: Mapped[UUID]
    size: Mapped[int]
    hours: Mapped[int]
    taken: Mapped[int]
    """Seats that somebody holds, paid for or not."""
    paid: Mapped[int]
    state: Mapped[GroupState]
    opened_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    """When the first seat was paid for: the time runs from then on."""
    ends_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class SeatRow(Model):
    """A seat in a group: one order's."""

    __tablename__ = "group_seat"
    __table_args__ = (
        UniqueConstraint("group_id", "shopper_id", name="group_seat_once"),
        Index("group_seat_of_shopper", "merchant_id", "shopper_id", "order_id"),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    group_id: Mapped[UUID] = mapped_column(ForeignKey("buying_group.id"))
    shopper_id: Mapped[UUID]
    state: Mapped[SeatState]
    joined_at: Mapped[datetime]
