"""What a complaint does to a case: take it over, and carry its decision out."""

from uuid import UUID

import msgspec

from xinbo.commerce import orders
from xinbo.commerce.aftersales._models import CaseRow
from xinbo.commerce.aftersales._rules import (
    CaseKind,
    CaseState,
    Reason,
    Side,
    Stage,
    Standing,
    Step,
    spread,
    take,
)
from xinbo.commerce.aftersales._service.effects import agree, freight_left, pay_back
from xinbo.commerce.aftersales._service.opening import case_line, lock_order
from xinbo.commerce.aftersales._service.options import bought, pieces_taken
from xinbo.commerce.aftersales._service.reads import of_order, row, side_of, standing, view
from xinbo.commerce.aftersales._service.steps import go
from xinbo.commerce.aftersales._types import Case, QuotePart
from xinbo.commerce.orders import Order, RefundAsk, RefundPart
from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id


async def case_of(tx: Tx, case_id: UUID) -> Case:
    """Show a case without its history."""
    return view(tx, await row(tx, case_id))


async def escalate(tx: Tx, case_id: UUID) -> Case:
    """Hand a case to a complaint: from here on the complaint's deadlines count."""
    case = await row(tx, case_id, for_update=True)
    if case.state is not CaseState.IN_DISPUTE:
        outcome = take(standing(case), Step.ESCALATE, Side.SHOPPER, tx.now)
        await go(tx, case, Step.ESCALATE, outcome, by=side_of(tx.actor))
    return view(tx, case)


async def award_refund(tx: Tx, case_id: UUID, amount: int, key: str, words: str) -> int:
    """Carry a decision out: money goes back under the decision's key. Return how much."""
    case = await row(tx, case_id, for_update=True)
    outcome = take(standing(case), Step.AWARD_REFUND, Side.ARBITER, tx.now)
    without = tuple(effect for effect in outcome.effects if effect != "refund")
    paid = await pay_back(tx, case, key=key, reason=Reason.DECISION, amount=amount)
    await go(
        tx,
        case,
        Step.AWARD_REFUND,
        msgspec.structs.replace(outcome, effects=without),
        words,
        by=Side.ARBITER,
    )
    return paid


async def award_return(tx: Tx, case_id: UUID, amount: int, words: str) -> None:
    """Carry a decision out: the goods go back, and the money when they are there."""
    case = await row(tx, case_id, for_update=True)
    outcome = take(standing(case), Step.AWARD_RETURN, Side.ARBITER, tx.now)
    if amount < case.amount:
        agree(case, amount)
    case.return_freight_by = Side.MERCHANT
    await go(tx, case, Step.AWARD_RETURN, outcome, words, by=Side.ARBITER)


async def dismiss(tx: Tx, case_id: UUID, words: str) -> None:
    """Carry a decision out: nothing is owed. Also where the shopper takes the complaint back."""
    case = await row(tx, case_id, for_update=True)
    outcome = take(standing(case), Step.DISMISS, Side.ARBITER, tx.now)
    await go(tx, case, Step.DISMISS, outcome, words, by=Side.ARBITER)


async def left_of(tx: Tx, order_id: UUID) -> int:
    """Say how much money of an order has not gone back."""
    order = await orders.get(tx, order_id)
    return sum(line.payable - line.refunded for line in order.lines) + freight_left(order)


async def refund_order(tx: Tx, order_id: UUID, amount: int, key: str) -> int:
    """Send money of an order back by a decision, once per key; at most what is left."""
    order = await orders.get(tx, order_id)
    lefts = [line.payable - line.refunded for line in order.lines]
    unsent = not any(line.shipped for line in order.lines)
    whole = amount >= sum(lefts) + freight_left(order)
    parts = [
        RefundPart(
            position=line.position,
            quantity=line.quantity - line.returned if whole else 0,
            amount=None if whole else part,
            sent=not unsent,
        )
        for line, part in zip(order.lines, spread(amount, lefts), strict=True)
        if part or (whole and line.quantity > line.returned)
    ]
    freight = min(max(0, amount - sum(lefts)), freight_left(order))
    if not parts and not freight:
        return 0
    ask = RefundAsk(parts=parts, freight=freight, key=key, reason=Reason.DECISION)
    return (await orders.refund(tx, order_id, ask)).amount


async def open_by_decision(tx: Tx, order_id: UUID, amount: int, key: str, words: str) -> UUID:
    """Open a case of return and refund that a decision ordered; once per key."""
    await lock_order(tx, order_id)
    order = await orders.get(tx, order_id)
    case = _ordered(tx, order, pieces_taken(await of_order(tx, order_id)), amount, key)
    tx.db.add(case)
    await tx.db.flush()
    begun = Standing(case.kind, case.state, None)
    outcome = take(begun, Step.AWARD_RETURN, Side.ARBITER, tx.now)
    await go(tx, case, Step.AWARD_RETURN, outcome, words, by=Side.ARBITER)
    return case.id


def _ordered(tx: Tx, order: Order, taken: dict[int, int], amount: int, key: str) -> CaseRow:
    """Make the case of a decision: of everything that the shopper still has."""
    lines = [
        (line, line.quantity - line.returned - taken.get(line.position, 0)) for line in order.lines
    ]
    lines = [(line, pieces) for line, pieces in lines if pieces > 0]
    lefts = [line.payable - line.refunded for line, _ in lines]
    goods = spread(amount, lefts)
    freight = min(max(0, amount - sum(lefts)), freight_left(order))
    stages = list(Stage)
    return CaseRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        order_id=order.id,
        order_number=order.number,
        shopper_id=order.shopper_id,
        kind=CaseKind.RETURN_REFUND,
        state=CaseState.IN_DISPUTE,
        stage=max(
            (bought(order, line, 0).stage for line, _ in lines),
            key=stages.index,
            default=Stage.RECEIVED,
        ),
        reason=Reason.DECISION,
        words="",
        amount=sum(goods) + freight,
        freight=freight,
        exact=sum(goods) >= sum(lefts),
        return_freight_by=Side.MERCHANT,
        opened_at=tx.now,
        due_at=None,
        misses=0,
        extended=False,
        holding=False,
        idempotency_key=key,
        fingerprint="decision",
        lines=[
            case_line(tx, line, QuotePart(position=line.position, quantity=pieces, amount=part))
            for (line, pieces), part in zip(lines, goods, strict=True)
        ],
    )
