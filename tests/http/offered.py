"""What a merchant offers beside its goods: a draft nobody may see, a coupon, a bargain, points."""

from datetime import timedelta
from uuid import UUID

from xinbo.commerce import bargains, members, offers, promotions
from xinbo.commerce.promotions import (
    Audience,
    Bargaining,
    CouponRule,
    Goods,
    PutItem,
    PutPromotion,
    Rule,
)
from xinbo.engines.tx import Tx
from xinbo.kit.ids import NIL


async def offered(tx: Tx, name: str, sku_id: UUID, buyer: UUID, neighbour: UUID) -> dict[str, UUID]:
    """Offer things; return their ids by the names of the path parameters.

    The bargain is the neighbour's, and anybody with its link may see it. The coupon is for members
    of a level that nobody has.
    """
    draft = await promotions.add(tx, _written(tx, name, _coupon()))
    coupon = await promotions.add(tx, _written(tx, "会员券", _coupon()))
    await promotions.schedule(tx, coupon.id)
    item = PutItem(sku_id=sku_id, price=9_000, floor=5_000)
    cut = await promotions.add(tx, _written(tx, "砍价", Bargaining(helpers=9, hours=24), item))
    await promotions.schedule(tx, cut.id)
    (special,) = await offers.specials(tx, [sku_id], None)
    bargain = await bargains.start(tx, neighbour, special.id)
    await members.join(tx, buyer)
    await members.earn(tx, buyer, 10, "a-gift", "staff")
    return {
        "promotion_id": draft.id,
        "coupon_id": coupon.id,
        "bargain_id": bargain.id,
        "shopper_id": buyer,
    }


def _written(tx: Tx, name: str, rule: Rule, *items: PutItem) -> PutPromotion:
    return PutPromotion(
        name=name[:40],
        venue_id=NIL,
        starts_at=tx.now,
        ends_at=tx.now + timedelta(days=1),
        rule=rule,
        items=list(items),
        version=None,
    )


def _coupon() -> CouponRule:
    return CouponRule(
        goods=Goods(categories=[], products=[], skus=[]),
        threshold=5_000,
        off=1_000,
        rate=None,
        most=None,
        total=10,
        per_person=1,
        audience=Audience.MEMBERS,
        level=10,
        use_from=None,
        use_until=None,
        use_days=7,
    )
