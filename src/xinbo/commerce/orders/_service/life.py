"""Move an order through its life: pay, cancel, expire. Lock, then look."""

from uuid import UUID

from sqlalchemy import select

from xinbo.commerce import inventory, payments
from xinbo.commerce.orders._models import OrderRow
from xinbo.commerce.orders._rules import IllegalTransition, Status, move
from xinbo.commerce.orders._service.reads import row
from xinbo.commerce.orders._types import Order, OrderCancelled, OrderPaid
from xinbo.commerce.payments import Payment
from xinbo.engines.tx import Tx

UNPAID = "unpaid"
"""Why the system cancels an order whose time is up."""


async def open_payment(tx: Tx, order_id: UUID, provider: str, key: str) -> Payment:
    """Open a payment for an order that still awaits one.

    The order is locked meanwhile, so two tabs that pay at once get the same payment.
    """
    order = await row(tx, order_id, for_update=True)
    bill = payments.Bill(
        order_id=order.id,
        shopper_id=order.shopper_id,
        amount=order.total,
        currency=order.currency,
        expires_at=order.pay_by,
    )
    if (earlier := await payments.opened(tx, bill, provider, key)) is not None:
        return earlier
    if order.status is not Status.AWAITING_PAYMENT or order.pay_by <= tx.now:
        raise IllegalTransition(status=order.status, wanted=Status.AWAITING_SHIPMENT)
    return await payments.open_for(tx, bill, provider, key)


async def mark_paid(tx: Tx, order_id: UUID, payment_id: UUID, amount: int) -> None:
    """Count a payment, or send it back where the order is over, paid already, or costs otherwise.

    Told the same payment twice, it does nothing more.
    """
    order = await row(tx, order_id, for_update=True)
    if order.payment_id == payment_id:
        return
    if order.payment_id is not None:
        await payments.refund(tx, payment_id, reason="already_paid")
    elif order.status is not Status.AWAITING_PAYMENT:
        await payments.refund(tx, payment_id, reason="order_cancelled")
    elif amount != order.total:
        await payments.refund(tx, payment_id, reason="wrong_amount")
    else:
        order.status = move(order.status, Status.AWAITING_SHIPMENT)
        order.paid_at = tx.now
        order.payment_id = payment_id
        await tx.db.flush()
        await tx.emit(
            OrderPaid(
                order_id=order.id,
                shopper_id=order.shopper_id,
                show_id=order.show_id,
                product_ids=sorted({line.product_id for line in order.lines}),
                sku_ids=[line.sku_id for line in order.lines],
                quantity=sum(line.quantity for line in order.lines),
                total=order.total,
                simulated=order.simulated,
            )
        )


async def cancel(tx: Tx, order_id: UUID, reason: str) -> Order:
    """End an unpaid order and put its stock back on sale."""
    order = await row(tx, order_id, for_update=True)
    await _end(tx, order, reason)
    return Order.of(order)


async def due(tx: Tx, limit: int) -> list[tuple[UUID, UUID]]:
    """List (merchant, order) whose time to pay is up, of every merchant, the oldest first."""
    found = await tx.db.execute(
        select(OrderRow.merchant_id, OrderRow.id)
        .where(OrderRow.status == Status.AWAITING_PAYMENT, OrderRow.pay_by <= tx.now)
        .order_by(OrderRow.pay_by)
        .limit(limit)
    )
    return [(merchant_id, order_id) for merchant_id, order_id in found]


async def expire_unpaid(tx: Tx, order_id: UUID) -> bool:
    """Cancel the order if its time is up; say whether that was so.

    An order that somebody else has locked is left alone: it is being paid, or another worker
    has it. The next sweep looks again.
    """
    mine = await tx.db.scalar(
        select(OrderRow.id)
        .where(
            OrderRow.id == order_id,
            OrderRow.merchant_id == tx.merchant_id,
            OrderRow.status == Status.AWAITING_PAYMENT,
            OrderRow.pay_by <= tx.now,
        )
        .with_for_update(skip_locked=True)
    )
    if mine is None:
        return False
    await _end(tx, await row(tx, order_id, for_update=True), UNPAID)
    return True


async def _end(tx: Tx, order: OrderRow, reason: str) -> None:
    order.status = move(order.status, Status.CANCELLED)
    order.cancelled_at = tx.now
    order.cancel_reason = reason
    await tx.db.flush()
    await inventory.release(tx, order.id)
    await tx.emit(
        OrderCancelled(
            order_id=order.id,
            shopper_id=order.shopper_id,
            show_id=order.show_id,
            sku_ids=[line.sku_id for line in order.lines],
            reason=reason,
            simulated=order.simulated,
        )
    )
