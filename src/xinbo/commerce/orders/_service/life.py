"""Move an order through its life: pay, complete a group, cancel, expire. Lock, then look."""

from uuid import UUID

from sqlalchemy import or_, select

from xinbo.commerce import books, groups, payments, prices, promotions
from xinbo.commerce.books import Leg
from xinbo.commerce.orders._models import OrderLineRow, OrderRow, ReceiptRow
from xinbo.commerce.orders._rules import PAYABLE, IllegalTransition, Status, move
from xinbo.commerce.orders._service.drafts import sold
from xinbo.commerce.orders._service.ending import end
from xinbo.commerce.orders._service.entries import sale
from xinbo.commerce.orders._service.reads import row
from xinbo.commerce.orders._types import DepositPaid, Order, OrderPaid, OrderReady
from xinbo.commerce.payments import Payment
from xinbo.commerce.pricing import StepKind
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import NIL

UNPAID = "unpaid"
"""Why the system cancels an order whose time is up."""
BALANCE_UNPAID = "balance_unpaid"
GROUP_FAILED = "group_failed"


class BalanceNotDue(Conflict):
    """Raised when a pre-sale's balance is not taken before `opens`."""


async def open_payment(
    tx: Tx, order_id: UUID, provider: str, key: str, how: payments.How | None = None
) -> Payment:
    """Open a payment for what the order awaits: all of it, a deposit or a balance.

    The order is locked meanwhile, so two tabs that pay at once get the same payment.
    """
    order = await row(tx, order_id, for_update=True)
    bill = payments.Bill(
        order_id=order.id,
        shopper_id=order.shopper_id,
        amount=awaited(order),
        currency=order.currency,
        expires_at=order.pay_by,
        purpose=purpose(order),
    )
    if (earlier := await payments.opened(tx, bill, provider, key)) is not None:
        return earlier
    if order.status not in PAYABLE or order.pay_by <= tx.now:
        raise IllegalTransition(status=order.status, wanted=Status.AWAITING_SHIPMENT)
    if order.status is Status.AWAITING_BALANCE and tx.now < (order.balance_from or tx.now):
        raise BalanceNotDue(opens=order.balance_from)
    return await payments.open_for(tx, bill, provider, key, how or payments.How())


def purpose(order: OrderRow) -> str:
    """Say what the next payment is for."""
    if not order.deposit:
        return "whole"
    return "deposit" if order.status is Status.AWAITING_PAYMENT else "balance"


def awaited(order: OrderRow) -> int:
    """Say how much the next payment is, in minor units."""
    if not order.deposit:
        return order.total
    if order.status is Status.AWAITING_PAYMENT:
        return order.deposit
    return order.total - order.deposit


async def mark_paid(tx: Tx, order_id: UUID, payment_id: UUID, amount: int) -> None:
    """Count a payment, or send it back where the order is over, paid already, or costs otherwise.

    Told the same payment twice, it does nothing more.
    """
    order = await row(tx, order_id, for_update=True)
    if await tx.db.get(ReceiptRow, payment_id) is not None or order.payment_id == payment_id:
        return
    if order.status not in PAYABLE:
        over = order.status is Status.CANCELLED
        await _unwanted(tx, order, payment_id, "order_cancelled" if over else "already_paid")
    elif amount != awaited(order):
        await _unwanted(tx, order, payment_id, "wrong_amount")
    else:
        await _count(tx, order, payment_id, amount)


async def _unwanted(tx: Tx, order: OrderRow, payment_id: UUID, reason: str) -> None:
    """Send money back that was never counted."""
    made = await payments.refund(tx, payment_id, None, f"unwanted-{payment_id}", reason)
    if made is not None:
        legs = [
            Leg(account="advances", owner_id=order.id, amount=made.amount),
            Leg(account="refunds_payable", owner_id=order.id, amount=-made.amount),
        ]
        await books.post(tx, f"unwanted-{payment_id}", "payment_unwanted", order.id, legs)


async def _count(tx: Tx, order: OrderRow, payment_id: UUID, amount: int) -> None:
    what = purpose(order)
    tx.db.add(
        ReceiptRow(
            payment_id=payment_id,
            merchant_id=tx.merchant_id,
            order_id=order.id,
            purpose=what,
            amount=amount,
            refunded=0,
            at=tx.now,
        )
    )
    order.payment_id = order.payment_id or payment_id
    if what == "deposit":
        order.status = move(order.status, Status.AWAITING_BALANCE)
        order.pay_by = order.due_at or order.pay_by
        await tx.db.flush()
        legs = [
            Leg(account="advances", owner_id=order.id, amount=amount),
            Leg(account="deposits", owner_id=order.id, amount=-amount),
        ]
        await books.post(tx, f"deposit-{order.id}", "deposit_counted", order.id, legs)
        await tx.emit(DepositPaid(order_id=order.id, shopper_id=order.shopper_id, amount=amount))
        return
    await _whole(tx, order)


async def count_free(tx: Tx, order_id: UUID) -> Order:
    """Take an order as paid that costs nothing: coupon and points cover all of it."""
    order = await row(tx, order_id, for_update=True)
    await _whole(tx, order)
    return Order.of(order)


async def _whole(tx: Tx, order: OrderRow) -> None:
    """Go on with an order whose money is in, all of it."""
    order.paid_at = tx.now
    order.due_at = None
    in_group = order.group_id is not None
    order.status = move(
        order.status, Status.AWAITING_GROUP if in_group else Status.AWAITING_SHIPMENT
    )
    await tx.db.flush()
    await books.post(tx, f"sale-{order.id}", "sale", order.id, sale(order))
    shown = Order.of(order)
    await tx.emit(_paid(shown))
    await promotions.note_paid(tx, order.shopper_id, order.id, order.total)
    if in_group:
        await groups.paid(tx, order.id)
    else:
        await _deal(tx, order)
        await tx.emit(OrderReady(order_id=order.id))


def _paid(order: Order) -> OrderPaid:
    return OrderPaid(
        order_id=order.id,
        shopper_id=order.shopper_id,
        show_id=order.show_id,
        product_ids=sorted({line.product_id for line in order.lines}),
        sku_ids=[line.sku_id for line in order.lines],
        quantity=sum(line.quantity for line in order.lines if not line.gift),
        total=order.total,
        simulated=order.simulated,
        lines=sold(order.lines),
    )


async def _deal(tx: Tx, order: OrderRow) -> None:
    """Note the prices at which a deal was made: later reductions are measured against them."""
    if not order.simulated:
        await prices.deal(
            tx,
            [
                prices.Deal(
                    venue_id=order.show_id or NIL,
                    sku_id=line.sku_id,
                    price=_dealt(line),
                    order_id=order.id,
                    at=tx.now,
                )
                for line in order.lines
                if not line.gift
            ],
        )


def _dealt(line: OrderLineRow) -> int:
    """Say what a piece was sold for: discounts come off, points are a way to pay."""
    points = sum(
        int(str(each["amount"])) for each in line.adjustments if each["kind"] == StepKind.POINTS
    )
    return (line.payable + points) // line.quantity


async def complete_group(tx: Tx, order_id: UUID) -> None:
    """Let an order be sent whose group is complete. Harmless to repeat."""
    order = await row(tx, order_id, for_update=True)
    if order.status is Status.AWAITING_GROUP:
        order.status = move(order.status, Status.AWAITING_SHIPMENT)
        await tx.db.flush()
        await _deal(tx, order)
        await tx.emit(OrderReady(order_id=order.id))


async def fail_group(tx: Tx, order_id: UUID) -> None:
    """End an order whose group failed; what was paid goes back once."""
    order = await row(tx, order_id, for_update=True)
    if order.status in {Status.AWAITING_GROUP, Status.AWAITING_PAYMENT}:
        await end(tx, order, GROUP_FAILED)


async def cancel(tx: Tx, order_id: UUID, reason: str) -> Order:
    """End an unpaid order and put its stock back on sale.

    Who has paid a deposit, or all of it, asks for a refund instead.
    """
    order = await row(tx, order_id, for_update=True)
    if order.status is not Status.AWAITING_PAYMENT:
        raise IllegalTransition(status=order.status, wanted=Status.CANCELLED)
    await end(tx, order, reason)
    return Order.of(order)


async def due(tx: Tx, limit: int) -> list[tuple[UUID, UUID]]:
    """List (merchant, order) whose time is up, of every merchant, the oldest first."""
    unpaid = (OrderRow.status == Status.AWAITING_PAYMENT) & (OrderRow.pay_by <= tx.now)
    moving = OrderRow.status.in_([Status.AWAITING_BALANCE, Status.SHIPPED]) & (
        OrderRow.due_at <= tx.now
    )
    found = await tx.db.execute(
        select(OrderRow.merchant_id, OrderRow.id)
        .where(or_(unpaid, moving))
        .order_by(OrderRow.pay_by)
        .limit(limit)
    )
    return [(merchant_id, order_id) for merchant_id, order_id in found]
