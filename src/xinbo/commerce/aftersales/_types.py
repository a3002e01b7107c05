"""Structs of the aftersales room."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.aftersales._rules import CaseKind, CaseState, Reason, Side, Stage, Step, WhyNot
from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, Event, View

type Words = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00]*$")]
type WrittenWords = Annotated[
    str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$")
]
type Carrier = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*\S[^\x00]*$")]
type TrackingNumber = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{4,40}$")]
type Pictures = Annotated[list[UUID], Meta(max_length=6)]


class CasePart(Command, frozen=True):
    """So many pieces of this line of the order."""

    position: Annotated[int, Meta(ge=0, le=999)]
    quantity: Annotated[int, Meta(ge=1, le=999)]


class AskCase(Command, frozen=True):
    """Ask for something to be put right."""

    kind: CaseKind
    reason: Reason
    parts: Annotated[list[CasePart], Meta(min_length=1, max_length=50)]
    amount: Fen | None = None
    """Less than the pieces' share: the goods stay, some money comes back. Refund only."""
    words: Words = ""
    picture_ids: Pictures = []
    wanted_sku_id: UUID | None = None
    """Of an exchange: the variant to be sent instead; null: the same."""

    def __post_init__(self) -> None:
        """Refuse what the field constraints cannot say; msgspec turns it into a 400."""
        if len({part.position for part in self.parts}) < len(self.parts):
            raise ValueError("a line may be named once only")


class AskAgain(Command, frozen=True):
    """Ask once more, after a refusal: with another amount, and more to show."""

    amount: Fen | None = None
    words: Words = ""
    picture_ids: Pictures = []


class ReturnTo(Command, frozen=True):
    """Where the goods are to be sent."""

    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00]*\S[^\x00]*$")]
    phone: Annotated[str, Meta(pattern=r"^[0-9+][0-9 -]{4,19}$")]
    address: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*\S[^\x00]*$")]


class ApproveCase(Command, frozen=True):
    """Agree to what is asked for."""

    words: Words = ""
    return_to: ReturnTo | None = None
    """Null: the merchant's usual address."""


class RefuseCase(Command, frozen=True):
    """Refuse, and say why."""

    words: WrittenWords
    picture_ids: Pictures = []


class ProposeCase(Command, frozen=True):
    """Propose something else."""

    kind: CaseKind
    amount: Fen | None = None
    """Null: what was asked for."""
    words: Words = ""


class DeclineProposal(Command, frozen=True):
    """Say no to the proposal."""

    words: Words = ""


class SendParcel(Command, frozen=True):
    """A parcel is on its way."""

    carrier: Carrier
    number: TrackingNumber


class ReceiveGoods(Command, frozen=True):
    """The goods are back."""

    restock: bool
    """Whether they can be sold again."""
    words: Words = ""


class ExtendCase(Command, frozen=True):
    """Give more time, once, and say why."""

    words: WrittenWords


class CaseLine(View, frozen=True):
    """Pieces that a case is about."""

    position: int
    sku_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_url: str | None
    unit: str
    price: int
    quantity: int
    amount: int


class Proposal(View, frozen=True):
    """What the merchant proposes instead."""

    kind: CaseKind
    amount: int
    words: str


class ReturnAddress(View, frozen=True):
    """Where the goods are to be sent."""

    name: str
    phone: str
    address: str


class TrackedParcel(View, frozen=True):
    """A parcel between shopper and merchant."""

    carrier: str
    number: str
    at: datetime


class CaseStep(View, frozen=True):
    """One thing that happened: what, when, by whom and why."""

    id: UUID
    at: datetime
    by: Side
    step: str
    state: CaseState
    amount: int | None
    words: str


class Case(View, frozen=True):
    """A case as its shopper and the staff see it."""

    id: UUID
    number: str
    order_id: UUID
    order_number: str
    shopper_id: UUID
    kind: CaseKind
    state: CaseState
    stage: Stage
    reason: Reason
    words: str
    lines: list[CaseLine]
    amount: int
    """Money that is asked for or agreed on, freight included."""
    freight: int
    refunded: int
    refunded_points: int
    compensated: int
    compensated_points: int
    return_freight_by: Side
    wanted_sku_id: UUID | None
    proposal: Proposal | None
    return_to: ReturnAddress | None
    back: TrackedParcel | None
    out: TrackedParcel | None
    opened_at: datetime
    due_at: datetime | None
    """When time acts if nobody does; count down by the server's time."""
    then: Step | None
    """What time does."""
    owed_by: Side | None
    """Who has to act; the arbiter while a complaint is open."""
    extended: bool
    closed_at: datetime | None
    close_reason: str | None
    may: list[Step]
    """What the caller may do now."""


class CaseDetail(View, frozen=True):
    """A case with everything that happened to it."""

    case: Case
    steps: list[CaseStep]
    picture_ids: list[UUID]
    wanted_options: list[str] | None
    """What the wanted variant is called."""
    now: datetime
    """The server's time, to count down by."""


class KindOption(View, frozen=True):
    """A way to have a line put right: its reasons, or why there is none."""

    kind: CaseKind
    reasons: list[Reason]
    why_not: WhyNot | None
    until: datetime | None
    """The end of the last day, where there is one."""


class LineOption(View, frozen=True):
    """What may be asked for about one line."""

    position: int
    sku_id: UUID
    title: str
    options: list[str]
    picture_url: str | None
    unit: str
    quantity: int
    left: int
    """Pieces that are in no case and not given back."""
    kinds: list[KindOption]
    variants: list["Variant"]
    """What an exchange may be for."""


class Variant(View, frozen=True):
    """A variant of the same product that costs the same."""

    sku_id: UUID
    options: list[str]
    left: int


class CaseOptions(View, frozen=True):
    """What may be asked for about an order."""

    order_id: UUID
    order_number: str
    lines: list[LineOption]
    open_case_ids: list[UUID]


class CaseQuote(View, frozen=True):
    """What would come back: computed by the function that sends it back."""

    amount: int
    goods: int
    freight: int
    most: int
    """The highest amount that may be asked for."""
    points: int
    """Points that come back beside the money."""
    return_freight_by: Side
    parts: list["QuotePart"]


class QuotePart(View, frozen=True):
    """A line's part of it."""

    position: int
    quantity: int
    amount: int


class PriceCheck(View, frozen=True):
    """Whether price protection gives something back for a line, and why or why not."""

    position: int
    title: str
    options: list[str]
    picture_url: str | None
    paid: int
    """What a piece cost after everything that was taken off."""
    now: int | None
    """What a piece costs now at the same place; null where it is not on sale."""
    pieces: int
    amount: int
    """What comes back; 0 where nothing does."""
    why: str
    """`lower`; or `not_lower`, `paid_already`, `too_late`, `not_paid`, `not_on_sale`, `gift`,
    `over`.
    """
    until: datetime | None


class PriceChecks(View, frozen=True):
    """Price protection of an order, line by line."""

    order_id: UUID
    lines: list[PriceCheck]
    amount: int


class EvidencePicture(View, frozen=True):
    """A picture that was put forward."""

    id: UUID


class DeskCount(View, frozen=True):
    """How many cases stand where."""

    state: CaseState
    cases: int


class CaseOpened(Event, frozen=True):
    """A shopper asked for something to be put right."""

    name = "aftersales.opened"
    about = "order_id"
    order_id: UUID
    case_id: UUID
    shopper_id: UUID
    kind: CaseKind
    reason: Reason
    amount: int
    pieces: int
    sku_ids: list[UUID]


class CaseMoved(Event, frozen=True):
    """A case went on: who did what, and why."""

    name = "aftersales.moved"
    about = "order_id"
    order_id: UUID
    case_id: UUID
    shopper_id: UUID
    kind: CaseKind
    step: str
    state: CaseState
    by: Side
    amount: int
    words: str


class Compensated(Event, frozen=True):
    """The merchant missed a promise, and it cost something."""

    name = "aftersales.compensated"
    about = "order_id"
    order_id: UUID
    case_id: UUID
    shopper_id: UUID
    amount: int
    points: int
