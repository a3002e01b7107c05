"""Show parcels: to the staff whole, to a shopper those of the order they may see."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from xinbo.commerce import orders
from xinbo.commerce.fulfilment._models import (
    ShipmentLineRow,
    ShipmentRow,
    TrackEventRow,
)
from xinbo.commerce.fulfilment._rules import carriers as known
from xinbo.commerce.fulfilment._rules.tracking import in_order
from xinbo.commerce.fulfilment._service.trackers import find
from xinbo.commerce.fulfilment._types import (
    Carrier,
    NumberChange,
    Parcel,
    Shipment,
    ShipmentFilter,
    ShipmentLine,
    TrackEvent,
)
from xinbo.commerce.orders import Recipient
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import NotFound
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page

EDITABLE = timedelta(hours=24)
"""How long after sending a parcel its number may be corrected."""


class ShipmentNotFound(NotFound):
    """Raised when the merchant has no such parcel, or the actor may not see it."""


def carriers() -> list[Carrier]:
    """List the carriers that parcels can be sent by."""
    return [
        Carrier(code=code, name=facts.name, english=facts.english, pattern=facts.pattern)
        for code, facts in known.CARRIERS.items()
    ]


async def console_page(
    tx: Tx, which: ShipmentFilter, cursor: str | None, limit: int
) -> Page[Shipment]:
    """List parcels, the newest first; their events and corrections are not in the list."""
    require(tx, Can.SEE_ORDERS)
    query = _seen(tx).order_by(ShipmentRow.id.desc()).limit(limit + 1)
    if which.status is not None:
        query = query.where(ShipmentRow.status == which.status)
    if which.order_id is not None:
        query = query.where(ShipmentRow.id.in_(_of_order(tx, which.order_id)))
    if which.number:
        begins = known.canonical(which.number)
        query = query.where(ShipmentRow.number.startswith(begins, autoescape=True))
    if (last := after(cursor)) is not None:
        query = query.where(ShipmentRow.id < last)
    rows = (await tx.db.scalars(query)).all()
    return page(rows, limit, lambda row: _shipment(row, []), lambda row: row.id)


async def get(tx: Tx, shipment_id: UUID) -> Shipment:
    """Show one parcel to the staff, with all that happened to it."""
    require(tx, Can.SEE_ORDERS)
    row = await tx.db.scalar(_seen(tx).where(ShipmentRow.id == shipment_id))
    if row is None:
        raise ShipmentNotFound(shipment_id=shipment_id)
    return _shipment(row, (await _events(tx, [row]))[row.id])


async def of_order(tx: Tx, order_id: UUID) -> list[Parcel]:
    """Show the parcels of an order to whoever may see the order, the first sent first.

    A parcel may hold another order's pieces too: those are not shown.
    """
    await orders.get(tx, order_id)
    rows = (
        await tx.db.scalars(
            _seen(tx).where(ShipmentRow.id.in_(_of_order(tx, order_id))).order_by(ShipmentRow.id)
        )
    ).all()
    events = await _events(tx, rows)
    return [_parcel(row, order_id, events[row.id]) for row in rows]


async def locked(tx: Tx, shipment_id: UUID) -> ShipmentRow:
    """Lock a parcel of the merchant's that is about to change."""
    row = await tx.db.scalar(
        select(ShipmentRow)
        .where(ShipmentRow.id == shipment_id, ShipmentRow.merchant_id == tx.merchant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise ShipmentNotFound(shipment_id=shipment_id)
    return row


def _of_order(tx: Tx, order_id: UUID) -> Select[UUID]:
    return select(ShipmentLineRow.shipment_id).where(
        ShipmentLineRow.merchant_id == tx.merchant_id, ShipmentLineRow.order_id == order_id
    )


def _seen(tx: Tx) -> Select[ShipmentRow]:
    return (
        select(ShipmentRow)
        .where(ShipmentRow.merchant_id == tx.merchant_id)
        .options(selectinload(ShipmentRow.lines), selectinload(ShipmentRow.changes))
        .execution_options(populate_existing=True)
    )


async def _events(tx: Tx, rows: Sequence[ShipmentRow]) -> dict[UUID, list[TrackEvent]]:
    """Return what happened to these parcels under their present numbers, the latest first."""
    found: dict[UUID, list[TrackEvent]] = {row.id: [] for row in rows}
    numbers = {row.id: row.number for row in rows}
    if rows:
        events = await tx.db.scalars(
            select(TrackEventRow).where(
                TrackEventRow.merchant_id == tx.merchant_id,
                TrackEventRow.shipment_id.in_(list(numbers)),
            )
        )
        for event in events:
            if event.number == numbers[event.shipment_id]:
                found[event.shipment_id].append(TrackEvent.of(event))
    return {each: in_order(events)[::-1] for each, events in found.items()}


def _shipment(row: ShipmentRow, events: list[TrackEvent]) -> Shipment:
    return Shipment(
        id=row.id,
        carrier=row.carrier,
        carrier_name=known.CARRIERS[row.carrier].name,
        number=row.number,
        number_ok=known.looks_right(row.carrier, row.number),
        tracking_url=known.address_of(row.carrier, row.number),
        status=row.status,
        sandbox=find(row.tracker).sandbox,
        warehouse_id=row.warehouse_id,
        note=row.note,
        shipped_at=row.shipped_at,
        shipped_by=row.shipped_by,
        delivered_at=row.delivered_at,
        editable_until=row.shipped_at + EDITABLE,
        recipient=msgspec.convert(row.recipient, Recipient),
        lines=[ShipmentLine.of(line) for line in row.lines],
        events=events,
        changes=[NumberChange.of(change) for change in row.changes],
    )


def _parcel(row: ShipmentRow, order_id: UUID, events: list[TrackEvent]) -> Parcel:
    return Parcel(
        id=row.id,
        carrier=row.carrier,
        carrier_name=known.CARRIERS[row.carrier].name,
        number=row.number,
        tracking_url=known.address_of(row.carrier, row.number),
        status=row.status,
        sandbox=find(row.tracker).sandbox,
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
        lines=[ShipmentLine.of(line) for line in row.lines if line.order_id == order_id],
        events=events,
    )
