"""What kinds of offer there are, and which one a shopper gets: pure."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec


class OfferKind(StrEnum):
    """The way in which something is sold."""

    RETAIL = "retail"
    FLASH_SALE = "flash_sale"
    TIMED_DISCOUNT = "timed_discount"
    MEMBER_PRICE = "member_price"
    GROUP_BUY = "group_buy"
    PRESALE = "presale"
    BARGAIN = "bargain"


SPECIAL = frozenset({OfferKind.GROUP_BUY, OfferKind.PRESALE, OfferKind.BARGAIN})
"""Ways that a shopper chooses; of the others everybody gets the lowest price there is."""
LOCKED = SPECIAL | {OfferKind.FLASH_SALE}
"""Ways whose price takes part in no basket promotion."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An offer as it stands: what decides between offers of one SKU, and what is then quoted."""

    id: UUID
    source_id: UUID
    venue_id: UUID
    sku_id: UUID
    kind: OfferKind
    price: int
    """Minor units a piece."""
    pool_id: UUID
    starts_at: datetime | None
    ends_at: datetime | None
    per_person: int | None
    level: int
    """The member level it takes; 0 for everyone."""
    terms: dict[str, object] | None


def open_at(offer: Standing, now: datetime) -> bool:
    """Say whether the offer's window holds this moment: start included, end not."""
    return (offer.starts_at is None or offer.starts_at <= now) and (
        offer.ends_at is None or now < offer.ends_at
    )


def best(offers: Iterable[Standing], now: datetime, level: int, list_price: int) -> Standing | None:
    """Return the offer that a shopper of this member level gets, None where none beats the list.

    The lowest price wins; of equals the one that is sold plainly, then the kind's name. A show's
    own retail price replaces the list price even where it equals it: its stock serves.
    """
    open_now = [
        each
        for each in offers
        if each.kind not in SPECIAL and each.level <= level and open_at(each, now)
    ]
    if not open_now:
        return None
    lowest = min(
        open_now, key=lambda each: (each.price, each.kind is not OfferKind.RETAIL, each.kind)
    )
    return lowest if lowest.kind is OfferKind.RETAIL or lowest.price < list_price else None
