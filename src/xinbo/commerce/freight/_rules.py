"""What sending goods to a region costs: pure, so that it can be tried on every case."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.money import Fen
from xinbo.kit.wire import Command

type Units = Annotated[int, Meta(ge=1, le=10_000_000)]
type Name = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
type Place = Annotated[list[Name], Meta(min_length=1, max_length=3)]

ENDINGS = (
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "省",
    "市",
)


class ChargedBy(StrEnum):
    """What the freight grows with: 按件数, 按重量."""

    PIECE = "piece"
    WEIGHT = "weight"
    """Grams."""


class Zone(Command, frozen=True):
    """Where one tariff holds, and what it says. Units are pieces or grams, money is fen."""

    places: Annotated[list[Place], Meta(max_length=500)]
    """Provinces, cities or districts, from the widest name on; empty: everywhere else."""
    deliver: bool
    """False: nothing is sent there."""
    first: Units
    first_fee: Fen
    further: Units
    further_fee: Fen
    """For each `further` units beyond the first, begun ones counted whole."""
    free_amount: Fen | None = None
    """Free from this much money of the template's goods on."""
    free_pieces: Units | None = None


class Parcel(Command, frozen=True):
    """Pieces of one SKU that are to be sent."""

    sku_id: UUID
    product_id: UUID
    quantity: int
    grams: int
    """Of one piece."""
    amount: int
    """What is paid for all of them, in fen: free delivery looks at it."""


def plain(name: str) -> str:
    """Shorten a region's name to what people call it: 浙江省 and 浙江 are one place."""
    short = name.strip()
    for ending in ENDINGS:
        if short.endswith(ending) and len(short) > len(ending) + 1:
            return short.removesuffix(ending)
    return short


def matches(place: Sequence[str], region: Sequence[str]) -> bool:
    """Say whether an address in `region` lies in `place`; both begin with the province."""
    return len(place) <= len(region) and all(
        plain(one) == plain(other) for one, other in zip(place, region, strict=False)
    )


def zone_of(zones: Sequence[Zone], region: Sequence[str]) -> Zone | None:
    """Return the zone of an address: the one that names it most exactly.

    A district goes before its city, a city before its province, a province before everywhere
    else; of equals the first. None where no zone holds: nothing is sent there.
    """
    best: Zone | None = None
    exactness = -1
    for zone in zones:
        fits = [len(place) for place in zone.places if matches(place, region)]
        depth = max(fits) if fits else (0 if not zone.places else -1)
        if depth > exactness:
            best, exactness = zone, depth
    return best


def units_of(charged_by: ChargedBy, parcels: Sequence[Parcel]) -> int:
    """Count pieces, or grams."""
    if charged_by is ChargedBy.PIECE:
        return sum(parcel.quantity for parcel in parcels)
    return sum(parcel.quantity * parcel.grams for parcel in parcels)


def fee(zone: Zone, units: int) -> int:
    """Return what `units` cost in a zone, before anything is free; nothing costs nothing."""
    if units <= 0:
        return 0
    beyond = max(0, units - zone.first)
    return zone.first_fee + -(-beyond // zone.further) * zone.further_fee


def is_free(zone: Zone, parcels: Sequence[Parcel]) -> bool:
    """Say whether these goods are enough to be sent free of charge."""
    amount = sum(parcel.amount for parcel in parcels)
    pieces = sum(parcel.quantity for parcel in parcels)
    by_amount = zone.free_amount is not None and amount >= zone.free_amount
    by_pieces = zone.free_pieces is not None and pieces >= zone.free_pieces
    return pieces > 0 and (by_amount or by_pieces)


def grouped(
    parcels: Sequence[Parcel], templates: Mapping[UUID, UUID], default: UUID | None
) -> dict[UUID | None, list[Parcel]]:
    """Sort parcels by the template that charges them; None where nothing does."""
    found: dict[UUID | None, list[Parcel]] = {}
    for parcel in parcels:
        found.setdefault(templates.get(parcel.product_id, default), []).append(parcel)
    return found
