"""Say what an SKU costs: at once, or in a way that the shopper chose."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import select

from xinbo.commerce import catalog, inventory
from xinbo.commerce.offers._models import OfferRow
from xinbo.commerce.offers._rules import SPECIAL, OfferKind, Standing, best, open_at
from xinbo.commerce.offers._types import Quote, Special, Terms
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import NIL

STANDING = select(*(OfferRow.__table__.columns[name] for name in Standing.__struct_fields__))


class NotOnSale(Conflict):
    """Raised when an SKU does not exist, or cannot be bought now: the two look alike."""


class OfferGone(Conflict):
    """Raised when an offer is over, has not begun, or never was."""


async def quote(
    tx: Tx,
    sku_ids: Iterable[UUID],
    venue_id: UUID | None,
    level: int = 0,
    *,
    cards: Mapping[UUID, catalog.SkuCard] | None = None,
) -> dict[UUID, Quote]:
    """Say what SKUs cost at a venue for a shopper of this member level, and from which stock.

    The lowest price that holds now wins, of the venue's and the whole shop's. One whose own
    stock is gone no longer counts, except a venue's only price: that one is sold out. An SKU that
    nobody offers costs its list price, out of the general pool. One that is not on sale is
    missing from the answer. Who has the SKUs' cards already hands them over.
    """
    wanted = list(sku_ids)
    if cards is None:
        cards = await catalog.skus(tx, wanted)
    else:
        cards = {each: cards[each] for each in wanted if each in cards}
    offers = await _offers(tx, list(cards), venue_id)
    found: dict[UUID, Quote] = {}
    for sku_id, card in cards.items():
        if card.on_sale:
            found[sku_id] = quoted(card, best(offers.get(sku_id, ()), tx.now, level, card.price))
    await _pass_over_empty(tx, found, cards, offers, level)
    return found


async def quote_special(
    tx: Tx, asked: Iterable[tuple[UUID, int | None]]
) -> dict[UUID, Quote | OfferGone]:
    """Quote offers that a shopper chose, by id; the price given replaces the offer's (bargains)."""
    own = dict(asked)
    rows = await tx.db.execute(
        STANDING.where(
            OfferRow.merchant_id == tx.merchant_id, OfferRow.id.in_(own), OfferRow.active
        )
    )
    standing = [msgspec.convert(row, Standing, from_attributes=True) for row in rows]
    known = {row.id: row for row in standing if row.kind in SPECIAL and open_at(row, tx.now)}
    cards = await catalog.skus(tx, [row.sku_id for row in known.values()])
    answers: dict[UUID, Quote | OfferGone] = {}
    for offer_id, price in own.items():
        row = known.get(offer_id)
        card = None if row is None else cards.get(row.sku_id)
        if row is None or card is None or not card.on_sale:
            answers[offer_id] = OfferGone(offer_id=offer_id)
        else:
            plain = quoted(card, row)
            answers[offer_id] = (
                plain if price is None else msgspec.structs.replace(plain, price=price)
            )
    return answers


async def specials(
    tx: Tx, sku_ids: Sequence[UUID], venue_id: UUID | None, *, most: int = 200
) -> list[Special]:
    """List what shoppers may choose of these SKUs here: group buying, pre-sale, bargaining."""
    offers = await _offers(tx, sku_ids, venue_id)
    rows = [row for each in offers.values() for row in each]
    rows = [row for row in rows if row.kind in SPECIAL and open_at(row, tx.now)][:most]
    cards = await catalog.skus(tx, [row.sku_id for row in rows])
    left = await inventory.left(tx, [(row.sku_id, row.pool_id) for row in rows])
    return [
        Special(
            id=row.id,
            source_id=row.source_id,
            sku_id=row.sku_id,
            kind=row.kind,
            price=row.price,
            list_price=cards[row.sku_id].price,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            per_person=row.per_person,
            left=left[row.sku_id, row.pool_id],
            terms=msgspec.convert(row.terms, Terms),
        )
        for row in sorted(rows, key=lambda row: (row.kind, row.id))
        if row.sku_id in cards and cards[row.sku_id].on_sale
    ]


def quoted(card: catalog.SkuCard, offer: Standing | None) -> Quote:
    """Put together what is said of an SKU and what it costs."""
    here = None if offer is None or offer.venue_id == NIL else offer.venue_id
    return Quote(
        sku_id=card.sku_id,
        product_id=card.product_id,
        title=card.title,
        options=card.options,
        picture_url=card.picture_url,
        unit=card.unit,
        price=card.price if offer is None else offer.price,
        list_price=card.price,
        currency=card.currency,
        pool_id=NIL if offer is None else offer.pool_id,
        venue_id=here,
        kind=OfferKind.RETAIL if offer is None else offer.kind,
        offer_id=None if offer is None else offer.id,
        per_person=None if offer is None else offer.per_person,
        ends_at=None if offer is None else offer.ends_at,
        terms=None if offer is None or offer.terms is None else msgspec.convert(offer.terms, Terms),
    )


async def _offers(
    tx: Tx, sku_ids: Sequence[UUID], venue_id: UUID | None
) -> dict[UUID, list[Standing]]:
    rows = await tx.db.execute(
        STANDING.where(
            OfferRow.merchant_id == tx.merchant_id,
            OfferRow.sku_id.in_(sku_ids),
            OfferRow.venue_id.in_({NIL, venue_id or NIL}),
            OfferRow.active,
        )
    )
    found: dict[UUID, list[Standing]] = {}
    for row in rows:
        standing = msgspec.convert(row, Standing, from_attributes=True)
        found.setdefault(standing.sku_id, []).append(standing)
    return found


async def _pass_over_empty(
    tx: Tx,
    found: dict[UUID, Quote],
    cards: Mapping[UUID, catalog.SkuCard],
    offers: dict[UUID, list[Standing]],
    level: int,
) -> None:
    """Quote the next price where a promotion's own stock is gone, past as many as are empty."""
    own = [sku_id for sku_id, each in found.items() if _of_its_own(each)]
    if not own:
        return
    rows = [row for sku_id in own for row in offers[sku_id] if _of_its_own(row)]
    left = await inventory.left(tx, {(row.sku_id, row.pool_id) for row in rows})
    empty = {row.id for row in rows if left[row.sku_id, row.pool_id] == 0}
    for sku_id in own:
        if found[sku_id].offer_id in empty:
            others = [row for row in offers[sku_id] if row.id not in empty]
            card = cards[sku_id]
            found[sku_id] = quoted(card, best(others, tx.now, level, card.price))


def _of_its_own(offer: Quote | Standing) -> bool:
    """Say whether it is a promotion with stock set aside for it."""
    return offer.kind is not OfferKind.RETAIL and offer.pool_id != NIL
