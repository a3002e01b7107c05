"""Structs of the questions room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, Event, View
from xinbo.live.questions._rules.life import QuestionKind, QuestionStatus
from xinbo.live.questions._rules.topics import QuestionTopic

type Words = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
type Answer = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]
type Seen = Annotated[int, Meta(ge=0)] | None
"""The version that the operator saw; null looks at none."""


class Question(View, frozen=True):
    """What several people ask, as the staff sees it."""

    id: UUID
    show_id: UUID
    kind: QuestionKind
    topic: QuestionTopic
    text: str
    """In the words of whoever asked first, or of the staff."""
    wordings: list[str]
    """Some others of the ways it was asked."""
    product_id: UUID | None
    """What it is about: named in it, or pinned when it was asked."""
    status: QuestionStatus
    count: int
    """People who asked, each once."""
    simulated: int
    """The simulated among them."""
    first_at: datetime
    last_at: datetime
    first_second: int | None
    soon_at: datetime
    late_at: datetime
    """When its waiting becomes long, and too long."""
    version: int
    """Grows with each act of the staff, not with those who ask."""
    by: str | None
    """Who of the staff acted last."""
    acted_at: datetime | None
    on_air_at: datetime | None
    second: int | None
    """Second of the programme at which the host began to answer: where the replay has it."""
    until_second: int | None
    answer: str | None
    answered_at: datetime | None
    owner_id: UUID | None
    owner: str | None
    note: str
    done_at: datetime | None
    rehearsal: bool


class Queue(View, frozen=True):
    """What a show's viewers want to know, the most urgent first."""

    at: datetime
    """Server time, for how long they wait."""
    on_air: Question | None
    open: list[Question]
    """At most as many as asked for."""
    waiting: int
    """Open questions in all."""
    answered: int
    complaints: int
    overlooked: int
    """Questions that came when there were more than a show can keep."""


class Asked(View, frozen=True):
    """One person's asking of it, as the staff sees it."""

    id: UUID
    name: str
    text: str
    at: datetime
    simulated: bool


class MyQuestion(View, frozen=True):
    """What a shopper asked, and what became of it."""

    id: UUID
    """Of the message."""
    question_id: UUID
    text: str
    at: datetime
    count: int
    """People who ask the same."""
    status: QuestionStatus
    second: int | None
    answer: str | None
    answered_at: datetime | None


class Answered(View, frozen=True):
    """A question that was answered in public: by text, or on air at a second of the replay."""

    id: UUID
    topic: QuestionTopic
    text: str
    product_id: UUID | None
    count: int
    simulated: int
    answer: str | None
    second: int | None
    until_second: int | None
    answered_at: datetime


class Ask(Command, frozen=True):
    """Ask the host something. `id` makes a repeat harmless."""

    id: UUID
    text: Words
    product_id: UUID | None = None


class TakeQuestion(Command, frozen=True):
    """Answer a question on air. `answering` is the one that the operator saw on air."""

    seen: Seen = None
    answering: UUID | None = None


class ActOnQuestion(Command, frozen=True):
    """Do something to a question."""

    seen: Seen = None


class AnswerByText(Command, frozen=True):
    """Answer in writing: to those who asked, and in the list of answers."""

    text: Answer
    seen: Seen = None


class PutQuestion(Command, frozen=True):
    """Word a question better, or say what it is about."""

    text: Words
    topic: QuestionTopic
    product_id: UUID | None
    seen: Seen = None


class MergeInto(Command, frozen=True):
    """Say that two are the same question."""

    into: UUID
    seen: Seen = None


class SplitOff(Command, frozen=True):
    """Say that some of those who asked meant something else."""

    asks: Annotated[list[UUID], Meta(min_length=1, max_length=200)]
    seen: Seen = None


class PutFollowUp(Command, frozen=True):
    """Say who sees to it after the show, and how far it is."""

    owner_id: UUID | None
    note: Annotated[str, Meta(max_length=1000)]
    done: bool
    seen: Seen = None


class FileFormat(StrEnum):
    """What a list is exported as."""

    XLSX = "xlsx"
    CSV = "csv"


class QuestionTaken(Event, frozen=True):
    """The host began to answer a question on air."""

    name = "questions.taken"
    about = "show_id"
    show_id: UUID
    question_id: UUID
    topic: QuestionTopic
    product_id: UUID | None
    count: int
    second: int | None
    rehearsal: bool


class QuestionAnswered(Event, frozen=True):
    """A question was answered: on air, by text, or it was handed to service."""

    name = "questions.answered"
    about = "show_id"
    show_id: UUID
    question_id: UUID
    how: Literal["on_air", "text", "service"]
    topic: QuestionTopic
    product_id: UUID | None
    count: int
    waited_seconds: int
    second: int | None
    until_second: int | None
    rehearsal: bool


class QuestionsLeft(Event, frozen=True):
    """A show ended with questions that nobody answered; they are to be followed up."""

    name = "questions.left"
    about = "show_id"
    show_id: UUID
    count: int
    answered: int
