"""Structs of the conversations room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.aftersales import Case, CaseKind, CaseOptions, Reason
from xinbo.commerce.fulfilment import Parcel
from xinbo.commerce.orders import Order
from xinbo.kit.wire import Command, Event, View
from xinbo.live.conversations._rules import (
    ConversationKind,
    ConversationOutcome,
    ConversationState,
    TalkSide,
)

type Words = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]
type Question = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$")]
type Shown = Annotated[list[UUID], Meta(max_length=6)]


class TalkCardKind(StrEnum):
    """What a card in a conversation shows or does."""

    PRODUCT = "product"
    ORDER = "order"
    ASK_AFTERSALES = "ask_aftersales"
    """Opens the form of after-sales, filled in."""
    CASE = "case"
    """A case that was opened from here."""


class TalkNote(StrEnum):
    """What the house notes."""

    TAKEN = "taken"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    CLOSED = "closed"
    REOPENED = "reopened"
    HANDED_OVER = "handed_over"
    CASE_OPENED = "case_opened"


class TalkCard(View, frozen=True):
    """Something to tap in a conversation. It says only what its two readers know anyway."""

    kind: TalkCardKind
    title: str
    picture_url: str | None
    price: int | None
    product_id: UUID | None
    order_id: UUID | None
    position: int | None
    quantity: int | None
    case_id: UUID | None
    asked: CaseKind | None
    reason: Reason | None


class Conversation(View, frozen=True):
    """A conversation as its shopper and the agents see it."""

    id: UUID
    show_id: UUID | None
    shopper_id: UUID
    shopper_name: str
    kind: ConversationKind
    state: ConversationState
    product_id: UUID | None
    order_id: UUID | None
    opened_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    """When the oldest unanswered word should be answered at the latest; count by `now`."""
    replied_at: datetime | None
    agent_id: UUID | None
    """Who has it; null to shoppers, to whom the shop speaks."""
    agent_name: str
    taken_at: datetime | None
    closed_at: datetime | None
    outcome: ConversationOutcome | None
    unread: int
    """Messages that the caller's side has not seen."""
    seen_at: datetime | None
    """Until when the other side has seen everything."""
    last_text: str
    last_speaker: TalkSide
    last_at: datetime
    rehearsal: bool
    now: datetime
    """The server's time."""


class TalkMessage(View, frozen=True):
    """Something that was said, or noted by the house."""

    id: UUID
    key: UUID
    """The id that its sender gave it."""
    speaker: TalkSide
    by: str
    """The agent's name; empty to shoppers."""
    internal: bool
    text: str
    note: TalkNote | None
    picture_ids: list[UUID]
    card: TalkCard | None
    at: datetime


class OpenConversation(Command, frozen=True):
    """Ask the shop something."""

    kind: ConversationKind
    show_id: UUID | None = None
    product_id: UUID | None = None
    order_id: UUID | None = None
    question: Question | None = None
    id: UUID | None = None
    """An id of the question that the sender makes: sent twice, it is said once."""


class SayWords(Command, frozen=True):
    """Say something, show pictures, or put a card of one's order or a product."""

    id: UUID
    text: Words
    """May be empty where something is shown."""
    picture_ids: Shown = []
    product_id: UUID | None = None
    order_id: UUID | None = None
    internal: bool = False
    """To the other agents only."""

    def __post_init__(self) -> None:
        """Refuse to say nothing; msgspec turns it into a 400."""
        shows = self.picture_ids or self.product_id or self.order_id
        if not self.text.strip() and not shows:
            raise ValueError("words, pictures or a card are needed")


class PassOn(Command, frozen=True):
    """Give a conversation to another agent, or back to the queue."""

    to: UUID | None = None
    """Null: back to the queue."""
    words: Words = ""
    """A word for whoever has it next; not for the shopper."""


class CloseConversation(Command, frozen=True):
    """End a conversation."""

    result: ConversationOutcome


class HandToAftersales(Command, frozen=True):
    """Hand a line of an order over to after-sales: the shopper has one tap left."""

    id: UUID
    order_id: UUID
    position: Annotated[int, Meta(ge=0, le=999)]
    quantity: Annotated[int, Meta(ge=1, le=999)] | None = None
    """Null: all that may be asked for."""
    asked: CaseKind | None = None
    """Null: the first way that the terms allow."""
    reason: Reason | None = None


class DeskLane(StrEnum):
    """A list of the desk."""

    WAITING = "waiting"
    MINE = "mine"
    OPEN = "open"
    CLOSED = "closed"


class KindCount(View, frozen=True):
    """How many wait in one queue."""

    kind: ConversationKind
    waiting: int
    overdue: int


class AgentOnDuty(View, frozen=True):
    """An agent who serves the show."""

    staff_id: UUID
    name: str
    since: datetime
    away: bool
    """Whether the agent's console has been silent for two minutes."""
    holds: int
    """Open conversations."""


class QueueState(View, frozen=True):
    """The desk at a glance."""

    waiting: int
    """Nobody has taken them."""
    unanswered: int
    """The shopper had the last word, taken or not."""
    overdue: int
    mine: int
    mine_unread: int
    longest_since: datetime | None
    kinds: list[KindCount]
    first_reply_seconds: int
    """The aim."""
    next_reply_seconds: int
    agents: list[AgentOnDuty]
    """Who is on duty, of one show."""
    on_duty: bool
    """Whether the caller is."""
    now: datetime


class ServiceFigures(View, frozen=True):
    """How a show was served: its own conversations, rehearsals apart."""

    opened: int
    answered: int
    in_time: int
    """First answers within the aim."""
    median_seconds: int | None
    """Of the first answers."""
    handed_over: int


class SetDuty(Command, frozen=True):
    """Go on duty, give a sign of being there, or go off duty."""

    on: bool


class Phrase(View, frozen=True):
    """A quick reply."""

    id: UUID
    title: str
    text: str


class PutPhrase(Command, frozen=True):
    """Write a quick reply."""

    title: Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^[^\x00]*\S[^\x00]*$")]
    text: Question


class PutPhrases(Command, frozen=True):
    """Write the merchant's quick replies, in order."""

    phrases: Annotated[list[PutPhrase], Meta(max_length=50)]


class ConversationPicture(View, frozen=True):
    """A picture that was uploaded."""

    id: UUID


class ProductBeside(View, frozen=True):
    """The product that is asked about, as it is sold in this show."""

    id: UUID
    title: str
    subtitle: str
    picture_url: str | None
    price: int | None
    """The lowest price here and now; null where it is not on sale."""
    list_price: int | None
    left: int
    """Pieces that can be bought here."""
    talking_points: str


class Beside(View, frozen=True):
    """What stands beside a conversation, for the agent."""

    shopper_name: str
    avatar_url: str | None
    level: str | None
    """Of the membership; null for those who are no members."""
    orders: list[Order]
    """The shopper's latest."""
    order: Order | None
    """The chosen one."""
    parcels: list[Parcel]
    options: CaseOptions | None
    """What after-sales allows for the chosen one."""
    cases: list[Case]
    """The shopper's latest after-sales cases, of the chosen order where one is chosen."""
    product: ProductBeside | None


class ConversationOpened(Event, frozen=True):
    """A shopper asked the shop something in private, or again after the end."""

    name = "conversations.opened"
    about: ClassVar[str] = "show_id"
    show_id: UUID | None
    conversation_id: UUID
    kind: ConversationKind
    again: bool
    rehearsal: bool


class ConversationClosed(Event, frozen=True):
    """A conversation ended."""

    name = "conversations.closed"
    about: ClassVar[str] = "show_id"
    show_id: UUID | None
    conversation_id: UUID
    kind: ConversationKind
    outcome: ConversationOutcome
    first_reply_seconds: int | None
    rehearsal: bool


class DutyChanged(Event, frozen=True):
    """An agent went on duty for a show, or off."""

    name = "conversations.duty_changed"
    about: ClassVar[str] = "show_id"
    show_id: UUID
    staff_id: UUID
    on: bool
    agents: int
    """On duty now."""
