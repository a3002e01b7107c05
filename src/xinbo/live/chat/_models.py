"""Tables of the chat room. What people said is here and nowhere else."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.live.chat._rules import MessageKind, SaidState, WordAction
from xinbo.live.chat._types import AppealDecision, Rule, SanctionKind, Speaker


class MessageRow(Model):
    """What someone said in a show, and what became of it."""

    __tablename__ = "chat_message"
    __table_args__ = (
        Index("chat_message_show", "show_id", "at", "id"),
        Index("chat_message_viewer", "merchant_id", "viewer_id"),
        Index("chat_message_at", "at"),
        Index("chat_message_held", "show_id", "at", "id", postgresql_where=text("state = 'held'")),
    )

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made by the author's page: unique in its show, not beyond."""
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    viewer_id: Mapped[UUID]
    by: Mapped[str]
    name: Mapped[str]
    role: Mapped[Speaker]
    text: Mapped[str]
    kind: Mapped[MessageKind]
    state: Mapped[SaidState]
    why: Mapped[str | None]
    level: Mapped[str | None]
    buyer: Mapped[bool]
    at: Mapped[datetime]
    simulated: Mapped[bool]
    rehearsal: Mapped[bool]
    rule: Mapped[Rule | None]
    note: Mapped[str] = mapped_column(server_default="")
    handled_role: Mapped[str | None]
    """In what capacity whoever decided about it acted."""
    handled_at: Mapped[datetime | None]


class WordRow(Model):
    """A word on a merchant's list."""

    __tablename__ = "chat_word"
    __table_args__ = (UniqueConstraint("merchant_id", "text"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    text: Mapped[str]
    action: Mapped[WordAction]
    note: Mapped[str]
    created_at: Mapped[datetime]


class RuleRow(Model):
    """How a show's chat is kept in order, beside the slow mode that stands on its stage."""

    __tablename__ = "chat_rule"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    hold_all: Mapped[bool]


class SanctionRow(Model):
    """What was done to someone who spoke."""

    __tablename__ = "chat_sanction"
    __table_args__ = (Index("chat_sanction_show", "show_id", "viewer_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    viewer_id: Mapped[UUID]
    name: Mapped[str]
    message_id: Mapped[UUID]
    kind: Mapped[SanctionKind]
    rule: Mapped[Rule]
    note: Mapped[str]
    by_id: Mapped[UUID | None]
    role: Mapped[str]
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    rehearsal: Mapped[bool]
    """Made in a rehearsal: it does not hold in the show."""
    lifted_at: Mapped[datetime | None]
    lifted_role: Mapped[str | None]


class AppealRow(Model):
    """Someone asks the staff to think again: once about each sanction or message."""

    __tablename__ = "chat_appeal"
    __table_args__ = (
        UniqueConstraint("show_id", "viewer_id", "about_id"),
        Index("chat_appeal_merchant", "merchant_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    viewer_id: Mapped[UUID]
    about_id: Mapped[UUID]
    """The sanction or the message."""
    sanction_id: Mapped[UUID | None] = mapped_column(ForeignKey("chat_sanction.id"))
    text: Mapped[str]
    at: Mapped[datetime]
    decision: Mapped[AppealDecision | None]
    answer: Mapped[str] = mapped_column(server_default="")
    decided_at: Mapped[datetime | None]
    decided_role: Mapped[str | None]
