"""What a step sets going: money, points, stock. All of it in the step's own transaction."""

from collections.abc import Sequence

from xinbo.commerce import inventory, members, orders
from xinbo.commerce.aftersales._models import CaseLineRow, CaseRow
from xinbo.commerce.aftersales._rules import (
    CaseKind,
    Effect,
    Stage,
    compensation,
    spread,
)
from xinbo.commerce.aftersales._types import Compensated
from xinbo.commerce.inventory import Take
from xinbo.commerce.orders import Order, OrderLine, RefundAsk, RefundPart
from xinbo.engines.tx import Tx
from xinbo.kit.ids import NIL

GOODS_KINDS = frozenset({CaseKind.EXCHANGE, CaseKind.REPAIR})


async def carry_out(
    tx: Tx, case: CaseRow, effects: Sequence[Effect], *, restock: bool = False
) -> None:
    """Do what a step sets going, in order. The case is locked."""
    for effect in effects:
        match effect:
            case Effect.REFUND:
                await pay_back(tx, case, key=str(case.id), reason=case.reason)
            case Effect.COMPENSATE:
                await compensate(tx, case)
            case Effect.HOLD:
                await inventory.reserve(tx, case.id, _takes(case))
            case Effect.LET_GO:
                await inventory.release(tx, case.id)
            case Effect.SHIP:
                await inventory.ship(tx, case.id, _takes(case), None, f"exchange {case.id}")
            case Effect.RESTOCK:
                if restock:
                    pieces = [(line.sku_id, line.quantity) for line in case.lines]
                    await inventory.take_back(tx, pieces, None, f"return {case.id}")


def _takes(case: CaseRow) -> list[Take]:
    """Name the pieces that are sent instead, out of the general pool."""
    wanted: dict[object, Take] = {}
    for line in case.lines:
        sku_id = case.wanted_sku_id or line.sku_id
        known = wanted.get(sku_id)
        quantity = line.quantity + (known.quantity if known else 0)
        wanted[sku_id] = Take(sku_id=sku_id, pool_id=NIL, quantity=quantity)
    return list(wanted.values())


async def pay_back(
    tx: Tx, case: CaseRow, *, key: str, reason: str, amount: int | None = None
) -> int:
    """Send back what the case is about, once per key; return how much money that is.

    `amount` replaces what was agreed on. Never more than is left: what went back by another way
    meanwhile is not sent twice.
    """
    if amount is not None:
        agree(case, amount)
    order = await orders.get(tx, case.order_id)
    parts = refund_parts(case, order)
    freight = min(case.freight, freight_left(order))
    if not parts and not freight:
        return 0
    ask = RefundAsk(parts=parts, freight=freight, key=key, reason=str(reason))
    sent = await orders.refund(tx, case.order_id, ask)
    case.refunded = sent.amount
    case.refunded_points = sent.points
    return sent.amount


def agree(case: CaseRow, amount: int) -> None:
    """Set the money of a case to what was agreed on, spread over its lines and its freight."""
    if amount == case.amount:
        return
    goods = [line.amount for line in case.lines]
    case.freight = min(case.freight, max(0, amount - sum(goods)))
    for line, part in zip(case.lines, spread(amount - case.freight, goods), strict=True):
        line.amount = part
    case.amount = case.freight + sum(line.amount for line in case.lines)
    case.exact = False


def refund_parts(case: CaseRow, order: Order) -> list[RefundPart]:
    """Say what is asked of orders for each line of a case: at most what is left there."""
    lines = {line.position: line for line in order.lines}
    parts: list[RefundPart] = []
    for own in case.lines:
        part = _part(case, own, lines[own.position])
        if part.quantity or part.amount:
            parts.append(part)
    return parts


def _part(case: CaseRow, own: CaseLineRow, line: OrderLine) -> RefundPart:
    pieces = min(own.quantity, line.quantity - line.returned)
    sent = case.stage is not Stage.BEFORE_SHIPMENT
    if case.exact:
        return RefundPart(position=own.position, quantity=pieces, sent=sent)
    amount = min(own.amount, line.payable - line.refunded)
    stays = case.kind is CaseKind.REFUND_ONLY and sent
    # Some money for goods that stay with the shopper: the pieces are not given back.
    return RefundPart(
        position=own.position, quantity=0 if stays else pieces, amount=amount, sent=sent
    )


def freight_left(order: Order) -> int:
    """Say how much of the freight has not gone back."""
    of_lines = sum(line.refunded for line in order.lines)
    return max(0, order.freight - (order.refunded - of_lines))


async def compensate(tx: Tx, case: CaseRow) -> None:
    """Pay for a missed promise: money of the lines it is about, or points if none is left."""
    due = compensation(case.amount)
    order = await orders.get(tx, case.order_id)
    lines = {line.position: line for line in order.lines}
    lefts = [lines[own.position].payable - lines[own.position].refunded for own in case.lines]
    key = f"{case.id}-late-{case.misses}"
    money = points = 0
    if sum(lefts) < due:
        rule = await members.rule(tx)
        worth = -(-due * 100 // rule.fen_per_100) if rule.fen_per_100 else due
        points = await members.earn(
            tx, case.shopper_id, worth, key, "compensation", ref_id=case.order_id
        )
    if not points and sum(lefts):  # who is no member gets what money there is
        parts = [
            RefundPart(position=own.position, quantity=0, amount=part, sent=True)
            for own, part in zip(case.lines, spread(due, lefts), strict=True)
            if part
        ]
        ask = RefundAsk(parts=parts, key=key, reason="compensation")
        money = (await orders.refund(tx, case.order_id, ask)).amount
    case.compensated += money
    case.compensated_points += points
    await tx.emit(
        Compensated(
            order_id=case.order_id,
            case_id=case.id,
            shopper_id=case.shopper_id,
            amount=money,
            points=points,
        )
    )
