"""What a basket costs, and why: one pure engine for every preview, order and refund.

Owns no table and reads none: the same basket gives the same bill, whatever the order of its lines
and rules. A bill is never negative, no line costs more than its list price, every fen taken off
stands at a line under the name of the rule that took it, and parts sum to their whole. The order
in which discounts stack is written in `docs/decisions/0009`.
"""

from xinbo.commerce.pricing._engine import BasketTooLarge, price
from xinbo.commerce.pricing._engine.sense import RuleRefused, check
from xinbo.commerce.pricing._rules import refund_share, share
from xinbo.commerce.pricing._types import (
    MOST_LINES,
    MOST_PIECES,
    WHOLE,
    Adjustment,
    Basket,
    BasketLine,
    Bill,
    BillLine,
    Gift,
    GiftLine,
    Part,
    PointsOffer,
    Rule,
    RuleKind,
    Scope,
    Step,
    StepKind,
    Tier,
    Why,
    WhyCode,
)

__all__ = [
    "MOST_LINES",
    "MOST_PIECES",
    "WHOLE",
    "Adjustment",
    "Basket",
    "BasketLine",
    "BasketTooLarge",
    "Bill",
    "BillLine",
    "Gift",
    "GiftLine",
    "Part",
    "PointsOffer",
    "Rule",
    "RuleKind",
    "RuleRefused",
    "Scope",
    "Step",
    "StepKind",
    "Tier",
    "Why",
    "WhyCode",
    "check",
    "price",
    "refund_share",
    "share",
]
