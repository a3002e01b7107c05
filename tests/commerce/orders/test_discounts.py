"""What the checkout says is what is paid: promotions, coupons, points and gifts."""

import asyncio

import msgspec
import pytest
from sqlalchemy import select

from tests.commerce.orders.till import PRICE, Till
from tests.commerce.promotions.shop import EVERYTHING
from xinbo.commerce import orders, promotions
from xinbo.commerce.orders import CouponRefused, Status, TotalChanged
from xinbo.commerce.prices._models import PriceDealRow
from xinbo.commerce.promotions import CouponState, Gifts, GiftStep, Present
from xinbo.kit.errors import XinboError

pytestmark = pytest.mark.anyio


async def test_full_reduction_coupon_and_points_come_off_in_their_order(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    await till.reduce(15_000, 2_000)
    coupon_id = await till.coupon_for(who, off=1_000, threshold=10_000)
    await till.points_for(who, 500)

    basket = msgspec.structs.replace(
        who.basket(sku_id, quantity=2), coupon_id=coupon_id, points=500
    )
    order = await till.order(who, basket)

    assert order.bill is not None
    assert [each.kind for each in order.lines[0].adjustments] == [
        "full_reduction",
        "coupon",
        "points",
    ]
    assert order.goods == 2 * PRICE
    assert order.total == 2 * PRICE - 2_000 - 1_000 - order.bill.points_off
    assert order.points == order.bill.points > 0
    assert await till.points_of(who) == 500 - order.points


async def test_the_best_coupon_is_counted_in_without_being_asked_for(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    await till.coupon_for(who, off=500)
    best = await till.coupon_for(who, off=900)
    far = await till.coupon_for(who, off=5_000, threshold=PRICE + 100)

    basket = who.basket(sku_id)
    shown = await till.checkout(who, msgspec.structs.replace(_ask(basket), no_coupon=False))

    assert shown.coupon_id == best
    assert shown.total == PRICE - 900
    (unreached,) = [each for each in shown.coupons if each.id == far]
    assert (unreached.usable, unreached.why, unreached.short) == (False, "threshold", 100)


async def test_a_promotion_that_ended_meanwhile_changes_the_total_and_nothing_is_sold(
    till: Till,
) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    promotion = await till.reduce(5_000, 1_000)
    shown = await till.checkout(who, who.basket(sku_id))
    async with till.database.begin(till.owner) as tx:
        await promotions.end(tx, promotion.id)

    with pytest.raises(TotalChanged) as refusal:
        await till.place(
            who, msgspec.structs.replace(who.basket(sku_id), expected_total=shown.total)
        )

    assert refusal.value.facts == {"expected": PRICE - 1_000, "total": PRICE}
    assert await till.left(sku_id) == 10


async def test_a_gift_comes_along_at_nothing_while_there_is_one(till: Till) -> None:
    sku_id, present = await till.stock(10), await till.stock(1)
    await till.promote(
        Gifts(
            goods=EVERYTHING,
            steps=[GiftStep(at_least_amount=PRICE, gifts=[Present(sku_id=present, quantity=1)])],
        )
    )
    first, second = await till.buyer(), await till.buyer()

    lucky = await till.order(first, first.basket(sku_id))
    late = await till.order(second, second.basket(sku_id))

    assert [(line.sku_id, line.gift, line.payable) for line in lucky.lines] == [
        (sku_id, False, PRICE),
        (present, True, 0),
    ]
    assert await till.left(present) == 0
    assert [line.gift for line in late.lines] == [False]


async def test_one_coupon_pays_for_one_order_however_many_are_placed_at_once(till: Till) -> None:
    """#7: no stacking, in whatever way it is tried."""
    sku_id, who = await till.stock(10), await till.buyer()
    coupon_id = await till.coupon_for(who, off=1_000)
    basket = msgspec.structs.replace(who.basket(sku_id), coupon_id=coupon_id)

    answers = await asyncio.gather(
        *(till.place(who, basket) for _ in range(5)), return_exceptions=True
    )

    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert all(isinstance(each, XinboError) for each in answers if isinstance(each, Exception))
    assert await till.left(sku_id) == 9


async def test_a_coupon_that_takes_nothing_off_stays_in_the_wallet(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    coupon_id = await till.coupon_for(who, off=1_000, threshold=PRICE + 1)

    await till.order(who, msgspec.structs.replace(who.basket(sku_id), coupon_id=coupon_id))

    async with till.database.begin(who.actor) as tx:
        mine = await promotions.page_of_coupons(tx, who.id, CouponState.UNUSED, None, 10)
    assert [coupon.id for coupon in mine.items] == [coupon_id]


async def test_an_unpaid_order_that_ends_gives_coupon_and_points_back(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    coupon_id = await till.coupon_for(who, off=1_000)
    await till.points_for(who, 300)
    basket = msgspec.structs.replace(who.basket(sku_id), coupon_id=coupon_id, points=300)
    order = await till.order(who, basket)

    await orders.sweep(till.database, order.pay_by)

    async with till.database.begin(who.actor) as tx:
        mine = await promotions.page_of_coupons(tx, who.id, CouponState.UNUSED, None, 10)
    assert [coupon.id for coupon in mine.items] == [coupon_id]
    assert await till.points_of(who) == 300
    assert (await till.get(order.id)).status is Status.CANCELLED
    assert await till.balanced()


async def test_somebody_elses_coupon_is_refused(till: Till) -> None:
    sku_id, who, other = await till.stock(10), await till.buyer(), await till.buyer()
    coupon_id = await till.coupon_for(other, off=1_000)

    with pytest.raises(CouponRefused):
        await till.place(who, msgspec.structs.replace(who.basket(sku_id), coupon_id=coupon_id))


async def test_an_order_that_costs_nothing_is_paid_at_once(till: Till) -> None:
    sku_id, who = await till.stock(10, price=0), await till.buyer()

    order = await till.order(who, who.basket(sku_id))

    assert (order.total, order.status) == (0, Status.AWAITING_SHIPMENT)


async def test_the_deal_on_record_is_what_was_paid_after_discounts(till: Till) -> None:
    """A strike-through price is measured against it, so it must not be the price before them."""
    sku_id, who = await till.stock(10), await till.buyer()
    await till.reduce(2 * PRICE, 3_000)

    await till.bought(who, who.basket(sku_id, quantity=2))

    async with till.database.begin(till.system) as tx:
        deals = await tx.db.scalars(select(PriceDealRow.price).where(PriceDealRow.sku_id == sku_id))
        assert list(deals) == [PRICE - 1_500]


def _ask(command: orders.PlaceOrder) -> orders.AskCheckout:
    return orders.AskCheckout(
        lines=[
            orders.CheckoutItem(sku_id=each.sku_id, quantity=each.quantity)
            for each in command.lines
        ],
        address_id=command.address_id,
    )
