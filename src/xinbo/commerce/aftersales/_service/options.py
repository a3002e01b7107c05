"""What may be asked for about an order's lines, for which reasons, until when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from xinbo.commerce import catalog, inventory, orders
from xinbo.commerce.aftersales._models import CaseRow
from xinbo.commerce.aftersales._rules import (
    OPEN,
    REASONS,
    Bought,
    CaseKind,
    Stage,
    WhyNot,
    days_for,
    last_moment,
    reasons,
    stage_of,
    why_not,
)
from xinbo.commerce.aftersales._service.reads import of_order
from xinbo.commerce.aftersales._types import CaseOptions, KindOption, LineOption, Variant
from xinbo.commerce.orders import Order, OrderLine, Status
from xinbo.engines.tx import Tx
from xinbo.kit.ids import NIL

ASKED_FOR = (
    CaseKind.REFUND_ONLY,
    CaseKind.RETURN_REFUND,
    CaseKind.EXCHANGE,
    CaseKind.REPAIR,
)
CLOSED_DOORS: dict[Status, WhyNot] = {
    Status.AWAITING_PAYMENT: WhyNot.NOT_PAID,
    Status.AWAITING_BALANCE: WhyNot.NOT_PAID,
    Status.AWAITING_GROUP: WhyNot.GROUP_PENDING,
    Status.CANCELLED: WhyNot.OVER,
}


async def options(tx: Tx, order_id: UUID) -> CaseOptions:
    """Say what may be asked for about each line of an order, for which reasons, until when."""
    order = await orders.get(tx, order_id)
    cases = await of_order(tx, order_id)
    taken = pieces_taken(cases)
    variants = await variants_of(tx, order.lines)
    return CaseOptions(
        order_id=order.id,
        order_number=order.number,
        lines=[
            _line_option(order, line, taken.get(line.position, 0), variants, tx.now)
            for line in order.lines
        ],
        open_case_ids=[case.id for case in cases],
    )


def pieces_taken(cases: Sequence[CaseRow]) -> dict[int, int]:
    """Count the pieces of each line that are in open cases."""
    taken: dict[int, int] = {}
    for case in cases:
        if case.state in OPEN:
            for line in case.lines:
                taken[line.position] = taken.get(line.position, 0) + line.quantity
    return taken


def bought(order: Order, line: OrderLine, taken: int) -> Bought:
    """Take out of an order's line what the terms look at."""
    received = min(filter(None, (order.delivered_at, order.completed_at)), default=None)
    return Bought(
        stage=stage_of(shipped=line.shipped, received_at=received),
        return_rule=line.return_rule,
        gift=line.gift,
        left=line.quantity - line.returned - taken,
        received_at=received,
    )


def _line_option(
    order: Order, line: OrderLine, taken: int, variants: dict[UUID, list[Variant]], now: datetime
) -> LineOption:
    facts = bought(order, line, taken)
    return LineOption(
        position=line.position,
        sku_id=line.sku_id,
        title=line.title,
        options=line.options,
        picture_url=line.picture_url,
        unit=line.unit,
        quantity=line.quantity,
        left=max(0, facts.left),
        kinds=[_kind_option(order, kind, facts, now) for kind in ASKED_FOR],
        variants=variants.get(line.product_id, []),
    )


def _kind_option(order: Order, kind: CaseKind, facts: Bought, now: datetime) -> KindOption:
    found = reasons(kind, facts, now)
    closed = CLOSED_DOORS.get(order.status)
    if closed is not None:
        return KindOption(kind=kind, reasons=[], why_not=closed, until=None)
    if not found:
        asked = REASONS.get((kind, facts.stage)) or REASONS.get((kind, Stage.RECEIVED), ())
        return KindOption(
            kind=kind,
            reasons=[],
            why_not=why_not(kind, asked[0], facts, now) if asked else WhyNot.OVER,
            until=None,
        )
    until = None
    if facts.received_at is not None:
        until = last_moment(facts.received_at, max(days_for(kind, each) for each in found))
    return KindOption(kind=kind, reasons=found, why_not=None, until=until)


async def variants_of(tx: Tx, lines: Sequence[OrderLine]) -> dict[UUID, list[Variant]]:
    """List, by product, the variants on sale that cost what the ordered one does."""
    by_id = {
        each.id: each
        for each in await catalog.products(tx, sorted({line.product_id for line in lines}))
    }
    prices = {line.product_id: line.list_price for line in lines}
    skus = [
        sku
        for product_id, product in by_id.items()
        for sku in product.skus
        if sku.price == prices[product_id]
    ]
    left = await inventory.left(tx, [(sku.id, NIL) for sku in skus])
    return {
        product_id: [
            Variant(sku_id=sku.id, options=sku.options, left=left.get((sku.id, NIL), 0))
            for sku in product.skus
            if sku.price == prices[product_id]
        ]
        for product_id, product in by_id.items()
    }
