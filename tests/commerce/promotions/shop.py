"""What the tests of promotions share: drafts of every kind, and a way to move the clock."""

import copy
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from tests.support import product_on_sale
from xinbo.commerce import promotions
from xinbo.commerce.promotions import (
    Audience,
    CouponRule,
    FlashSale,
    FullReduction,
    Goods,
    Promotion,
    PutItem,
    PutPromotion,
    Rule,
    Threshold,
)
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.kit.ids import NIL

EVERYTHING = Goods(categories=[], products=[], skus=[])
HOUR = timedelta(hours=1)
PRICE = 10_000


def at(tx: Tx, later: timedelta) -> Tx:
    """Go on in the same transaction at a later moment."""
    moved = copy.copy(tx)
    moved.now = tx.now + later
    return moved


def shopping(tx: Tx, shopper_id: UUID) -> Tx:
    """Go on in the same transaction as a shopper."""
    return tx.acting(Actor(tx.merchant_id, Role.SHOPPER, shopper_id))


def draft(  # noqa: PLR0913 # each is a way to differ
    tx: Tx,
    rule: Rule,
    *items: PutItem,
    starts: timedelta = timedelta(),
    lasts: timedelta | None = 2 * HOUR,
    venue_id: UUID = NIL,
    name: str = "双 11",
) -> PutPromotion:
    """Write a promotion down."""
    starts_at = tx.now + starts
    return PutPromotion(
        name=name,
        venue_id=venue_id,
        starts_at=starts_at,
        ends_at=None if lasts is None else starts_at + lasts,
        rule=rule,
        items=list(items),
        version=None,
    )


def reduction(threshold: int = 30_000, off: int = 5_000, *, repeat: bool = False) -> FullReduction:
    """满 300 减 50."""
    step = Threshold(at_least_amount=threshold, at_least_pieces=None, off=off, rate=None)
    return FullReduction(goods=EVERYTHING, steps=[step], repeat=repeat, most=None)


def coupon(  # noqa: PLR0913 # each is a way to differ
    *,
    off: int = 1_000,
    threshold: int = 5_000,
    total: int = 100,
    per_person: int = 1,
    audience: Audience = Audience.ALL,
    level: int = 0,
    use_days: int = 7,
) -> CouponRule:
    """满 50 减 10."""
    return CouponRule(
        goods=EVERYTHING,
        threshold=threshold,
        off=off,
        rate=None,
        most=None,
        total=total,
        per_person=per_person,
        audience=audience,
        level=level,
        use_from=None,
        use_until=None,
        use_days=use_days,
    )


async def sku(tx: Tx, *, price: int = PRICE, stock: int = 100) -> UUID:
    """Put an SKU on sale."""
    return (await product_on_sale(tx, price=price, stock=stock)).skus[0].id


async def scheduled(tx: Tx, command: PutPromotion) -> Promotion:
    """Write a promotion and announce it."""
    written = await promotions.add(tx, command)
    return await promotions.schedule(tx, written.id)


async def flash_sale(
    tx: Tx, sku_ids: Sequence[UUID], *, stock: int = 10, starts: timedelta = timedelta()
) -> Promotion:
    """Announce a flash sale of these SKUs at half their price."""
    items = [PutItem(sku_id=each, price=PRICE // 2, stock=stock) for each in sku_ids]
    return await scheduled(tx, draft(tx, FlashSale(), *items, starts=starts))
