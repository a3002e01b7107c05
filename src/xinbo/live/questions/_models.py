"""Tables of the questions room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.live.questions._rules.life import QuestionKind, QuestionStatus
from xinbo.live.questions._rules.topics import QuestionTopic


class QuestionDeskRow(Model):
    """A show's questions as a whole. Its lock makes grouping and taking one at a time."""

    __tablename__ = "question_desk"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    pinned_product_id: Mapped[UUID | None]
    """What the stage shows, as far as this room heard."""
    overlooked: Mapped[int] = mapped_column(default=0)


class QuestionRow(Model):
    """A group of people who ask the same."""

    __tablename__ = "question"
    __table_args__ = (
        Index("question_queue", "show_id", "status", text("rank desc")),
        Index(
            "question_on_air",
            "show_id",
            "rehearsal",
            unique=True,
            postgresql_where=text("status = 'on_air'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    kind: Mapped[QuestionKind]
    topic: Mapped[QuestionTopic]
    text: Mapped[str]
    shapes: Mapped[list[str]]
    """Texts as they are compared: the first few that differ."""
    wordings: Mapped[list[str]]
    """The same as they were written."""
    product_id: Mapped[UUID | None]
    status: Mapped[QuestionStatus]
    was: Mapped[QuestionStatus | None]
    """What it was before it was dismissed."""
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("question.id"))
    count: Mapped[int]
    simulated: Mapped[int]
    rank: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    first_second: Mapped[int | None]
    rehearsal: Mapped[bool]
    version: Mapped[int]
    acted_by: Mapped[UUID | None]
    acted_at: Mapped[datetime | None]
    acted: Mapped[str | None]
    """What was done last."""
    on_air_at: Mapped[datetime | None]
    second: Mapped[int | None]
    until_second: Mapped[int | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    owner_id: Mapped[UUID | None]
    note: Mapped[str]
    done_at: Mapped[datetime | None]


class QuestionAskRow(Model):
    """One message by which someone asks. Personal: erased with its author."""

    __tablename__ = "question_ask"
    __table_args__ = (
        Index("question_ask_of", "question_id", "viewer_id"),
        Index("question_ask_by", "viewer_id", "show_id"),
    )

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Of the message: its author's choice, so it says nothing outside its show."""
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    viewer_id: Mapped[UUID]
    name: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    simulated: Mapped[bool]
