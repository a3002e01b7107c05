"""Structs of the prices room. All prices are fen of one piece."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, View

type Market = Literal["CN", "EU"]
"""Whose law says what a reduced price may be compared with."""


class Basis(StrEnum):
    """What a strike-through price is."""

    LOWEST_DEAL_7_DAYS = "lowest_deal_7_days"
    """CN: the lowest deal of the seven days before the reduction, in the same venue."""
    LAST_DEAL = "last_deal"
    """CN: the last deal before the reduction, when those seven days saw none."""
    LOWEST_PRICE_30_DAYS = "lowest_price_30_days"
    """EU: the lowest price that applied in the thirty days before the reduction."""


class Shown(Command, frozen=True):
    """A price that somebody is about to see, from a moment on."""

    venue_id: UUID
    """NIL = the whole shop."""
    sku_id: UUID
    source_id: UUID
    """Who shows it: a show or a promotion; NIL = the list price."""
    kind: str
    """The kind of offer, as `offers` names it: `retail`, `flash_sale`, `group_buy`, …"""
    price: Fen
    from_at: datetime | None = None
    """None = now."""
    until_at: datetime | None = None
    """None = until further notice."""


class Deal(Command, frozen=True):
    """A price that somebody paid for one piece."""

    venue_id: UUID
    sku_id: UUID
    price: Fen
    order_id: UUID
    at: datetime


class Was(View, frozen=True):
    """What a present price may be compared with, and by which rule."""

    price: int
    rule: Basis
    since: datetime
    """When the present reduction began."""


class PricePoint(View, frozen=True):
    """The lowest price that everybody could have, over a stretch of time."""

    from_at: datetime
    until_at: datetime | None
    """None = it still applies."""
    price: int
    list_price: int | None
    """None where none was on record yet."""
    kind: str


class PriceHistory(View, frozen=True):
    """How a price has moved, and what it may be compared with."""

    sku_id: UUID
    venue_id: UUID
    days: int
    points: list[PricePoint]
    lowest: int
    """Of the points."""
    was: Was | None
