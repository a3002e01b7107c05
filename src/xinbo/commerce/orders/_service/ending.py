"""End an order: give back what it set aside and what was paid for it, once."""

from sqlalchemy import select

from xinbo.commerce import books, members, payments
from xinbo.commerce.books import Leg
from xinbo.commerce.offers import Taking
from xinbo.commerce.orders._models import OrderRow, ReceiptRow
from xinbo.commerce.orders._rules import Status, move
from xinbo.commerce.orders._service.entries import unsold
from xinbo.commerce.orders._service.releasing import give_up
from xinbo.commerce.orders._types import OrderCancelled
from xinbo.engines.tx import Tx


def takings(order: OrderRow, pieces: dict[int, int] | None = None) -> list[Taking]:
    """List what the order counts against its offers' limits; `pieces` by line, or all."""
    return [
        Taking(
            offer_id=line.offer_id,
            shopper_id=order.shopper_id,
            sku_id=line.sku_id,
            quantity=line.quantity if pieces is None else pieces[line.position],
            most=0,
        )
        for line in order.lines
        if line.limited
        and line.offer_id is not None
        and (pieces is None or line.position in pieces)
    ]


async def end(tx: Tx, order: OrderRow, reason: str, *, keep_deposit: bool = False) -> None:
    """Cancel a locked order: stock, seats, coupon and points go back, and so does the money.

    `keep_deposit` is for a pre-sale whose balance was not paid in time: the deposit was the
    shopper's promise (定金, Civil Code art. 587) and stays with the merchant.
    """
    paid_in_full = order.status is Status.AWAITING_GROUP
    order.status = move(order.status, Status.CANCELLED)
    order.cancelled_at = tx.now
    order.cancel_reason = reason
    order.due_at = None
    await tx.db.flush()
    await give_up(tx, order.id, takings(order))
    if order.points:
        await members.give_back(
            tx, order.shopper_id, order.points, f"end-{order.id}", ref_id=order.id
        )
        order.refunded_points = order.points
    order.coupon_back = order.coupon_id is not None
    if keep_deposit:
        await _forfeit(tx, order)
    else:
        await _pay_back(tx, order, reason, counted=paid_in_full)
    await tx.db.flush()
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


async def receipts(tx: Tx, order: OrderRow) -> list[ReceiptRow]:
    """Lock what was paid for the order, the latest first: that is what goes back first."""
    rows = await tx.db.scalars(
        select(ReceiptRow)
        .where(ReceiptRow.order_id == order.id, ReceiptRow.merchant_id == tx.merchant_id)
        .order_by(ReceiptRow.at.desc(), ReceiptRow.payment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def _pay_back(tx: Tx, order: OrderRow, reason: str, *, counted: bool) -> None:
    """Send all of the order's money back."""
    total = 0
    for receipt in await receipts(tx, order):
        left = receipt.amount - receipt.refunded
        if left:
            await payments.refund(tx, receipt.payment_id, left, f"end-{order.id}", reason)
            receipt.refunded = receipt.amount
            total += left
    if not total:
        return
    order.refunded += total
    legs = (
        unsold(order, total - order.freight, order.freight)
        if counted
        else [
            Leg(account="deposits", owner_id=order.id, amount=total),
            Leg(account="refunds_payable", owner_id=order.id, amount=-total),
        ]
    )
    await books.post(tx, f"end-{order.id}", "order_ended", order.id, legs)
    for line in order.lines:
        line.returned, line.refunded = line.quantity, line.payable


async def _forfeit(tx: Tx, order: OrderRow) -> None:
    legs = [
        Leg(account="deposits", owner_id=order.id, amount=order.deposit),
        Leg(account="forfeits", owner_id=order.id, amount=-order.deposit),
    ]
    await books.post(tx, f"forfeit-{order.id}", "deposit_forfeited", order.id, legs)
