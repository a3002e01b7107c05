"""Send parcels, and correct their numbers. Orders are taken in id order, each locked first."""

import hashlib
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from xinbo.commerce import orders
from xinbo.commerce.fulfilment._models import (
    NumberChangeRow,
    ShipmentLineRow,
    ShipmentRow,
)
from xinbo.commerce.fulfilment._rules.carriers import canonical, possible
from xinbo.commerce.fulfilment._rules.tracking import TrackKind
from xinbo.commerce.fulfilment._service import promises
from xinbo.commerce.fulfilment._service.reads import EDITABLE, get, locked
from xinbo.commerce.fulfilment._service.trackers import Tracked, chosen, find
from xinbo.commerce.fulfilment._types import (
    ChangeNumber,
    Ship,
    ShipItem,
    Shipment,
    ShipmentNumberChanged,
    ShipmentSent,
)
from xinbo.commerce.orders import Order, Recipient, Status
from xinbo.commerce.payments import IdempotencyKeyReused
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, Invalid
from xinbo.kit.ids import new_id

MOST_ORDERS = 20
"""Orders in one parcel."""


class NumberRefused(Invalid):
    """Raised when a text cannot be a tracking number at all: 5 to 40 letters and digits."""


class DifferentRecipients(Conflict):
    """Raised when orders for one parcel go to different people or places (`order_id`)."""


class TooManyOrders(Conflict):
    """Raised when one parcel is to hold more than `most` orders."""


class NumberFixed(Conflict):
    """Raised when a parcel's number is to be changed after 24 hours, or after it arrived."""


async def ship(tx: Tx, command: Ship, key: str, by: UUID | None = None) -> Shipment:
    """Send a parcel: its pieces leave the stock, and its orders are shipped as far as they go.

    `by` names the staff member in whose name a job sends it.

    The same key with the same parcel sends it once. Raises what `orders.ship` does where an
    order cannot be shipped or has fewer pieces left, `DifferentRecipients`, `NumberRefused`,
    `TooManyOrders`, `IdempotencyKeyReused`.
    """
    require(tx, Can.SERVE_ORDERS)
    number = canonical(command.number)
    if not possible(number):
        raise NumberRefused(number=command.number[:80])
    fingerprint = hashlib.sha256(msgspec.json.encode(command)).hexdigest()[:32]
    if (known := await _known(tx, key, fingerprint)) is not None:
        return await get(tx, known)
    items = sorted(command.items, key=lambda item: (item.order_id, item.position))
    parts = {order_id: list(some) for order_id, some in groupby(items, lambda each: each.order_id)}
    if len(parts) > MOST_ORDERS:
        raise TooManyOrders(most=MOST_ORDERS)
    row = ShipmentRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        carrier=command.carrier,
        number=number,
        tracker=chosen().name,
        status=TrackKind.SENT,
        warehouse_id=command.warehouse_id,
        note=command.note.strip(),
        recipient={},
        shipped_at=tx.now,
        shipped_by=by or tx.actor.user_id,
        idempotency_key=key,
        fingerprint=fingerprint,
    )
    try:
        async with tx.db.begin_nested():
            tx.db.add(row)
    except IntegrityError:  # another request with that key was faster
        earlier = await _known(tx, key, fingerprint)
        if earlier is None:
            raise
        return await get(tx, earlier)
    recipient: Recipient | None = None
    for order_id, part in parts.items():
        order = await _send(tx, row, order_id, part)
        if recipient is not None and order.recipient != recipient:
            raise DifferentRecipients(order_id=order_id)
        recipient = order.recipient
    row.recipient = msgspec.to_builtins(recipient)
    await tx.db.flush()
    await _subscribe(tx, row)
    return await get(tx, row.id)


async def change_number(tx: Tx, shipment_id: UUID, command: ChangeNumber) -> Shipment:
    """Correct carrier and number within 24 hours of sending; what stood there is kept.

    News of the old number counts no more. Raises `NumberFixed` or `NumberRefused`.
    """
    require(tx, Can.SERVE_ORDERS)
    row = await locked(tx, shipment_id)
    number = canonical(command.number)
    if not possible(number):
        raise NumberRefused(number=command.number[:80])
    if (row.carrier, row.number) == (command.carrier, number):
        return await get(tx, shipment_id)
    until = row.shipped_at + EDITABLE
    if tx.now >= until or row.delivered_at is not None:
        raise NumberFixed(until=until)
    tx.db.add(
        NumberChangeRow(
            merchant_id=tx.merchant_id,
            shipment_id=row.id,
            at=tx.now,
            staff_id=tx.actor.user_id,
            carrier=row.carrier,
            number=row.number,
            reason=command.reason.strip(),
        )
    )
    row.carrier, row.number = command.carrier, number
    row.tracker, row.status = chosen().name, TrackKind.SENT
    await tx.db.flush()
    await _subscribe(tx, row)
    await tx.emit(
        *[
            ShipmentNumberChanged(
                shipment_id=row.id,
                order_id=order_id,
                carrier=row.carrier,
                number=row.number,
                reason=command.reason.strip(),
            )
            for order_id in await orders_in(tx, row.id)
        ]
    )
    return await get(tx, row.id)


async def orders_in(tx: Tx, shipment_id: UUID) -> list[UUID]:
    """List the orders whose pieces are in a parcel, in id order."""
    found = await tx.db.scalars(
        select(ShipmentLineRow.order_id)
        .where(
            ShipmentLineRow.shipment_id == shipment_id,
            ShipmentLineRow.merchant_id == tx.merchant_id,
        )
        .distinct()
        .order_by(ShipmentLineRow.order_id)
    )
    return list(found)


def tracked(row: ShipmentRow) -> Tracked:
    """Say what a tracking provider gets to know of a parcel."""
    return Tracked(
        shipment_id=row.id,
        carrier=row.carrier,
        number=row.number,
        phone_tail=str(row.recipient.get("phone", ""))[-4:],
    )


async def _send(tx: Tx, row: ShipmentRow, order_id: UUID, part: Sequence[ShipItem]) -> Order:
    """Send the pieces of one order; `orders.ship` locks it and refuses what it cannot send."""
    pieces = [(item.position, item.quantity) for item in part]
    order = await orders.ship(tx, order_id, pieces, str(row.id), row.warehouse_id)
    lines = {line.position: line for line in order.lines}
    for position, quantity in pieces:
        line = lines[position]
        tx.db.add(
            ShipmentLineRow(
                shipment_id=row.id,
                order_id=order_id,
                position=position,
                merchant_id=tx.merchant_id,
                order_number=order.number,
                sku_id=line.sku_id,
                title=line.title,
                options=line.options,
                picture_url=line.picture_url,
                unit=line.unit,
                quantity=quantity,
            )
        )
    if order.status is Status.SHIPPED:
        await promises.kept(tx, order_id)
    await tx.emit(
        ShipmentSent(
            shipment_id=row.id,
            order_id=order_id,
            carrier=row.carrier,
            number=row.number,
            quantity=sum(quantity for _, quantity in pieces),
        )
    )
    return order


async def _subscribe(tx: Tx, row: ShipmentRow) -> None:
    await find(row.tracker).subscribe(tx, tracked(row))


async def _known(tx: Tx, key: str, fingerprint: str) -> UUID | None:
    """Return the parcel that this key sent before, if it did."""
    found = (
        await tx.db.execute(
            select(ShipmentRow.id, ShipmentRow.fingerprint).where(
                ShipmentRow.merchant_id == tx.merchant_id, ShipmentRow.idempotency_key == key
            )
        )
    ).one_or_none()
    if found is None:
        return None
    if found.fingerprint != fingerprint:
        raise IdempotencyKeyReused(key=key)
    return found.id
