"""The engine: seven steps, in the order that `docs/decisions/0009` writes down."""

from xinbo.commerce.pricing._engine.bundles import bundles
from xinbo.commerce.pricing._engine.reductions import full_reductions
from xinbo.commerce.pricing._engine.rest import coupon, freight, gifts, points
from xinbo.commerce.pricing._engine.work import BasketTooLarge, Work, why
from xinbo.commerce.pricing._types import (
    Basket,
    Bill,
    BillLine,
    GiftLine,
    Rule,
    RuleKind,
    StepKind,
    WhyCode,
)

__all__ = ["BasketTooLarge", "price"]


def price(basket: Basket) -> Bill:
    """Say what a basket costs, line by line, and why.

    Pure, and the same in any order of lines and rules. Raises `BasketTooLarge`.
    """
    work = Work(basket)
    kinds: dict[RuleKind, list[Rule]] = {}
    for rule in sorted(basket.rules, key=lambda each: each.id.int):
        kinds.setdefault(rule.kind, []).append(rule)
    goods = sum(work.left)
    _unit_prices(work, goods)
    bundles(work, kinds.get(RuleKind.BUNDLE, []))
    full_reductions(work, kinds.get(RuleKind.FULL_REDUCTION, []))
    given = gifts(work, kinds.get(RuleKind.GIFT, []))
    ticket = basket.coupon
    frees = ticket is not None and ticket.kind is RuleKind.FREE_FREIGHT
    if ticket is not None and not frees:
        coupon(work, ticket)
    points(work)
    freight_off = freight(work, kinds.get(RuleKind.FREE_FREIGHT, []), ticket if frees else None)
    return _bill(work, goods, given, freight_off)


def _unit_prices(work: Work, goods: int) -> None:
    """Step 1: say what the offers took off the list prices. Which offer applies is decided."""
    lower = [n for n, line in enumerate(work.lines) if work.prices[n] < line.list_price]
    if lower:
        listed = sum([line.list_price * line.quantity for line in work.lines])
        why_lower = why(WhyCode.OFFER, has=listed)
        work.tell(StepKind.UNIT_PRICE, listed - goods, why_lower, lower)


def _bill(work: Work, goods: int, given: list[GiftLine], freight_off: int) -> Bill:
    charge = work.basket.freight
    payable, due = sum(work.left), sum(work.before_points)
    ticket = work.basket.coupon
    used = ticket is not None and any(
        step.amount and step.rule_id == ticket.id for step in work.steps
    )
    lines = [
        BillLine(
            position=line.position,
            sku_id=line.sku_id,
            quantity=line.quantity,
            list_price=line.list_price,
            price=work.prices[n],
            adjustments=work.taken[n],
            points=work.points[n],
            payable=work.left[n],
        )
        for n, line in enumerate(work.lines)
    ]
    lines.sort(key=lambda line: line.position)
    return Bill(
        lines=lines,
        gifts=given,
        freight=charge,
        freight_off=freight_off,
        points=sum(work.points),
        points_off=due - payable,
        goods=goods,
        off=goods - due,
        coupon_id=ticket.id if ticket and used else None,
        total=payable + charge - freight_off,
        steps=work.steps,
    )
