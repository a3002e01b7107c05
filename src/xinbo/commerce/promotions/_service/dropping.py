"""Drop coupons in a room."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from xinbo.commerce.promotions._models import PromotionRow
from xinbo.commerce.promotions._rules.life import PromotionKind, PromotionState
from xinbo.commerce.promotions._service.desk import added, scheduled
from xinbo.commerce.promotions._service.views import PromotionNotFound, row
from xinbo.commerce.promotions._types import (
    Audience,
    CouponRule,
    DropCoupon,
    Goods,
    PutPromotion,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require


async def drop(tx: Tx, venue_id: UUID, command: DropCoupon, key: str) -> UUID:
    """Put a coupon up in a room at once, for so many minutes; return its template's id.

    One that was prepared for the room may be dropped by whoever runs shows; a new one takes
    whoever may run promotions. The same key again makes no second one. Raises `PromotionRefused`
    or `PromotionNotFound`.
    """
    if command.template_id is not None:
        return await _prepared(tx, venue_id, command.template_id, command.minutes)
    require(tx, Can.RUN_PROMOTIONS)
    alone = func.pg_advisory_xact_lock(func.hashtextextended(f"drop:{tx.merchant_id}:{key}", 0))
    await tx.db.execute(select(alone))
    earlier = await tx.db.scalar(
        select(PromotionRow.id).where(
            PromotionRow.merchant_id == tx.merchant_id, PromotionRow.key == key
        )
    )
    if earlier is not None:
        return earlier
    promotion = await added(tx, _quick(tx, venue_id, command), key)
    await scheduled(tx, promotion)
    return promotion.id


async def _prepared(tx: Tx, venue_id: UUID, template_id: UUID, minutes: int) -> UUID:
    require(tx, Can.RUN_SHOWS)
    promotion = await row(tx, template_id, for_update=True)
    if promotion.kind is not PromotionKind.COUPON or promotion.venue_id != venue_id:
        raise PromotionNotFound(promotion_id=template_id)
    if promotion.state is PromotionState.RUNNING:
        return template_id
    promotion.starts_at = tx.now
    promotion.ends_at = tx.now + timedelta(minutes=minutes)
    await scheduled(tx, promotion)
    return template_id


def _quick(tx: Tx, venue_id: UUID, command: DropCoupon) -> PutPromotion:
    return PutPromotion(
        name=command.name,
        venue_id=venue_id,
        starts_at=tx.now,
        ends_at=tx.now + timedelta(minutes=command.minutes),
        rule=CouponRule(
            goods=Goods(categories=[], products=[], skus=[]),
            threshold=command.threshold,
            off=command.off,
            rate=None,
            most=None,
            total=command.total,
            per_person=command.per_person,
            audience=Audience.ALL,
            level=0,
            use_from=None,
            use_until=None,
            use_days=command.use_days,
        ),
        items=[],
        version=None,
    )
