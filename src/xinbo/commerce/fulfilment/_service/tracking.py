"""Believe or refuse what is said of parcels, keep it in order, and tell the orders."""

import logging
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import orders
from xinbo.commerce.fulfilment._models import (
    ShipmentLineRow,
    ShipmentRow,
    TrackEventRow,
)
from xinbo.commerce.fulfilment._rules.tracking import TROUBLE, TrackKind, in_order, standing
from xinbo.commerce.fulfilment._service.reads import get, locked
from xinbo.commerce.fulfilment._service.shipping import orders_in, tracked
from xinbo.commerce.fulfilment._service.trackers import PushRefused, find
from xinbo.commerce.fulfilment._types import (
    Shipment,
    ShipmentDelivered,
    ShipmentTroubled,
    TrackEvent,
)
from xinbo.engines.tx import Tx, system
from xinbo.identity.access import Can, require
from xinbo.kit.ids import NIL

MOST_EVENTS = 500
"""Events of one parcel that are kept: a provider that says more is broken."""
log = logging.getLogger("xinbo.fulfilment")


async def hear(tx: Tx, provider: str, headers: Mapping[str, str], body: bytes) -> None:
    """Believe a provider's push, or refuse it. Harmless to repeat, in any order.

    Nobody is signed in and no merchant is named here, so the parcel says whose it is; the news
    is taken in by that merchant's system, in a transaction of its own.
    """
    try:
        news = find(provider).read(headers, body, tx.now)
        merchant_id = await _whose(tx, provider, news.shipment_id)
        async with tx.database.begin(system(merchant_id), tx.now) as own:
            await take_in(own, news.shipment_id, news.number, news.events)
    except PushRefused as refusal:
        log.warning("push of %s refused: %s", provider[:20], refusal)
        raise


async def refresh(tx: Tx, shipment_id: UUID) -> Shipment:
    """Ask where a parcel is now, and take in what is said."""
    require(tx, Can.SERVE_ORDERS)
    row = await locked(tx, shipment_id)
    events = await find(row.tracker).poll(tx, tracked(row))
    await take_in(tx, row.id, row.number, events)
    return await get(tx, shipment_id)


async def take_in(tx: Tx, shipment_id: UUID, number: str, events: Sequence[TrackEvent]) -> None:
    """Keep what happened to a parcel, each event once, and say where it stands now.

    News of a number that was corrected since is kept and counts for nothing.
    """
    row = await locked(tx, shipment_id)
    known = set(
        await tx.db.scalars(
            select(TrackEventRow.ref).where(
                TrackEventRow.shipment_id == shipment_id, TrackEventRow.number == number
            )
        )
    )
    fresh = {event.ref: event for event in events if event.ref not in known}
    room = MOST_EVENTS - len(known)
    if not fresh or room <= 0:
        return
    await tx.db.execute(
        insert(TrackEventRow).on_conflict_do_nothing(),
        [
            {
                "shipment_id": shipment_id,
                "number": number,
                "ref": event.ref[:80],
                "merchant_id": tx.merchant_id,
                "at": event.at,
                "kind": event.kind,
                "text": event.text[:500],
                "place": event.place[:100],
                "heard_at": tx.now,
            }
            for event in in_order(list(fresh.values()))[:room]
        ],
    )
    if number == row.number:
        await _stand(tx, row)


async def _stand(tx: Tx, row: ShipmentRow) -> None:
    """Say where the parcel stands by all that is known, and tell where that is news."""
    found = await tx.db.scalars(
        select(TrackEventRow).where(
            TrackEventRow.shipment_id == row.id, TrackEventRow.number == row.number
        )
    )
    events = [TrackEvent.of(each) for each in found]
    before, row.status = row.status, standing(events)
    arrived = [event.at for event in events if event.kind is TrackKind.DELIVERED]
    first_arrival = bool(arrived) and row.delivered_at is None
    if first_arrival:
        row.delivered_at = min(arrived)
    await tx.db.flush()
    concerned = await orders_in(tx, row.id)
    if first_arrival:
        await tx.emit(*[ShipmentDelivered(shipment_id=row.id, order_id=each) for each in concerned])
        for order_id in concerned:
            if not await _on_the_way(tx, order_id):
                await orders.delivered(tx, order_id)
    if row.status is not before and row.status in TROUBLE:
        await tx.emit(
            *[
                ShipmentTroubled(shipment_id=row.id, order_id=each, kind=row.status)
                for each in concerned
            ]
        )


async def _on_the_way(tx: Tx, order_id: UUID) -> bool:
    """Say whether a parcel of the order has not arrived yet."""
    return bool(
        await tx.db.scalar(
            select(
                exists().where(
                    ShipmentLineRow.order_id == order_id,
                    ShipmentLineRow.merchant_id == tx.merchant_id,
                    ShipmentLineRow.shipment_id == ShipmentRow.id,
                    ShipmentRow.delivered_at.is_(None),
                )
            )
        )
    )


async def _whose(tx: Tx, provider: str, shipment_id: UUID) -> UUID:
    async with tx.database.begin(system(NIL), tx.now) as anyone:
        merchant_id = await anyone.db.scalar(
            select(ShipmentRow.merchant_id).where(
                ShipmentRow.id == shipment_id, ShipmentRow.tracker == provider
            )
        )
    if merchant_id is None:
        raise PushRefused(reason="shipment")
    return merchant_id
