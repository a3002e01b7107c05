"""What happens to an order after it is paid: it is sent, arrives and is done."""

from collections.abc import Sequence
from uuid import UUID

from xinbo.commerce import inventory, members
from xinbo.commerce.inventory import Take
from xinbo.commerce.orders._models import OrderRow
from xinbo.commerce.orders._rules import (
    AFTER_DELIVERY,
    RECEIPT_WINDOW,
    SHIPPABLE,
    IllegalTransition,
    Status,
    move,
)
from xinbo.commerce.orders._service.reads import row, to_send
from xinbo.commerce.orders._types import Order, OrderCompleted, OrderDelivered, OrderShipped
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import NIL

IN_TIME = "timeout"


class NotThatMany(Conflict):
    """Raised when more pieces of a line are to be sent than are `left`."""


async def ship(
    tx: Tx,
    order_id: UUID,
    parts: Sequence[tuple[int, int]],
    ref: str,
    warehouse_id: UUID | None = None,
) -> Order:
    """Send pieces: (position, quantity). They leave the warehouse; `ref` names the shipment.

    Pieces that went back to the shopper's account are not sent. When nothing is left to be sent
    the whole order is on its way, and completes by itself after `RECEIPT_WINDOW`.
    """
    require(tx, Can.SERVE_ORDERS)
    order = await row(tx, order_id, for_update=True)
    if order.status not in SHIPPABLE:
        raise IllegalTransition(status=order.status, wanted=Status.SHIPPED)
    lines = {line.position: line for line in order.lines}
    takes: dict[tuple[UUID, UUID], int] = {}
    for position, quantity in parts:
        line = lines.get(position)
        if line is None or not 0 < quantity <= to_send(line):
            raise NotThatMany(position=position, left=0 if line is None else to_send(line))
        line.shipped += quantity
        pair = (line.sku_id, line.pool_id or NIL)
        takes[pair] = takes.get(pair, 0) + quantity
    await inventory.ship(
        tx,
        order.id,
        [Take(sku_id=sku, pool_id=pool, quantity=n) for (sku, pool), n in takes.items()],
        warehouse_id,
        ref,
    )
    whole = not any(to_send(line) for line in order.lines)
    if whole:
        order.status = move(order.status, Status.SHIPPED)
        order.shipped_at = tx.now
        order.due_at = tx.now + RECEIPT_WINDOW
    elif order.status is Status.AWAITING_SHIPMENT:
        order.status = move(order.status, Status.PARTLY_SHIPPED)
    await tx.db.flush()
    await tx.emit(
        OrderShipped(
            order_id=order.id,
            shopper_id=order.shopper_id,
            ref=ref,
            positions=list(parts),
            whole=whole,
        )
    )
    return Order.of(order)


async def delivered(tx: Tx, order_id: UUID) -> None:
    """Note that everything arrived, as the carrier says. Harmless to repeat."""
    order = await row(tx, order_id, for_update=True)
    if order.status is not Status.SHIPPED or order.delivered_at is not None:
        return
    order.delivered_at = tx.now
    order.due_at = min(order.due_at or tx.now + AFTER_DELIVERY, tx.now + AFTER_DELIVERY)
    await tx.db.flush()
    await tx.emit(OrderDelivered(order_id=order.id, shopper_id=order.shopper_id))


async def confirm_receipt(tx: Tx, order_id: UUID) -> Order:
    """Finish an order whose shopper says that the goods are there (确认收货)."""
    order = await row(tx, order_id, for_update=True)
    await complete(tx, order, "shopper")
    return Order.of(order)


async def complete(tx: Tx, order: OrderRow, reason: str) -> None:
    """Finish a locked order; a member earns points for the money that stayed."""
    order.status = move(order.status, Status.COMPLETED)
    order.completed_at = tx.now
    order.due_at = None
    kept = order.total - order.freight - (order.refunded - order.refunded_freight)
    levels = await members.levels(tx, [order.shopper_id])
    if levels.get(order.shopper_id) and kept > 0 and not order.simulated:
        rule = await members.rule(tx)
        order.earned_points = kept * rule.earn_per_yuan // 100
        if order.earned_points:
            why = str(order.id)
            await members.earn(
                tx,
                order.shopper_id,
                order.earned_points,
                f"earn-{order.id}",
                why,
                ref_id=order.id,
            )
    await tx.db.flush()
    await tx.emit(
        OrderCompleted(
            order_id=order.id,
            shopper_id=order.shopper_id,
            reason=reason,
            earned_points=order.earned_points,
        )
    )
