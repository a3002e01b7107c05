"""Coupons as prizes: set so many aside, give them to whom something else names, put back the rest.

A play of a game sets aside what it promises before anybody enters, so that nobody can claim it
away: set-aside coupons count as claimed from then on.
"""

from uuid import UUID

from sqlalchemy import func, select, update

from xinbo.commerce.promotions._models import CouponCountRow, CouponRow, PromotionRow
from xinbo.commerce.promotions._service.coupons import (
    CouponNotOnOffer,
    CouponsGone,
    earlier,
    new_coupon,
    on_offer,
    tell,
)
from xinbo.commerce.promotions._service.wallet import coupon_view
from xinbo.commerce.promotions._types import Coupon
from xinbo.engines.tx import Tx
from xinbo.kit.ids import NIL


async def set_aside(tx: Tx, template_id: UUID, count: int, venue_id: UUID) -> None:
    """Promise `count` coupons of a kind that is on offer in the shop or this room.

    One statement decides. Raises `CouponNotOnOffer` or `CouponsGone`; then nothing has changed.
    """
    if await _template(tx, template_id, venue_id) is None:
        raise CouponNotOnOffer(template_id=template_id)
    taken = await tx.db.scalar(
        update(CouponCountRow)
        .where(
            CouponCountRow.promotion_id == template_id,
            CouponCountRow.merchant_id == tx.merchant_id,
            CouponCountRow.claimed + count <= CouponCountRow.total,
        )
        .values(claimed=CouponCountRow.claimed + count)
        .returning(CouponCountRow.promotion_id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise CouponsGone(promotion_id=template_id)


async def put_back(tx: Tx, template_id: UUID, count: int) -> None:
    """Let others claim what was set aside and given to nobody."""
    await tx.db.execute(
        update(CouponCountRow)
        .where(
            CouponCountRow.promotion_id == template_id,
            CouponCountRow.merchant_id == tx.merchant_id,
        )
        .values(claimed=CouponCountRow.claimed - count)
        .execution_options(synchronize_session=False)
    )


async def give(tx: Tx, shopper_id: UUID, template_id: UUID, key: str) -> Coupon:
    """Give a coupon that was set aside, once per key, to a winner.

    Whom the coupon is for and how many one may claim are rules of claiming, not of prizes. It
    may be given after its claiming is over: it was promised before.
    """
    template = (
        await tx.db.scalars(
            select(PromotionRow).where(
                PromotionRow.id == template_id, PromotionRow.merchant_id == tx.merchant_id
            )
        )
    ).one()
    if (before := await earlier(tx, shopper_id, template_id, key)) is not None:
        return coupon_view(tx, before, template)
    nth = await tx.db.scalar(
        select(func.coalesce(func.max(CouponRow.nth), 0) + 1).where(
            CouponRow.promotion_id == template_id, CouponRow.shopper_id == shopper_id
        )
    )
    coupon = new_coupon(tx, shopper_id, template, nth or 1, key)
    tx.db.add(coupon)
    await tx.db.flush()
    await tell(tx, coupon, template)
    return coupon_view(tx, coupon, template)


async def _template(tx: Tx, template_id: UUID, venue_id: UUID) -> PromotionRow | None:
    found = select(PromotionRow).where(
        *on_offer(tx, venue_id or NIL), PromotionRow.id == template_id
    )
    return await tx.db.scalar(found)
