"""Price protection (价保): the difference comes back where the price fell within 15 days."""

from uuid import UUID

from sqlalchemy import select

from xinbo.commerce import members, offers, orders
from xinbo.commerce.aftersales._models import CaseRow, PriceGuardRow
from xinbo.commerce.aftersales._rules import (
    PRICE_DAYS,
    CaseKind,
    Guard,
    Reason,
    Side,
    Stage,
    begin,
    last_moment,
    price_gap,
)
from xinbo.commerce.aftersales._service.opening import (
    announce,
    by_key,
    case_line,
    lock_order,
)
from xinbo.commerce.aftersales._service.reads import detail
from xinbo.commerce.aftersales._types import CaseDetail, PriceCheck, PriceChecks, QuotePart
from xinbo.commerce.offers import Quote
from xinbo.commerce.orders import Order, OrderLine, RefundAsk, RefundPart, Status
from xinbo.engines.callers import shopper
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import new_id

UNPAID = frozenset({Status.AWAITING_PAYMENT, Status.AWAITING_BALANCE, Status.AWAITING_GROUP})


class NothingCheaper(Conflict):
    """Raised when price protection gives nothing back: `lines` say why."""


async def check_prices(tx: Tx, order_id: UUID) -> PriceChecks:
    """Say for each line whether its price fell since it was paid, and what comes back."""
    order = await orders.get(tx, order_id)
    guards = await _guards(tx, order_id)
    levels = await members.levels(tx, [order.shopper_id])
    quotes = await offers.quote(
        tx,
        [line.sku_id for line in order.lines],
        order.show_id,
        levels.get(order.shopper_id, 0),
    )
    lines = [
        _check(tx, order, line, quotes.get(line.sku_id), guards.get(line.position))
        for line in order.lines
    ]
    return PriceChecks(order_id=order.id, lines=lines, amount=sum(each.amount for each in lines))


async def protect_price(tx: Tx, order_id: UUID, key: str) -> CaseDetail:
    """Send the difference back: exactly once for each lowest price, once per key.

    Raises `NothingCheaper`.
    """
    shopper_id = shopper(tx)
    await lock_order(tx, order_id)
    print_ = f"price {order_id}"
    if (known := await by_key(tx, shopper_id, key, print_)) is not None:
        return await detail(tx, known)
    order = await orders.get(tx, order_id)
    checks = await check_prices(tx, order_id)
    cheaper = [each for each in checks.lines if each.amount]
    if not cheaper:
        raise NothingCheaper(why=[each.why for each in checks.lines])
    case = _case(tx, order, cheaper, checks.amount, key, print_)
    tx.db.add(case)
    await tx.db.flush()
    parts = [RefundPart(position=each.position, quantity=0, amount=each.amount) for each in cheaper]
    ask = RefundAsk(parts=parts, key=str(case.id), reason=Reason.PRICE_FELL)
    sent = await orders.refund(tx, order_id, ask)
    case.refunded = sent.amount
    for each in cheaper:
        await _guard(tx, order_id, each)
    await tx.db.flush()
    await announce(tx, case)
    await tx.db.refresh(case, ["serial"])
    return await detail(tx, case)


def _check(
    tx: Tx, order: Order, line: OrderLine, quote: Quote | None, guard: Guard | None
) -> PriceCheck:
    paid = line.payable // line.quantity
    now = None if quote is None else quote.price
    pieces = line.quantity - line.returned
    until = None if order.paid_at is None else last_moment(order.paid_at, PRICE_DAYS)
    amount, why = 0, ""
    if order.paid_at is None or until is None or order.status in UNPAID:
        why = "not_paid"
    elif order.status is Status.CANCELLED or pieces < 1:
        why = "over"
    elif line.gift:
        why = "gift"
    elif tx.now >= until:
        why = "too_late"
    elif now is None:
        why = "not_on_sale"
    else:
        amount = price_gap(paid, now, pieces, guard, line.payable - line.refunded)
        lower = now < paid
        why = "lower" if amount else ("paid_already" if lower and guard else "not_lower")
    return PriceCheck(
        position=line.position,
        title=line.title,
        options=line.options,
        picture_url=line.picture_url,
        paid=paid,
        now=now,
        pieces=pieces,
        amount=amount,
        why=why,
        until=until,
    )


def _case(  # noqa: PLR0913, PLR0917 # what the row says
    tx: Tx, order: Order, cheaper: list[PriceCheck], amount: int, key: str, print_: str
) -> CaseRow:
    begun = begin(CaseKind.PRICE_PROTECTION, tx.now)
    lines = {line.position: line for line in order.lines}
    return CaseRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        order_id=order.id,
        order_number=order.number,
        shopper_id=order.shopper_id,
        kind=begun.kind,
        state=begun.state,
        stage=Stage.RECEIVED if order.completed_at else Stage.NOT_RECEIVED,
        reason=Reason.PRICE_FELL,
        words="",
        amount=amount,
        freight=0,
        exact=False,
        return_freight_by=Side.MERCHANT,
        opened_at=tx.now,
        due_at=None,
        closed_at=tx.now,
        close_reason="price_protection",
        idempotency_key=key,
        fingerprint=print_,
        lines=[
            case_line(
                tx,
                lines[each.position],
                QuotePart(position=each.position, quantity=each.pieces, amount=each.amount),
            )
            for each in cheaper
        ],
    )


async def _guards(tx: Tx, order_id: UUID) -> dict[int, Guard]:
    rows = await tx.db.scalars(
        select(PriceGuardRow)
        .where(PriceGuardRow.order_id == order_id, PriceGuardRow.merchant_id == tx.merchant_id)
        .execution_options(populate_existing=True)
    )
    return {row.position: Guard(lowest=row.lowest) for row in rows}


async def _guard(tx: Tx, order_id: UUID, check: PriceCheck) -> None:
    """Remember down to which price the difference was paid. The order is locked."""
    known = await tx.db.get(PriceGuardRow, (order_id, check.position))
    if known is None:
        known = PriceGuardRow(
            order_id=order_id,
            position=check.position,
            merchant_id=tx.merchant_id,
            lowest=check.now or 0,
            refunded=0,
        )
        tx.db.add(known)
    known.lowest = check.now or 0
    known.refunded += check.amount
