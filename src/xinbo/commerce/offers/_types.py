"""Structs of the offers room."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from xinbo.commerce.offers._rules import LOCKED, OfferKind
from xinbo.commerce.prices import Was
from xinbo.kit.ids import NIL
from xinbo.kit.money import Fen
from xinbo.kit.wire import Event, View


class GroupTerms(msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag="group"):
    """Group buying: so many shoppers, each with a paid order, within so many hours."""

    size: Annotated[int, Meta(ge=2, le=100)]
    hours: Annotated[int, Meta(ge=1, le=168)]


class PresaleTerms(msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag="presale"):
    """A deposit now, the balance in a window, the goods by a day."""

    deposit: Fen
    """A piece, in minor units; part of the price."""
    worth: Fen
    """What the deposit counts for when the balance is paid: at least the deposit."""
    balance_from: datetime
    balance_until: datetime
    ships_by: datetime


class BargainTerms(msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag="bargain"):
    """Friends cut the price from the list price to a floor within so many hours."""

    floor: Fen
    helpers: Annotated[int, Meta(ge=1, le=100)]
    hours: Annotated[int, Meta(ge=1, le=168)]


type Terms = GroupTerms | PresaleTerms | BargainTerms


class Offer(View, frozen=True, kw_only=True):
    """An SKU at a price, out of a pool of stock, at a venue: a show, for one."""

    sku_id: UUID
    venue_id: UUID = NIL
    """Nil: the whole shop."""
    price: int
    """Minor units a piece; what a group or pre-sale costs in all, where a bargain begins."""
    pool_id: UUID = NIL
    kind: OfferKind = OfferKind.RETAIL
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    per_person: int | None = None
    """Most pieces one shopper may take; None: no limit."""
    level: int = 0
    """The member level it takes; 0: everyone."""
    terms: Terms | None = None


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
    """The show whose offer it is; null for one of the whole shop, or the list price."""
    kind: OfferKind
    offer_id: UUID | None
    """Null where the list price holds."""
    per_person: int | None
    ends_at: datetime | None
    terms: Terms | None

    @property
    def locked(self) -> bool:
        """Whether basket promotions leave the price alone."""
        return self.kind in LOCKED


class Special(View, frozen=True):
    """An offer that a shopper has to choose: group buying, pre-sale, bargaining."""

    id: UUID
    source_id: UUID
    sku_id: UUID
    kind: OfferKind
    price: int
    list_price: int
    starts_at: datetime | None
    ends_at: datetime | None
    per_person: int | None
    left: int
    terms: Terms


class MembersPay(View, frozen=True):
    """What an SKU costs members of a level that the reader is not, where that is less."""

    price: int
    level: int


class PriceHere(View, frozen=True):
    """What an SKU costs the reader here and now. Prices are minor units a piece."""

    sku_id: UUID
    price: int
    list_price: int
    currency: str
    kind: OfferKind
    offer_id: UUID | None
    """Null where the list price holds."""
    ends_at: datetime | None
    per_person: int | None
    taken: int
    """How many the reader has taken of those; 0 where nobody is limited."""
    left: int
    was: Was | None
    """What may be struck through; null where nothing may."""
    members: MembersPay | None


class OffersHere(View, frozen=True):
    """What SKUs cost here and now, and what else a shopper may choose."""

    at: datetime
    """Server time, for countdowns."""
    prices: list[PriceHere]
    specials: list[Special]


class OffersChanged(Event, frozen=True):
    """A venue's prices changed."""

    name = "offers.changed"
    venue_id: UUID
    sku_ids: list[UUID]
