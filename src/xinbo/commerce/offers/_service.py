"""Publish what a venue offers, and say what an SKU costs there."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import catalog
from xinbo.commerce.offers._models import OfferRow
from xinbo.commerce.offers._types import Offer, OffersChanged, Quote
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import NIL


class NotOnSale(Conflict):
    """Raised when an SKU does not exist, or cannot be bought now: the two look alike."""


async def publish(tx: Tx, venue_id: UUID, offers: Sequence[Offer]) -> None:
    """Replace what a venue offers. Who may do so is decided by the venue's own room."""
    before = await _active(tx, venue_id)
    await _close_all(tx, venue_id)
    if offers:
        row = insert(OfferRow)
        await tx.db.execute(
            row.on_conflict_do_update(
                index_elements=[OfferRow.merchant_id, OfferRow.venue_id, OfferRow.sku_id],
                set_={
                    "price": row.excluded.price,
                    "pool_id": row.excluded.pool_id,
                    "active": True,
                },
            ),
            [
                {
                    "merchant_id": tx.merchant_id,
                    "venue_id": venue_id,
                    "sku_id": offer.sku_id,
                    "price": offer.price,
                    "pool_id": offer.pool_id,
                    "active": True,
                }
                for offer in sorted(offers, key=lambda offer: offer.sku_id)
            ],
        )
    await _tell(tx, venue_id, {*before, *(offer.sku_id for offer in offers)})


async def close(tx: Tx, venue_id: UUID) -> None:
    """End a venue's offers: its SKUs cost their list price again. Harmless to repeat."""
    before = await _active(tx, venue_id)
    await _close_all(tx, venue_id)
    await _tell(tx, venue_id, before)


async def quote(tx: Tx, sku_ids: Iterable[UUID], venue_id: UUID | None) -> dict[UUID, Quote]:
    """Say what SKUs cost at a venue, and which stock serves them.

    An SKU that the venue does not offer costs its list price, out of the general pool. One that
    is not on sale is missing from the answer.
    """
    cards = await catalog.skus(tx, list(sku_ids))
    offers: dict[UUID, OfferRow] = {}
    if venue_id is not None:
        rows = await tx.db.scalars(
            select(OfferRow)
            .where(
                OfferRow.merchant_id == tx.merchant_id,
                OfferRow.venue_id == venue_id,
                OfferRow.sku_id.in_(cards),
                OfferRow.active,
            )
            .execution_options(populate_existing=True)
        )
        offers = {row.sku_id: row for row in rows}
    return {
        sku_id: _quote(card, offers.get(sku_id)) for sku_id, card in cards.items() if card.on_sale
    }


def _quote(card: catalog.SkuCard, offer: OfferRow | None) -> Quote:
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
        venue_id=None if offer is None else offer.venue_id,
    )


async def _active(tx: Tx, venue_id: UUID) -> set[UUID]:
    return set(
        await tx.db.scalars(
            select(OfferRow.sku_id)
            .where(
                OfferRow.merchant_id == tx.merchant_id,
                OfferRow.venue_id == venue_id,
                OfferRow.active,
            )
            .with_for_update()
        )
    )


async def _close_all(tx: Tx, venue_id: UUID) -> None:
    await tx.db.execute(
        update(OfferRow)
        .where(OfferRow.merchant_id == tx.merchant_id, OfferRow.venue_id == venue_id)
        .values(active=False)
        .execution_options(synchronize_session=False)
    )


async def _tell(tx: Tx, venue_id: UUID, sku_ids: set[UUID]) -> None:
    if sku_ids:
        await tx.emit(OffersChanged(venue_id=venue_id, sku_ids=sorted(sku_ids)))
