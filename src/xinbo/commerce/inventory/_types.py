"""Structs of the inventory room."""

from datetime import datetime
from enum import StrEnum
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


class MoveReason(StrEnum):
    """MoveReason pieces moved."""

    COUNT = "count"
    """Somebody counted, and the books followed."""
    RECEIPT = "receipt"
    SHIPMENT = "shipment"
    RETURN = "return"
    DAMAGE = "damage"
    TRANSFER = "transfer"
    ADJUSTMENT = "adjustment"


class Warehouse(View, frozen=True):
    """A place where a merchant keeps goods."""

    id: UUID
    name: str
    address: str
    is_default: bool
    """Whether it is meant where none is named."""


class PutWarehouse(Command, frozen=True):
    """Write a warehouse."""

    name: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"\S")]
    address: Annotated[str, Meta(max_length=200)] = ""
    is_default: bool = False
    """True makes it the one that is meant where none is named; false leaves that as it is."""


class Held(View, frozen=True):
    """Pieces in one warehouse."""

    warehouse_id: UUID
    on_hand: int


class StockLevel(View, frozen=True):
    """How an SKU stands: what there is, where it lies, what of it is promised."""

    sku_id: UUID
    product_id: UUID
    code: str
    title: str
    options: list[str]
    unit: str
    picture_url: str | None
    on_hand: int
    """In all warehouses = in all pools."""
    reserved: int
    left: int
    """What can still be promised, over all pools."""
    threshold: int | None
    low_since: datetime | None
    """Since when `left` is at the threshold or below; null = it is not."""
    held: list[Held]


class Movement(View, frozen=True):
    """Pieces that came into a warehouse or left it."""

    id: UUID
    sku_id: UUID
    code: str
    title: str
    options: list[str]
    warehouse_id: UUID
    delta: int
    why: MoveReason
    actor_id: UUID | None
    """Who did it; null = the system."""
    at: datetime
    ref: str
    """What it belongs to: an order, a delivery note."""
    note: str


class MovePart(Command, frozen=True):
    """Pieces of one SKU."""

    sku_id: UUID
    quantity: Annotated[int, Meta(ge=1, le=10_000_000)]


class Receive(Command, frozen=True):
    """Goods came in."""

    parts: Annotated[list[MovePart], Meta(min_length=1, max_length=200)]
    warehouse_id: UUID | None = None
    ref: Annotated[str, Meta(max_length=80)] = ""
    note: Annotated[str, Meta(max_length=200)] = ""


class Adjust(Command, frozen=True):
    """Set right what a warehouse holds: pieces that were found, lost or broke."""

    sku_id: UUID
    delta: Annotated[int, Meta(ge=-10_000_000, le=10_000_000)]
    why: MoveReason = MoveReason.ADJUSTMENT
    """`adjustment` or `damage`."""
    warehouse_id: UUID | None = None
    ref: Annotated[str, Meta(max_length=80)] = ""
    note: Annotated[str, Meta(max_length=200)] = ""

    def __post_init__(self) -> None:
        """Refuse what has a way of its own; msgspec turns it into a 400."""
        if self.why not in (MoveReason.ADJUSTMENT, MoveReason.DAMAGE) or self.delta == 0:
            raise ValueError("an adjustment or damage of some pieces")


class Transfer(Command, frozen=True):
    """Move pieces from one warehouse to another."""

    from_id: UUID
    to_id: UUID
    parts: Annotated[list[MovePart], Meta(min_length=1, max_length=200)]
    ref: Annotated[str, Meta(max_length=80)] = ""
    note: Annotated[str, Meta(max_length=200)] = ""


class SetThreshold(Command, frozen=True):
    """Say at how many pieces an SKU is low. Null = do not watch it."""

    threshold: Pieces | None


class StockLow(Event, frozen=True):
    """Few pieces are left. Said once: again only after there were more in between."""

    name = "stock.low"
    sku_id: UUID
    left: int
    threshold: int


class StockChanged(Event, frozen=True):
    """Pieces came in, went out, or moved between pools, other than by an order."""

    name = "stock.changed"
    sku_ids: list[UUID]
    pool_id: UUID
