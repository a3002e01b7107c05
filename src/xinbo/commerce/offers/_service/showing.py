"""Show shoppers what SKUs cost here and now, and what else they may choose."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import select

from xinbo.commerce import inventory, members, prices
from xinbo.commerce.offers._models import BoughtRow, OfferRow
from xinbo.commerce.offers._rules import OfferKind, Standing, open_at
from xinbo.commerce.offers._service.quoting import STANDING, quote, specials
from xinbo.commerce.offers._types import MembersPay, OffersHere, PriceHere, Quote
from xinbo.engines.tx import Role, Tx
from xinbo.kit.ids import NIL


async def here(tx: Tx, sku_ids: Collection[UUID], venue_id: UUID | None) -> OffersHere:
    """Say what these SKUs cost the reader at a venue (None: the shop), and what may be chosen.

    An SKU that cannot be bought now is missing. A price is compared with an earlier one only
    where the log of prices has a basis for it.
    """
    asked = sorted(set(sku_ids))
    reader = tx.actor.user_id if tx.actor.role is Role.SHOPPER else None
    level = 0 if reader is None else (await members.levels(tx, [reader])).get(reader, 0)
    quotes = await quote(tx, asked, venue_id, level)
    left = await inventory.left(tx, [(each.sku_id, each.pool_id) for each in quotes.values()])
    keys = {each.sku_id: (each.venue_id or NIL, each.sku_id) for each in quotes.values()}
    was = await prices.basis(tx, keys.values())
    taken = await _taken(tx, reader, quotes.values())
    clubs = await _for_members(tx, quotes, venue_id, level)
    return OffersHere(
        at=tx.now,
        prices=[
            PriceHere(
                sku_id=each.sku_id,
                price=each.price,
                list_price=each.list_price,
                currency=each.currency,
                kind=each.kind,
                offer_id=each.offer_id,
                ends_at=each.ends_at,
                per_person=each.per_person,
                taken=0 if each.offer_id is None else taken.get(each.offer_id, 0),
                left=left[each.sku_id, each.pool_id],
                was=_above(was.get(keys[each.sku_id]), each.price),
                members=clubs.get(each.sku_id),
            )
            for each in quotes.values()
        ],
        specials=await specials(tx, asked, venue_id),
    )


def _above(was: prices.Was | None, price: int) -> prices.Was | None:
    """Keep what a price is compared with where it is above what this reader pays."""
    return was if was is not None and was.price > price else None


async def _taken(tx: Tx, reader: UUID | None, quotes: Iterable[Quote]) -> dict[UUID, int]:
    """Count what the reader has taken of the offers that limit a person."""
    limited = [each.offer_id for each in quotes if each.offer_id and each.per_person is not None]
    if reader is None or not limited:
        return {}
    rows = await tx.db.execute(
        select(BoughtRow.offer_id, BoughtRow.quantity).where(
            BoughtRow.merchant_id == tx.merchant_id,
            BoughtRow.shopper_id == reader,
            BoughtRow.offer_id.in_(limited),
        )
    )
    return {row.offer_id: row.quantity for row in rows}


async def _for_members(
    tx: Tx, quotes: dict[UUID, Quote], venue_id: UUID | None, level: int
) -> dict[UUID, MembersPay]:
    """Find what those pay who are members of a level that the reader is not."""
    rows = await tx.db.execute(
        STANDING.where(
            OfferRow.merchant_id == tx.merchant_id,
            OfferRow.sku_id.in_(quotes),
            OfferRow.venue_id.in_({NIL, venue_id or NIL}),
            OfferRow.kind == OfferKind.MEMBER_PRICE,
            OfferRow.level > level,
            OfferRow.active,
        )
    )
    standing = [msgspec.convert(row, Standing, from_attributes=True) for row in rows]
    cheaper = [
        each
        for each in standing
        if open_at(each, tx.now) and each.price < quotes[each.sku_id].price
    ]
    served = await _in_stock(tx, cheaper)
    found: dict[UUID, MembersPay] = {}
    # The level that is reached first; of equals the lowest price.
    for each in sorted(served, key=lambda each: (each.level, each.price)):
        found.setdefault(each.sku_id, MembersPay(price=each.price, level=each.level))
    return found


async def _in_stock(tx: Tx, offers: Sequence[Standing]) -> list[Standing]:
    left = await inventory.left(tx, [(each.sku_id, each.pool_id) for each in offers])
    return [each for each in offers if left[each.sku_id, each.pool_id] > 0]
