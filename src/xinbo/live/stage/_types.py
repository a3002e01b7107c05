"""Structs of the stage room."""

from datetime import datetime
from uuid import UUID

from xinbo.commerce.promotions import Drop
from xinbo.kit.wire import Command, Event, View
from xinbo.live.broadcasts import Video
from xinbo.live.shows import Show


class StageSku(View, frozen=True):
    """An SKU on the shelf: what it costs in this show and how many are left."""

    id: UUID
    options: list[str]
    price: int
    list_price: int
    currency: str
    left: int
    picture_url: str | None


class StageItem(View, frozen=True):
    """A product on the shelf."""

    product_id: UUID
    position: int
    title: str
    subtitle: str
    unit: str
    option_names: list[str]
    picture_url: str | None
    thumb_url: str | None
    skus: list[StageSku]


class StageView(View, frozen=True):
    """Everything a room shows beside its video and chat, as of `seq`."""

    show_id: UUID
    seq: int
    at: datetime
    """Server time, for countdowns."""
    show: Show
    video: Video
    pinned_product_id: UUID | None
    pinned_at: datetime | None
    cue_id: UUID | None
    cue_started_at: datetime | None
    items: list[StageItem]
    drops: list[Drop]
    """Coupons that can be claimed in this room only, now."""


class Pin(Command, frozen=True):
    """Put a product on every phone; null takes it away."""

    product_id: UUID | None


class StartCue(Command, frozen=True):
    """Begin a cue of the run-of-show; null ends the one that runs."""

    cue_id: UUID | None


class StageChanged(Event, frozen=True):
    """The stage is new: edges send it to every viewer as it is."""

    name = "stage.changed"
    show_id: UUID
    stage: StageView


class ProductPinned(Event, frozen=True):
    """A product was put on every phone."""

    name = "shows.product_pinned"
    show_id: UUID
    product_id: UUID | None


class CueStarted(Event, frozen=True):
    """A cue of the run-of-show began."""

    name = "shows.cue_started"
    show_id: UUID
    cue_id: UUID | None
