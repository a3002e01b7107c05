"""Structs of the complaints room."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.aftersales import Pictures, Words, WrittenWords
from xinbo.commerce.complaints._rules import Act, ComplaintState, Party, Topic, Verdict
from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, Event, View

type Said = Annotated[str, Meta(max_length=1000, pattern=r"^[^\x00]*$")]


class OpenComplaint(Command, frozen=True):
    """Complain about an order, or about how its after-sales case goes."""

    topic: Topic
    case_id: UUID | None = None
    wanted: Verdict = Verdict.REFUND
    amount: Fen | None = None
    """What the shopper wants back; null: what the case is about, or everything that is left."""
    words: Words = ""
    picture_ids: Pictures = []


class SayIt(Command, frozen=True):
    """Say something, or show something."""

    words: Said
    """May be empty where there are pictures."""
    picture_ids: Pictures = []

    def __post_init__(self) -> None:
        """Refuse to say nothing; msgspec turns it into a 400."""
        if not self.words.strip() and not self.picture_ids:
            raise ValueError("words or pictures are needed")


class Decide(Command, frozen=True):
    """Decide a complaint, with a reason in writing."""

    verdict: Verdict
    words: WrittenWords
    amount: Fen | None = None
    """What goes back; null: what was wanted."""


class Decision(View, frozen=True):
    """What was decided, and why."""

    verdict: Verdict
    amount: int
    """What the decision said."""
    refunded: int
    """What went back by it: at most what was left of the money."""
    words: str
    by: Party
    at: datetime


class Complaint(View, frozen=True):
    """A complaint as its shopper and the staff see it."""

    id: UUID
    number: str
    order_id: UUID
    order_number: str
    case_id: UUID | None
    shopper_id: UUID
    topic: Topic
    state: ComplaintState
    words: str
    wanted: Verdict
    amount: int
    picture_ids: list[UUID]
    opened_at: datetime
    due_at: datetime | None
    then: Act | None
    owed_by: Party | None
    decision: Decision | None
    closed_at: datetime | None
    may: list[Act]
    """What the caller may do now."""
    now: datetime
    """The server's time, to count down by."""


class ComplaintMessage(View, frozen=True):
    """Something that was said in a complaint."""

    id: UUID
    party: Party
    words: str
    picture_ids: list[UUID]
    at: datetime


class ComplaintOpened(Event, frozen=True):
    """A shopper complained."""

    name = "complaints.opened"
    about = "order_id"
    order_id: UUID
    complaint_id: UUID
    case_id: UUID | None
    shopper_id: UUID
    topic: Topic
    amount: int


class ComplaintMoved(Event, frozen=True):
    """A complaint went on: who did what."""

    name = "complaints.moved"
    about = "order_id"
    order_id: UUID
    complaint_id: UUID
    shopper_id: UUID
    act: Act
    state: ComplaintState
    by: Party


class ComplaintDecided(Event, frozen=True):
    """A complaint was decided, and the decision carried out."""

    name = "complaints.decided"
    about = "order_id"
    order_id: UUID
    complaint_id: UUID
    case_id: UUID | None
    shopper_id: UUID
    verdict: Verdict
    amount: int
    refunded: int
    by: Party
    words: str
