"""Structs of the shows room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, Event, View
from xinbo.live.shows._rules import ShowStatus

type Goal = Annotated[int, Meta(ge=0, le=100_000_000)]
type Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
type ImageUrl = Annotated[str, Meta(max_length=500, pattern=r"^(/|https?://)\S+$")]


class CueKind(StrEnum):
    """What a cue is for."""

    PRODUCT = "product"
    INTERACTION = "interaction"
    PROMOTION = "promotion"
    STORY = "story"
    BREAK = "break"
    GUEST = "guest"


class CueFormat(StrEnum):
    """How a cue is played: 单人, 双人, 场景, 游戏."""

    SOLO = "solo"
    DUO = "duo"
    SCENE = "scene"
    GAME = "game"


class LineUpRole(StrEnum):
    """What a product is on the line-up for: 引流款, 主推款, 利润款, 形象款."""

    TRAFFIC = "traffic"
    HERO = "hero"
    PROFIT = "profit"
    IMAGE = "image"


class Claim(Command, frozen=True):
    """A sentence that will be said about the goods, and what proves it."""

    text: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
    evidence: Annotated[str, Meta(max_length=500)] = ""
    """A test report, a certificate, a page; empty: nothing yet, and readiness says so."""


class Targets(Command, frozen=True):
    """What a show is to reach; null: no target."""

    gmv: Annotated[int, Meta(ge=0, le=10**12)] | None = None
    """Paid, in minor units."""
    orders: Goal | None = None
    units: Goal | None = None
    """Pieces paid."""
    viewers: Goal | None = None
    peak: Goal | None = None
    """Most viewers at one instant."""
    comments: Goal | None = None
    likes: Goal | None = None
    followers: Goal | None = None


class Show(View, frozen=True):
    """A show as shoppers see it."""

    id: UUID
    title: str
    summary: str
    cover_url: str | None
    host_name: str
    host_avatar_url: str | None
    status: ShowStatus
    starts_at: datetime | None
    live_at: datetime | None
    ended_at: datetime | None
    planned_minutes: int
    simulated: bool
    """A demo show with a simulated audience; pages say so wherever its numbers stand."""


class LineUpSku(View, frozen=True):
    """An SKU's terms in a show."""

    sku_id: UUID
    price: int
    """Show price in minor units."""
    stock: int | None
    """Pieces set aside for the show; null: it sells from the general stock."""


class LineUpItem(View, frozen=True):
    """One product of the line-up, in its place."""

    product_id: UUID
    position: int
    talking_points: str
    skus: list[LineUpSku]
    role: LineUpRole | None


class Cue(View, frozen=True):
    """One step of the run-of-show."""

    id: UUID
    position: int
    kind: CueKind
    title: str
    minutes: int
    product_id: UUID | None
    """The one to pin."""
    notes: str
    starts_minute: int | None
    """Minutes after the start of the show; null: right after the cue before it."""
    begins_minute: int
    """Where it stands, worked out from `starts_minute` and the cues before it."""
    format: CueFormat
    product_ids: list[UUID]
    """All goods of the cue, the one to pin among them."""
    promotion_id: UUID | None
    """Fired when the cue begins."""
    game_id: UUID | None
    """Started when the cue begins."""
    talking_points: str
    claims: list[Claim]
    forbidden: list[str]
    """Words that may not be said in it."""
    owner: str
    target_units: int | None
    begun_at: datetime | None
    """When it first began on air; from then on it is on record."""


class ShowPlan(View, frozen=True):
    """A show as its staff see it."""

    show: Show
    version: int
    """Send it back with a change; a change made meanwhile by someone else is then noticed."""
    line_up: list[LineUpItem]
    cues: list[Cue]
    targets: Targets
    """The merchant's own: `Show`, which shoppers see, does not carry them."""


class PutShow(Command, frozen=True):
    """Write a show's particulars. `version` is null for a new show."""

    title: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"\S")]
    summary: Annotated[str, Meta(max_length=500)]
    cover_url: ImageUrl | None
    host_name: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
    host_avatar_url: ImageUrl | None
    starts_at: datetime | None
    planned_minutes: Annotated[int, Meta(ge=1, le=1440)]
    version: int | None
    targets: Targets | None = None
    """Null: as they were."""


class PutLineUpSku(Command, frozen=True):
    """Set an SKU's terms in the show."""

    sku_id: UUID
    price: Fen
    stock: Annotated[int, Meta(ge=0, le=1_000_000)] | None


class PutLineUpItem(Command, frozen=True):
    """Put a product on the line-up."""

    product_id: UUID
    talking_points: Annotated[str, Meta(max_length=2000)]
    skus: Annotated[list[PutLineUpSku], Meta(min_length=1, max_length=200)]
    role: LineUpRole | None = None


class PutLineUp(Command, frozen=True):
    """Write the line-up, in order."""

    items: Annotated[list[PutLineUpItem], Meta(max_length=100)]
    version: int


class PutCue(Command, frozen=True):
    """Write a cue."""

    kind: CueKind
    title: Annotated[str, Meta(min_length=1, max_length=80, pattern=r"\S")]
    minutes: Annotated[int, Meta(ge=1, le=600)]
    product_id: UUID | None
    notes: Annotated[str, Meta(max_length=2000)]
    id: UUID | None = None
    """The cue it was, or the id it shall have; null: a new one."""
    starts_minute: Annotated[int, Meta(ge=0, le=1440)] | None = None
    format: CueFormat = CueFormat.SOLO
    product_ids: Annotated[list[UUID], Meta(max_length=20)] = []
    promotion_id: UUID | None = None
    game_id: UUID | None = None
    talking_points: Annotated[str, Meta(max_length=4000)] = ""
    claims: Annotated[list[Claim], Meta(max_length=20)] = []
    forbidden: Annotated[list[Word], Meta(max_length=50)] = []
    owner: Annotated[str, Meta(max_length=40)] = ""
    target_units: Goal | None = None


class PutCues(Command, frozen=True):
    """Write the run-of-show, in order."""

    cues: Annotated[list[PutCue], Meta(max_length=200)]
    version: int


class ShowChanged(Event, frozen=True):
    """A show's plan changed, or its status. `what`: which part of the plan, empty: the status."""

    name = "shows.changed"
    about = "show_id"
    show_id: UUID
    status: ShowStatus
    what: str = ""


class ShowStarted(Event, frozen=True):
    """The show is on air."""

    name = "shows.started"
    about = "show_id"
    show_id: UUID


class ShowEnded(Event, frozen=True):
    """The show is over."""

    name = "shows.ended"
    about = "show_id"
    show_id: UUID
