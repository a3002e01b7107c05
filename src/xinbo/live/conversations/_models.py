"""Tables of the conversations room. All personal data of this room is in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.live.conversations._rules import (
    ConversationKind,
    ConversationOutcome,
    ConversationState,
    TalkSide,
)

OPEN = text("state <> 'closed'")
ZERO = text("0")


class ConversationRow(Model):
    """A private conversation between a shopper and the shop."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index(
            "conversation_one_open",
            "merchant_id",
            "shopper_id",
            "show_id",
            unique=True,
            postgresql_where=OPEN,
            postgresql_nulls_not_distinct=True,
        ),
        Index("conversation_of_shopper", "merchant_id", "shopper_id", "id"),
        Index("conversation_of_merchant", "merchant_id", "id"),
        Index("conversation_of_show", "show_id", "id"),
        Index("conversation_queue", "merchant_id", "waiting_since", "id", postgresql_where=OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID | None]
    """Null: asked outside of a show."""
    shopper_id: Mapped[UUID]
    kind: Mapped[ConversationKind]
    state: Mapped[ConversationState]
    product_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    """What was asked about last."""
    opened_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    agent_id: Mapped[UUID | None]
    taken_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[ConversationOutcome | None]
    said: Mapped[int] = mapped_column(server_default=ZERO)
    """Messages so far."""
    unseen_by_agent: Mapped[int] = mapped_column(server_default=ZERO)
    unseen_by_shopper: Mapped[int] = mapped_column(server_default=ZERO)
    seen_by_agent_at: Mapped[datetime | None]
    seen_by_shopper_at: Mapped[datetime | None]
    last_text: Mapped[str] = mapped_column(server_default="")
    last_speaker: Mapped[TalkSide]
    last_at: Mapped[datetime]
    rehearsal: Mapped[bool]


class MessageRow(Model):
    """Something that was said, or a note of what was done."""

    __tablename__ = "conversation_message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "key", name="conversation_message_once"),
        Index("conversation_message_of", "conversation_id", "serial"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    serial: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    merchant_id: Mapped[UUID]
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    shopper_id: Mapped[UUID]
    key: Mapped[UUID]
    """The id that its sender gave it: sent twice, it is said once."""
    speaker: Mapped[TalkSide]
    by_id: Mapped[UUID | None]
    internal: Mapped[bool]
    """Among the staff only."""
    text: Mapped[str]
    note: Mapped[str | None]
    """What was done, where the house notes something."""
    picture_ids: Mapped[list[str]] = mapped_column(JSONB)
    card: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    at: Mapped[datetime]


class ConversationPictureRow(Model):
    """A picture that someone showed. Private: for the shopper and those who serve."""

    __tablename__ = "conversation_picture"
    __table_args__ = (Index("conversation_picture_of", "conversation_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    by_id: Mapped[UUID]
    shopper_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    key: Mapped[str]
    at: Mapped[datetime]


class DutyRow(Model):
    """An agent who serves a show now."""

    __tablename__ = "duty"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    since: Mapped[datetime]
    seen_at: Mapped[datetime]


class PhraseRow(Model):
    """A quick reply of the merchant's (常用语)."""

    __tablename__ = "phrase"
    __table_args__ = (Index("phrase_of_merchant", "merchant_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    position: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]
