"""By when each order must leave: 48 hours after it can, or by the day a pre-sale names."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import orders
from xinbo.commerce.fulfilment._models import PromiseRow
from xinbo.commerce.fulfilment._types import Overdue
from xinbo.commerce.orders import Order, Status
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page

PROMISE = timedelta(hours=48)
"""How soon an order leaves where nothing else was said: the field's usual 48 小时发货."""
SHIPPABLE = frozenset({Status.AWAITING_SHIPMENT, Status.PARTLY_SHIPPED})


async def promise(tx: Tx, order_id: UUID) -> None:
    """Note by when an order must leave that can be sent now. Harmless to repeat."""
    order = await orders.get(tx, order_id)
    if order.status not in SHIPPABLE:
        return
    by = max(order.ships_by or tx.now + PROMISE, tx.now)
    await tx.db.execute(
        insert(PromiseRow)
        .values(order_id=order_id, merchant_id=tx.merchant_id, ready_at=tx.now, promised_at=by)
        .on_conflict_do_nothing()
    )


async def kept(tx: Tx, order_id: UUID) -> None:
    """Forget the promise: the order has left, or is over. Harmless to repeat."""
    await tx.db.execute(
        delete(PromiseRow).where(
            PromiseRow.order_id == order_id, PromiseRow.merchant_id == tx.merchant_id
        )
    )


async def overdue(tx: Tx, cursor: str | None, limit: int) -> Page[Overdue]:
    """List the orders that should have left by now, in the order in which they were placed."""
    require(tx, Can.SEE_ORDERS)
    query = (
        select(PromiseRow)
        .where(PromiseRow.merchant_id == tx.merchant_id, PromiseRow.promised_at <= tx.now)
        .order_by(PromiseRow.order_id)
        .limit(limit + 1)
    )
    if (last := after(cursor)) is not None:
        query = query.where(PromiseRow.order_id > last)
    rows = (await tx.db.scalars(query)).all()
    found = await orders.by_ids(tx, [row.order_id for row in rows])
    shown = page(rows, limit, lambda row: row, lambda row: row.order_id)
    return Page(
        items=[
            _view(tx, row, order)
            for row in shown.items
            if (order := found.get(row.order_id)) is not None and order.status in SHIPPABLE
        ],
        next=shown.next,
    )


def left(order: Order) -> dict[int, int]:
    """Say how many pieces of each line, by position, still have to be sent."""
    pieces = {line.position: line.quantity - line.shipped - line.withdrawn for line in order.lines}
    return {position: count for position, count in pieces.items() if count > 0}


def _view(tx: Tx, row: PromiseRow, order: Order) -> Overdue:
    return Overdue(
        order_id=order.id,
        number=order.number,
        ready_at=row.ready_at,
        promised_at=row.promised_at,
        late_hours=int((tx.now - row.promised_at).total_seconds() // 3600),
        recipient=order.recipient,
        pieces=sum(left(order).values()),
    )
