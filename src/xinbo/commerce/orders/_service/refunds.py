"""Give money back for pieces of an order: exactly their share, once per key."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import books, inventory, members, offers, payments, pricing, promotions
from xinbo.commerce.inventory import Take
from xinbo.commerce.orders._models import OrderLineRow, OrderRow, RefundRow
from xinbo.commerce.orders._rules import RECEIPT_WINDOW, SHIPPABLE, IllegalTransition, Status, move
from xinbo.commerce.orders._service.ending import end, receipts, takings
from xinbo.commerce.orders._service.entries import unsold
from xinbo.commerce.orders._service.reads import row, to_send
from xinbo.commerce.orders._types import (
    Order,
    OrderCancelled,
    OrderRefunded,
    RefundAsk,
    Refunded,
    RefundPart,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import NIL

REFUNDED = "refunded"
"""Why an order is over that was given back before anything was sent."""
OPEN = SHIPPABLE | {Status.SHIPPED, Status.COMPLETED}


class NothingToRefund(Conflict):
    """Raised when more is asked back than is left: `left` of `what` (pieces, money, freight)."""


async def refund(tx: Tx, order_id: UUID, ask: RefundAsk) -> Refunded:
    """Send back what was paid for pieces of an order, with their share of points.

    Without an amount a part gets back exactly its share of the line, so that any sequence of
    partial refunds sums to what was paid (`pricing.refund_share`). Pieces that were not sent are
    on sale again. When all of an order goes back before anything was sent, the order is over and
    its coupon is whole again. The same key twice is answered as the first time.
    """
    order = await row(tx, order_id, for_update=True)
    earlier = await tx.db.get(RefundRow, (tx.merchant_id, ask.key))
    if earlier is not None:
        if earlier.order_id != order.id:
            raise payments.IdempotencyKeyReused(key=ask.key)
        return Refunded.of(earlier)
    if order.status not in OPEN:
        raise IllegalTransition(status=order.status, wanted=Status.CANCELLED)
    given: list[tuple[int, int, int]] = []
    points = 0
    lines = {line.position: line for line in order.lines}
    for part in ask.parts:
        line = lines.get(part.position)
        if line is None:
            raise NothingToRefund(what="pieces", left=0)
        unsent = 0 if part.sent else min(part.quantity, to_send(line))
        amount = _take_back(line, part)
        points += _points_of(line, part)
        given.append((part.position, part.quantity, amount))
        await _on_sale_again(tx, order, line, unsent)
    if ask.freight > order.freight - order.refunded_freight:
        raise NothingToRefund(what="freight", left=order.freight - order.refunded_freight)
    goods = sum(amount for _, _, amount in given)
    amount = goods + ask.freight
    order.refunded_freight += ask.freight
    order.refunded += amount
    order.refunded_points += points
    await _send_back(tx, order, amount, ask)
    if points:
        await members.give_back(tx, order.shopper_id, points, f"refund-{ask.key}", ref_id=order.id)
    await _take_earned_back(tx, order, goods, ask.key)
    restored = await _end_if_all(tx, order)
    if amount:
        legs = unsold(order, goods, ask.freight)
        await books.post(tx, f"refund-{ask.key}", "refund", order.id, legs)
    refunded = Refunded(amount=amount, points=points, coupon_restored=restored)
    await tx.db.execute(
        insert(RefundRow).values(
            merchant_id=tx.merchant_id,
            key=ask.key,
            order_id=order.id,
            amount=amount,
            points=points,
            coupon_restored=restored,
            reason=ask.reason,
            at=tx.now,
        )
    )
    await tx.db.flush()
    await tx.emit(
        OrderRefunded(
            order_id=order.id,
            shopper_id=order.shopper_id,
            show_id=order.show_id,
            amount=amount,
            points=points,
            coupon_restored=restored,
            reason=ask.reason,
            parts=given,
        )
    )
    return refunded


async def call_off(tx: Tx, order_id: UUID, reason: str, key: str) -> Order:
    """End an order that the merchant cannot send, and send all of its money back.

    A pre-sale's deposit goes back too: it is the merchant who breaks the promise. Of an order
    of which something was sent only what was not is given back, freight excepted.
    """
    require(tx, Can.SERVE_ORDERS)
    order = await row(tx, order_id, for_update=True)
    if order.status in {Status.AWAITING_PAYMENT, Status.AWAITING_BALANCE, Status.AWAITING_GROUP}:
        await end(tx, order, reason)
        return Order.of(order)
    if order.status not in SHIPPABLE:
        raise IllegalTransition(status=order.status, wanted=Status.CANCELLED)
    parts = [
        RefundPart(position=line.position, quantity=to_send(line))
        for line in order.lines
        if to_send(line) and not line.gift
    ]
    whole = order.status is Status.AWAITING_SHIPMENT
    freight = order.freight - order.refunded_freight if whole else 0
    await refund(tx, order_id, RefundAsk(parts=parts, freight=freight, key=key, reason=reason))
    return Order.of(await row(tx, order_id))


async def share(tx: Tx, order_id: UUID, parts: list[RefundPart]) -> Refunded:
    """Say what `refund` would send back for these parts, changing nothing."""
    order = await row(tx, order_id)
    lines = {line.position: line for line in order.lines}
    amount = points = 0
    for part in parts:
        line = lines.get(part.position)
        if line is None or part.quantity > line.quantity - line.returned:
            raise NothingToRefund(
                what="pieces", left=0 if line is None else line.quantity - line.returned
            )
        amount += _due(line, part)
        points += _points_due(line, part)
    return Refunded(amount=amount, points=points, coupon_restored=False)


def _due(line: OrderLineRow, part: RefundPart) -> int:
    """Say how much money a part gets: its exact share, or what was agreed on."""
    left = line.payable - line.refunded
    if part.amount is not None:
        if part.amount > left:
            raise NothingToRefund(what="money", left=left)
        return part.amount
    exact = pricing.refund_share(line.payable, line.quantity, line.returned, part.quantity)
    last = line.returned + part.quantity == line.quantity
    return left if last else min(exact, left)


def _points_due(line: OrderLineRow, part: RefundPart) -> int:
    if not part.quantity:
        return 0
    exact = pricing.refund_share(line.points, line.quantity, line.returned, part.quantity)
    last = line.returned + part.quantity == line.quantity
    left = line.points - line.refunded_points
    return left if last else min(exact, left)


def _take_back(line: OrderLineRow, part: RefundPart) -> int:
    """Count a part on its line; return its money."""
    if part.quantity > line.quantity - line.returned:
        raise NothingToRefund(what="pieces", left=line.quantity - line.returned)
    amount = _due(line, part)
    line.refunded += amount
    return amount


def _points_of(line: OrderLineRow, part: RefundPart) -> int:
    """Count a part's points and pieces on its line; return the points."""
    points = _points_due(line, part)
    line.refunded_points += points
    line.returned += part.quantity
    return points


async def _on_sale_again(tx: Tx, order: OrderRow, line: OrderLineRow, pieces: int) -> None:
    """Put pieces that were never sent back on sale, and uncount them."""
    if not pieces:
        return
    line.withdrawn += pieces
    take = Take(sku_id=line.sku_id, pool_id=line.pool_id or NIL, quantity=pieces)
    await inventory.release_some(tx, order.id, [take])
    counted = {line.position: pieces} if line.limited else {}
    await offers.give_back(tx, takings(order, counted))


async def _send_back(tx: Tx, order: OrderRow, amount: int, ask: RefundAsk) -> None:
    """Spread the money over what was paid, the latest payment first."""
    left = amount
    for receipt in await receipts(tx, order):
        some = min(left, receipt.amount - receipt.refunded)
        if some:
            await payments.refund(tx, receipt.payment_id, some, ask.key, ask.reason)
            receipt.refunded += some
            left -= some
    if left:
        raise NothingToRefund(what="money", left=amount - left)


async def _take_earned_back(tx: Tx, order: OrderRow, goods: int, key: str) -> None:
    """Take back the points that the money earned which now goes back."""
    paid = order.total - order.freight
    if not order.earned_points or not paid or not goods:
        return
    before = order.refunded - order.refunded_freight - goods
    points = pricing.refund_share(order.earned_points, paid, before, goods)
    if points:
        await members.take_back(tx, order.shopper_id, points, f"unearn-{key}", ref_id=order.id)


async def _end_if_all(tx: Tx, order: OrderRow) -> bool:
    """End an order of which everything went back before anything was sent."""
    whole = all(line.returned == line.quantity for line in order.lines if not line.gift)
    if order.status is Status.PARTLY_SHIPPED and not any(map(to_send, order.lines)):
        order.status = move(order.status, Status.SHIPPED)
        order.shipped_at = tx.now
        order.due_at = tx.now + RECEIPT_WINDOW
    if not whole or order.status is not Status.AWAITING_SHIPMENT:
        return False
    order.status = move(order.status, Status.CANCELLED)
    order.cancelled_at = tx.now
    order.cancel_reason = REFUNDED
    await tx.db.flush()
    await inventory.release(tx, order.id)
    await promotions.restore(tx, order.id)
    order.coupon_back = order.coupon_id is not None
    await tx.emit(
        OrderCancelled(
            order_id=order.id,
            shopper_id=order.shopper_id,
            show_id=order.show_id,
            sku_ids=[line.sku_id for line in order.lines],
            reason=REFUNDED,
            simulated=order.simulated,
        )
    )
    return order.coupon_back
