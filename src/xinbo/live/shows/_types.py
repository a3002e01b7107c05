"""Structs of the shows room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, Event, View
from xinbo.live.shows._rules import ShowStatus

type ImageUrl = Annotated[str, Meta(max_length=500, pattern=r"^(/|https?://)\S+$")]


class CueKind(StrEnum):
    """What a cue is for."""

    PRODUCT = "product"
    INTERACTION = "interaction"
    PROMOTION = "promotion"
    STORY = "story"
    BREAK = "break"


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


class Cue(View, frozen=True):
    """One step of the run-of-show."""

    id: UUID
    position: int
    kind: CueKind
    title: str
    minutes: int
    product_id: UUID | None
    notes: str


class ShowPlan(View, frozen=True):
    """A show as its staff see it."""

    show: Show
    version: int
    """Send it back with a change; a change made meanwhile by someone else is then noticed."""
    line_up: list[LineUpItem]
    cues: list[Cue]


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


class PutCues(Command, frozen=True):
    """Write the run-of-show, in order."""

    cues: Annotated[list[PutCue], Meta(max_length=200)]
    version: int


class ShowChanged(Event, frozen=True):
    """A show's plan changed, or its status."""

    name = "shows.changed"
    show_id: UUID
    status: ShowStatus


class ShowStarted(Event, frozen=True):
    """The show is on air."""

    name = "shows.started"
    show_id: UUID


class ShowEnded(Event, frozen=True):
    """The show is over."""

    name = "shows.ended"
    show_id: UUID
