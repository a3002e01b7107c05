"""Publish what a source offers, and close it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import prices
from xinbo.commerce.offers._models import OfferRow
from xinbo.commerce.offers._types import Offer, OffersChanged
from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id

KEPT = {"id", "merchant_id", "source_id", "sku_id"}


async def publish(tx: Tx, source_id: UUID, offers: Sequence[Offer]) -> None:
    """Replace what a source offers: each SKU at most once.

    Who may do so is decided by the source's own room. Every price goes into the price log.
    """
    before = await _active(tx, source_id)
    await _close_all(tx, source_id)
    gone = {sku_id for sku_id in before if sku_id not in {offer.sku_id for offer in offers}}
    if gone:
        await prices.withdraw(tx, source_id, sorted(gone))
    if offers:
        row = insert(OfferRow)
        columns = {column.name for column in OfferRow.__table__.columns} - KEPT
        await tx.db.execute(
            row.on_conflict_do_update(
                index_elements=[OfferRow.merchant_id, OfferRow.source_id, OfferRow.sku_id],
                set_={name: row.excluded[name] for name in columns},
            ),
            [
                {"id": new_id(), "merchant_id": tx.merchant_id, "source_id": source_id}
                | {"active": True, **_columns(offer)}
                for offer in sorted(offers, key=lambda offer: offer.sku_id)
            ],
        )
        await prices.show(tx, [_shown(source_id, offer) for offer in offers])
    venues = {offer.venue_id: None for offer in offers} | dict.fromkeys(before.values())
    for venue_id in venues:
        named = {offer.sku_id for offer in offers if offer.venue_id == venue_id}
        was = {sku_id for sku_id, place in before.items() if place == venue_id}
        await _tell(tx, venue_id, named | was)


async def close(tx: Tx, source_id: UUID) -> None:
    """End a source's offers: its SKUs cost what else holds for them. Harmless to repeat."""
    before = await _active(tx, source_id)
    if not before:
        return
    await _close_all(tx, source_id)
    await prices.withdraw(tx, source_id, None)
    for venue_id in set(before.values()):
        await _tell(tx, venue_id, (each for each, place in before.items() if place == venue_id))


def _columns(offer: Offer) -> dict[str, object]:
    return {
        "venue_id": offer.venue_id,
        "sku_id": offer.sku_id,
        "kind": offer.kind,
        "price": offer.price,
        "pool_id": offer.pool_id,
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
        "per_person": offer.per_person,
        "level": offer.level,
        "terms": msgspec.to_builtins(offer.terms),
    }


def _shown(source_id: UUID, offer: Offer) -> prices.Shown:
    return prices.Shown(
        venue_id=offer.venue_id,
        sku_id=offer.sku_id,
        source_id=source_id,
        kind=offer.kind,
        price=offer.price,
        from_at=offer.starts_at,
        until_at=offer.ends_at,
    )


async def _active(tx: Tx, source_id: UUID) -> dict[UUID, UUID]:
    """Lock what the source offers now; return each SKU's venue."""
    rows = await tx.db.execute(
        select(OfferRow.sku_id, OfferRow.venue_id)
        .where(
            OfferRow.merchant_id == tx.merchant_id,
            OfferRow.source_id == source_id,
            OfferRow.active,
        )
        .order_by(OfferRow.sku_id)
        .with_for_update()
    )
    return {row.sku_id: row.venue_id for row in rows}


async def _close_all(tx: Tx, source_id: UUID) -> None:
    await tx.db.execute(
        update(OfferRow)
        .where(OfferRow.merchant_id == tx.merchant_id, OfferRow.source_id == source_id)
        .values(active=False)
        .execution_options(synchronize_session=False)
    )


async def _tell(tx: Tx, venue_id: UUID, sku_ids: Iterable[UUID]) -> None:
    if named := sorted(set(sku_ids)):
        await tx.emit(OffersChanged(venue_id=venue_id, sku_ids=named))
