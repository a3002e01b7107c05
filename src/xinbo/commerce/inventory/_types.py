"""Structs of the inventory room."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, Event, View

type Quantity = Annotated[int, Meta(ge=1, le=999)]
type Pieces = Annotated[int, Meta(ge=0, le=10_000_000)]


class Take(Command, frozen=True):
    """A number of pieces of one SKU, out of one pool."""

    sku_id: UUID
    pool_id: UUID
    quantity: Quantity


class Stock(View, frozen=True):
    """How many pieces of one SKU a pool can still promise."""

    sku_id: UUID
    pool_id: UUID
    """The general pool has the nil UUID; a show's own stock has the show's id."""
    on_hand: int
    reserved: int
    left: int


class SetStock(Command, frozen=True):
    """Say how many pieces of an SKU there are."""

    on_hand: Pieces


class StockChanged(Event, frozen=True):
    """Pieces came in, went out, or moved between pools, other than by an order."""

    name = "stock.changed"
    sku_ids: list[UUID]
    pool_id: UUID
