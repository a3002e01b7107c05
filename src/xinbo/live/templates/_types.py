"""Structs of the templates room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, View
from xinbo.live.games import PutGame
from xinbo.live.shows import Claim, CueFormat, CueKind, LineUpRole, PutCue, ShowPlan

type Key = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,20}$")]
type Name = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"\S")]


class PlanLanguage(StrEnum):
    """The language of a built-in template's words."""

    SIMPLIFIED = "zh-Hans"
    TRADITIONAL = "zh-Hant"
    ENGLISH = "en"


class TemplateSource(StrEnum):
    """Where a plan comes from."""

    TEMPLATE = "template"
    SHOW = "show"
    """Another show of the merchant: its id is the template's."""


class PlanSlot(Command, frozen=True):
    """A place for a product: its key is used by cues, `{key}` in texts is the product's name."""

    key: Key
    title: str
    role: LineUpRole | None = LineUpRole.HERO
    product_id: UUID | None = None
    """What stood there in the show that it was made from."""


class TemplateCue(Command, frozen=True):
    """A cue whose goods, game and promotion are named by their keys."""

    kind: CueKind
    title: str
    minutes: int
    starts_minute: int | None = None
    format: CueFormat = CueFormat.SOLO
    slots: list[Key] = []
    pin: bool = True
    """Whether the first of its goods is pinned."""
    promotion: str = ""
    game: str = ""
    talking_points: str = ""
    claims: list[Claim] = []
    forbidden: list[str] = []
    owner: str = ""
    target_units: int | None = None
    notes: str = ""


class TemplateGame(Command, frozen=True):
    """A game that is planned along with the cues."""

    key: Key
    game: PutGame


class TemplatePromotion(Command, frozen=True):
    """A timed discount on a slot's product while its cue runs."""

    key: Key
    name: str
    slot: Key
    rate: Annotated[int, Meta(ge=100, le=9_900)]
    """Kept of 10,000 of the show price."""


class PlanTemplate(View, frozen=True):
    """A run-of-show without a show."""

    id: UUID
    source: TemplateSource
    name: str
    summary: str
    minutes: int
    builtin: bool
    made_at: datetime | None
    slots: list[PlanSlot]
    cues: list[TemplateCue]
    games: list[TemplateGame]
    promotions: list[TemplatePromotion]


class TemplateCard(View, frozen=True):
    """A template as lists show it."""

    id: UUID
    name: str
    summary: str
    minutes: int
    builtin: bool
    made_at: datetime | None
    cues: int
    heroes: int
    games: int
    promotions: int


class SaveTemplate(Command, frozen=True):
    """Keep a show's run-of-show for other shows."""

    name: Name
    show_id: UUID
    summary: Annotated[str, Meta(max_length=300)] = ""


class ApplyTemplate(Command, frozen=True):
    """Write a show's run-of-show from a template, or from another show's."""

    template_id: UUID
    version: int
    """The show's, as it was seen."""
    slots: Annotated[dict[str, UUID], Meta(max_length=100)]
    """A product for each slot by its key; cues of slots without one name no goods."""
    source: TemplateSource = TemplateSource.TEMPLATE
    language: PlanLanguage = PlanLanguage.SIMPLIFIED
    games: bool = True
    promotions: bool = True
    contingency: bool = True


class PlanApplied(View, frozen=True):
    """What came of it."""

    id: UUID
    """To take it back with."""
    plan: ShowPlan
    games: int
    promotions: int
    left_out: list[str]
    """Games and promotions that could not be made, by their names."""


class TakeBack(Command, frozen=True):
    """Put a show's plan back to what it was before a template was applied."""

    version: int
    """The show's: it must be the one that the template left."""


class RowFault(View, frozen=True):
    """What is wrong with a cell of a sheet. `why` is a stable name."""

    row: int
    """As the spreadsheet counts: the head is 1."""
    column: str
    value: str
    why: str


class SheetRead(View, frozen=True):
    """What a sheet says. With any fault no cue is given: nothing is taken by halves."""

    rows: int
    cues: list[PutCue]
    faults: list[RowFault]
