"""Tables of the complaints room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.commerce.complaints._rules import ComplaintState, Party, Topic, Verdict
from xinbo.engines.db import Model

OPEN = text("state not in ('complete', 'cancel')")


class ComplaintRow(Model):
    """A complaint."""

    __tablename__ = "complaint"
    __table_args__ = (
        UniqueConstraint("merchant_id", "shopper_id", "idempotency_key", name="complaint_once"),
        Index("complaint_one_open", "order_id", unique=True, postgresql_where=OPEN),
        Index("complaint_of_merchant", "merchant_id", "id"),
        Index("complaint_of_shopper", "merchant_id", "shopper_id", "id"),
        Index("complaint_desk", "merchant_id", "due_at", "id", postgresql_where=OPEN),
        Index("complaint_due", "due_at", postgresql_where=text("due_at is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    merchant_id: Mapped[UUID]
    order_id: Mapped[UUID]
    order_number: Mapped[str]
    case_id: Mapped[UUID | None]
    shopper_id: Mapped[UUID]
    topic: Mapped[Topic]
    state: Mapped[ComplaintState]
    words: Mapped[str]
    wanted: Mapped[Verdict]
    amount: Mapped[int]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    verdict: Mapped[Verdict | None]
    decided_amount: Mapped[int | None]
    refunded: Mapped[int] = mapped_column(server_default=text("0"))
    decided_words: Mapped[str] = mapped_column(server_default="")
    decided_by: Mapped[Party | None]
    decided_by_id: Mapped[UUID | None]
    idempotency_key: Mapped[str]
    fingerprint: Mapped[str]
    step_key: Mapped[str] = mapped_column(server_default="")
    """Key of the request that moved it last: a repeated request changes nothing."""


class MessageRow(Model):
    """Something that was said."""

    __tablename__ = "complaint_message"
    __table_args__ = (Index("complaint_message_of", "complaint_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaint.id"))
    party: Mapped[Party]
    by_id: Mapped[UUID | None]
    words: Mapped[str]
    picture_ids: Mapped[list[str]] = mapped_column(JSONB)
    at: Mapped[datetime]
