"""Say promotions as the pricing engine's rules."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from xinbo.commerce import pricing
from xinbo.commerce.pricing import RuleKind, Scope, Tier
from xinbo.commerce.promotions._models import PromotionRow
from xinbo.commerce.promotions._rules.life import BASKET, PromotionKind
from xinbo.commerce.promotions._service.views import live, rule_of
from xinbo.commerce.promotions._types import (
    Bundle,
    CouponRule,
    FreeFreight,
    FullReduction,
    Gifts,
    Goods,
    Present,
    Rule,
    Threshold,
)
from xinbo.engines.tx import Tx
from xinbo.kit.ids import NIL

ALWAYS_ON = BASKET - {PromotionKind.COUPON}
"""Kinds that everybody's basket gets; a coupon has to be claimed and chosen."""


async def rules(tx: Tx, venue_id: UUID | None) -> list[pricing.Rule]:
    """List what applies to every basket at a venue at this moment; one query.

    Read anew each time and by the clock, so the price that is shown is the price that is paid.
    """
    rows = await tx.db.scalars(
        select(PromotionRow)
        .where(
            PromotionRow.merchant_id == tx.merchant_id,
            PromotionRow.kind.in_(ALWAYS_ON),
            PromotionRow.venue_id.in_({NIL, venue_id or NIL}),
            live(tx.now),
        )
        .order_by(PromotionRow.id)
        .execution_options(populate_existing=True)
    )
    return [rule_for(each) for each in rows]


def rule_for(promotion: PromotionRow) -> pricing.Rule:
    """Say one promotion of a basket's kind as a rule. Its id is the promotion's."""
    rule = rule_of(promotion)
    scope, tiers = _terms(rule)
    return pricing.Rule(
        id=promotion.id,
        kind=RuleKind(promotion.kind),
        name=promotion.name,
        scope=scope,
        tiers=tiers,
        repeat=isinstance(rule, FullReduction) and rule.repeat,
        most=rule.most if isinstance(rule, FullReduction | CouponRule) else None,
    )


def _terms(rule: Rule) -> tuple[Scope, list[Tier]]:
    match rule:
        case FullReduction():
            return _scope(rule.goods), [_tier(step) for step in rule.steps]
        case Gifts():
            return _scope(rule.goods), [
                Tier(at_least_amount=step.at_least_amount, gifts=_gifts(step.gifts))
                for step in rule.steps
            ]
        case Bundle():
            parts = [
                pricing.Part(sku_id=part.sku_id, quantity=part.quantity) for part in rule.parts
            ]
            return Scope(), [Tier(parts=parts, price=rule.price)]
        case CouponRule():
            return _scope(rule.goods), [
                Tier(
                    at_least_amount=rule.threshold,
                    off=rule.off or 0,
                    rate=pricing.WHOLE if rule.rate is None else rule.rate,
                )
            ]
        case FreeFreight():
            return _scope(rule.goods), [Tier(at_least_amount=rule.at_least_amount)]
        case _:
            return Scope(), []


def _tier(step: Threshold) -> Tier:
    return Tier(
        at_least_amount=step.at_least_amount or 0,
        at_least_pieces=step.at_least_pieces or 0,
        off=step.off or 0,
        rate=pricing.WHOLE if step.rate is None else step.rate,
    )


def _gifts(gifts: Iterable[Present]) -> list[pricing.Gift]:
    return [pricing.Gift(sku_id=gift.sku_id, quantity=gift.quantity) for gift in gifts]


def _scope(goods: Goods) -> Scope:
    return Scope(products=goods.products, categories=goods.categories, skus=goods.skus)
