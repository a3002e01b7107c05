"""What a merchant gives, set up through the rooms' doors as its staff would."""

from datetime import timedelta
from uuid import UUID

from tests.journeys.house import House
from xinbo.commerce import members, promotions
from xinbo.commerce.promotions import (
    Audience,
    CouponRule,
    DropCoupon,
    FullReduction,
    Goods,
    PutPromotion,
    Rule,
    Threshold,
)
from xinbo.identity import accounts
from xinbo.kit.ids import NIL, new_id
from xinbo.live import stage

EVERYTHING = Goods(categories=[], products=[], skus=[])


async def run(house: House, name: str, rule: Rule) -> UUID:
    """Start a promotion of the whole shop that runs for a day."""
    async with house.tx() as tx:
        written = await promotions.add(
            tx,
            PutPromotion(
                name=name,
                venue_id=NIL,
                starts_at=tx.now,
                ends_at=tx.now + timedelta(days=1),
                rule=rule,
                items=[],
                version=None,
            ),
        )
        await promotions.schedule(tx, written.id)
    return written.id


async def reduce(house: House, at_least: int, off: int) -> UUID:
    """Take so much off whatever costs at least so much: 满减."""
    step = Threshold(at_least_amount=at_least, at_least_pieces=None, off=off, rate=None)
    rule = FullReduction(goods=EVERYTHING, steps=[step], repeat=False, most=None)
    return await run(house, f"满 {at_least // 100} 减 {off // 100}", rule)


async def coupon(house: House, name: str, threshold: int, off: int, total: int = 100) -> UUID:
    """Offer a coupon in the coupon centre."""
    rule = CouponRule(
        goods=EVERYTHING,
        threshold=threshold,
        off=off,
        rate=None,
        most=None,
        total=total,
        per_person=1,
        audience=Audience.ALL,
        level=0,
        use_from=None,
        use_until=None,
        use_days=7,
    )
    return await run(house, name, rule)


async def end(house: House, promotion_id: UUID) -> None:
    """End a promotion now."""
    async with house.tx() as tx:
        await promotions.end(tx, promotion_id)


async def drop(house: House, show_id: UUID, off: int) -> None:
    """Drop a coupon in a room on air."""
    wish = DropCoupon(minutes=10, name="手速券", off=off, threshold=2 * off, total=20)
    async with house.tx() as tx:
        await stage.drop(tx, show_id, wish, str(new_id()))


async def give_points(house: House, phone: str, points: int) -> None:
    """Make a shopper a member who has these points."""
    async with house.tx() as tx:
        shopper_id = await accounts.join(tx, phone, "阿澈")
        await members.join(tx, shopper_id)
        await members.earn(tx, shopper_id, points, str(new_id()), "orders")
