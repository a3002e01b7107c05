"""Structs of the offers room."""

from uuid import UUID

from xinbo.kit.wire import Event, View


class Offer(View, frozen=True):
    """An SKU at a price, out of a pool of stock, at a venue: a show, for one."""

    sku_id: UUID
    venue_id: UUID
    price: int
    pool_id: UUID


class Quote(View, frozen=True):
    """What one SKU costs here and now, and which stock serves it."""

    sku_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_url: str | None
    unit: str
    price: int
    list_price: int
    currency: str
    pool_id: UUID
    venue_id: UUID | None


class OffersChanged(Event, frozen=True):
    """A venue's prices changed."""

    name = "offers.changed"
    venue_id: UUID
    sku_ids: list[UUID]
