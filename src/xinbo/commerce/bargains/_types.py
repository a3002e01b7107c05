"""Structs of the bargains room."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from xinbo.kit.wire import Command, Event, View


class BargainState(StrEnum):
    """Where a bargain stands."""

    OPEN = "open"
    REACHED = "reached"
    """At the floor: nobody can help any more, it can be bought."""
    BOUGHT = "bought"
    OVER = "over"
    """Its time was up."""


class StartBargain(Command, frozen=True):
    """Begin to bargain about an offer."""

    offer_id: UUID


class Helped(View, frozen=True):
    """Somebody's cut."""

    name: str
    """Masked, unless it is the reader's own."""
    cut: int
    at: datetime


class Bargain(View, frozen=True):
    """A bargain as its owner, and anybody who has its link, sees it."""

    id: UUID
    offer_id: UUID
    sku_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_url: str | None
    owner_name: str
    """Masked, unless it is the reader's own."""
    mine: bool
    state: BargainState
    start_price: int
    floor: int
    price: int
    """What it costs its owner now."""
    currency: str
    helpers: int
    """How many it takes to reach the floor."""
    helps: list[Helped]
    helped: bool
    """Whether the reader has helped."""
    commitment: str
    """SHA-256 of seed, bargain and all cuts, fixed before anybody helped."""
    seed: str | None
    """Shown once the bargain is no longer open, so that the cuts can be checked."""
    cuts: list[int] | None
    """All cuts, shown with the seed."""
    starts_at: datetime
    ends_at: datetime
    at: datetime
    """Server time, for countdowns."""


class Bargained(View, frozen=True):
    """What a bargain lets its owner buy, and at what price."""

    offer_id: UUID
    sku_id: UUID
    price: int


class BargainStarted(Event, frozen=True):
    """A shopper began to bargain."""

    name = "bargains.started"
    about = "bargain_id"
    bargain_id: UUID
    shopper_id: UUID
    sku_id: UUID


class BargainHelped(Event, frozen=True):
    """Somebody helped."""

    name = "bargains.helped"
    about = "bargain_id"
    bargain_id: UUID
    shopper_id: UUID
    helper_id: UUID
    cut: int
    price: int
    reached: bool
