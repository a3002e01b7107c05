"""Structs of the stage room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.promotions import Drop
from xinbo.kit.wire import Command, Event, View
from xinbo.live.broadcasts import Video
from xinbo.live.games import GameCard
from xinbo.live.shows import Show


class NoticeKind(StrEnum):
    """Why everyone in a room is told something."""

    ANNOUNCEMENT = "announcement"
    MESSAGE = "message"
    """A chat message that was pinned."""
    PRICE_CORRECTED = "price_corrected"
    CORRECTION = "correction"
    REPLACEMENT = "replacement"
    TEXT_ROOM = "text_room"


class Notice(View, frozen=True):
    """Something that every phone shows until it is taken down or its time is over."""

    id: UUID
    kind: NoticeKind
    text: str
    product_id: UUID | None
    at: datetime
    until: datetime | None


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
    sold_out: bool
    """Said by whoever runs the show; its show price is closed as long."""
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
    acts: int
    """How often anyone changed the stage by hand. Sent back as `seen`."""
    explaining_product_id: UUID | None
    """What the host explains now: 讲解中."""
    explaining_since: datetime | None
    notices: list[Notice]
    text_room: bool
    """The room goes on without moving pictures."""
    slow_seconds: int
    """Seconds between two messages of one shopper; 0: no slow mode."""
    games: list[GameCard]
    """What is played now, and what was just revealed."""
    pace: int
    """So many times as fast a rehearsal's clock runs; 1 outside rehearsals."""


type Seen = Annotated[int, Meta(ge=0)] | None
"""`acts` of the stage that the operator looked at; null: whatever stands there."""


class Pin(Command, frozen=True):
    """Put a product on every phone; null takes it away."""

    product_id: UUID | None
    seen: Seen = None


class Explain(Command, frozen=True):
    """Begin to explain a product; null ends it."""

    product_id: UUID | None
    seen: Seen = None


class StartCue(Command, frozen=True):
    """Begin a cue of the run-of-show; null ends the one that runs."""

    cue_id: UUID | None
    seen: Seen = None


class MarkSoldOut(Command, frozen=True):
    """Say that a product is sold out in this show, or that it is on sale again."""

    product_id: UUID
    sold_out: bool
    seen: Seen = None


class MoveItem(Command, frozen=True):
    """Put a product at another place of the shelf, 0 is the first."""

    product_id: UUID
    to: Annotated[int, Meta(ge=0, le=100)]
    seen: Seen = None


class PutNotice(Command, frozen=True):
    """Tell everyone in the room something."""

    kind: NoticeKind
    text: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
    product_id: UUID | None = None
    seconds: Annotated[int, Meta(ge=5, le=7200)] | None = None
    """How long it stands; null: until it is taken down."""


class SetRoom(Command, frozen=True):
    """Make the room a text room, or one with pictures again."""

    text_room: bool
    seen: Seen = None


class StageChanged(Event, frozen=True):
    """The stage is new: edges send it to every viewer as it is."""

    name = "stage.changed"
    show_id: UUID
    stage: StageView


class ProductPinned(Event, frozen=True):
    """A product was put on every phone."""

    name = "shows.product_pinned"
    about = "show_id"
    show_id: UUID
    product_id: UUID | None
    title: str = ""


class CueStarted(Event, frozen=True):
    """A cue of the run-of-show began."""

    name = "shows.cue_started"
    about = "show_id"
    show_id: UUID
    cue_id: UUID | None
    title: str = ""
    place: int | None = None
    """Which cue of the run-of-show it is, the first is 1."""
    rehearsal: bool = False


class CueFired(Event, frozen=True):
    """What a cue set going besides: a game, a promotion. `reason`: why it did not."""

    name = "shows.cue_fired"
    about = "show_id"
    show_id: UUID
    cue_id: UUID
    what: str
    """`game` or `promotion`."""
    what_id: UUID
    reason: str = ""
    rehearsal: bool = False


class ExplainChanged(Event, frozen=True):
    """The host began to explain a product, or ended."""

    name = "shows.explain_changed"
    about = "show_id"
    show_id: UUID
    product_id: UUID | None
    title: str = ""


class SoldOutMarked(Event, frozen=True):
    """A product was said to be sold out in a show, or on sale again."""

    name = "shows.sold_out_marked"
    about = "show_id"
    show_id: UUID
    product_id: UUID
    sold_out: bool
    title: str = ""


class ShelfMoved(Event, frozen=True):
    """A product got another place on the shelf."""

    name = "shows.shelf_moved"
    about = "show_id"
    show_id: UUID
    product_id: UUID
    to: int
    title: str = ""


class NoticePosted(Event, frozen=True):
    """Everyone in the room was told something. Public words: the log keeps them."""

    name = "shows.notice_posted"
    about = "show_id"
    show_id: UUID
    notice_id: UUID
    kind: NoticeKind
    text: str
    product_id: UUID | None


class NoticeWithdrawn(Event, frozen=True):
    """A notice was taken down before its time."""

    name = "shows.notice_withdrawn"
    about = "show_id"
    show_id: UUID
    notice_id: UUID
    kind: NoticeKind


class RoomSet(Event, frozen=True):
    """The room went without pictures, got them again, or its chat was slowed down."""

    name = "shows.room_set"
    about = "show_id"
    show_id: UUID
    text_room: bool
    slow_seconds: int
