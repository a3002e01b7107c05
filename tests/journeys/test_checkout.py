"""What something costs, why, and what happens when that moves: from the cart to the parcel."""

from uuid import UUID

import pytest
from playwright.async_api import expect

from tests.journeys import promoting
from tests.journeys.conftest import OpenScreen
from tests.journeys.house import CREAM, SERUM, House
from tests.journeys.pages import grave_faults
from tests.journeys.screens import Screen, enter
from xinbo.commerce import fulfilment, orders
from xinbo.commerce.fulfilment import CarrierCode, Ship, ShipItem
from xinbo.commerce.orders import Order
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


async def fill_cart(phone: Screen, house: House, title: str = SERUM) -> None:
    """Put one piece in the bag and look into it."""
    await phone.page.goto(f"{house.shop}/products/{house.goods[title].id}")
    await phone.tap(phone.button("选规格购买"))
    await phone.tap(phone.button("加入购物袋"))
    await phone.see("已加入购物袋")
    await phone.page.goto(f"{house.shop}/cart")


async def pay(phone: Screen) -> None:
    await phone.tap(phone.button("确认支付"))
    await expect(phone.page.get_by_role("heading", name="已支付")).to_be_visible()


async def placed(house: House) -> list[Order]:
    async with house.tx() as tx:
        return (await orders.console_page(tx, None, None, None, 20)).items


async def test_coupon_reduction_and_points_say_why_and_what_they_leave_is_what_is_paid(
    house: House, screen: OpenScreen
) -> None:
    phone_number = "+8613900000101"
    await promoting.reduce(house, 30_000, 4_000)
    await promoting.coupon(house, "满 200 减 20", 20_000, 2_000)
    phone = await screen(shopper=await house.shopper(phone_number))
    await promoting.give_points(house, phone_number, 3_000)
    await phone.page.goto(f"{house.shop}/coupons")
    await phone.tap(phone.button("领取 满 200 减 20"))
    await phone.see("已领取")
    await phone.keep("coupon-centre")
    await fill_cart(phone, house)
    await phone.see("还差 ¥131.00")
    await phone.tap(phone.button("增加"))
    await phone.see("已减 ¥40.00")
    await phone.keep("cart-reduced")
    await phone.tap(phone.button("结算 1 种"))
    await phone.see("¥278.00")
    await phone.tap(phone.page.get_by_role("switch", name="积分抵扣"))
    await phone.see("¥248.00")
    await phone.keep("checkout-bill")
    await phone.tap(phone.button("为什么是这个价"))
    why = phone.page.get_by_role("dialog", name="为什么是这个价")
    for words in ("满 300 减 40", "满 200 减 20", "¥248.00"):
        await expect(why.get_by_text(words).first).to_be_visible()
    await phone.keep("checkout-why")
    assert await grave_faults(phone.page) == []
    await phone.tap(why.get_by_role("button", name="关闭"))
    await phone.tap(phone.button("提交订单"))
    await pay(phone)
    (order,) = await placed(house)
    assert (order.total, order.off, order.points) == (24_800, 9_000, 3_000)


async def test_a_promotion_that_ended_before_the_order_is_shown_before_anything_is_paid(
    house: House, screen: OpenScreen
) -> None:
    """Price shown = price paid, or a clear "price changed" before paying (#7)."""
    reduction = await promoting.reduce(house, 10_000, 4_000)
    phone = await screen(shopper=await house.shopper("+8613900000102"))
    await fill_cart(phone, house)
    await phone.tap(phone.button("结算 1 种"))
    await expect(phone.page.get_by_role("heading", name="确认订单")).to_be_visible()
    await expect(phone.button("提交订单")).to_be_enabled()
    await phone.see("¥129.00")
    await phone.page.wait_for_load_state("networkidle")
    await promoting.end(house, reduction)
    await phone.tap(phone.button("提交订单"))
    await phone.see("合计刚刚变了：")
    assert await placed(house) == []
    await phone.keep("total-moved")
    await phone.tap(phone.button("按新价提交"))
    await pay(phone)
    assert [order.total for order in await placed(house)] == [16_900]


async def test_a_coupon_dropped_in_the_room_is_claimed_in_one_tap_and_counts_at_once(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(pinned=CREAM)
    phone = await screen(shopper=await house.shopper("+8613900000103"))
    await enter(phone, house, show_id)
    await promoting.drop(house, show_id, 2_000)
    card = phone.page.get_by_role("article", name="直播间优惠券：手速券")
    await phone.keep("drop")
    await phone.tap(card.get_by_role("button", name="领取"))
    await expect(card.get_by_text("已领取")).to_be_visible()
    await phone.keep("drop-claimed")
    await expect(card).to_have_count(0)
    await phone.tap(phone.button("抢购"))
    await phone.tap(phone.page.get_by_role("button", name="立即购买 ¥139.20"))
    await pay(phone)
    assert phone.taps == 4
    assert [order.total for order in await placed(house)] == [13_920]


async def test_what_was_removed_from_the_cart_comes_back_with_one_tap(
    house: House, screen: OpenScreen
) -> None:
    phone = await screen(shopper=await house.shopper("+8613900000104"))
    await fill_cart(phone, house)
    await phone.tap(phone.button(f"移除 {SERUM}"))
    await phone.see(f"已移除「{SERUM}」")
    await phone.tap(phone.button("撤销"))
    await expect(phone.button("结算 1 种")).to_be_enabled()


async def test_a_parcel_is_followed_and_its_arrival_confirmed_and_the_history_says_who(
    house: House, screen: OpenScreen
) -> None:
    phone = await screen(shopper=await house.shopper("+8613900000105"))
    await fill_cart(phone, house)
    await phone.tap(phone.button("结算 1 种"))
    await phone.tap(phone.button("提交订单"))
    await pay(phone)
    (order,) = await placed(house)
    await ship(house, order.id)
    await phone.page.goto(f"{house.shop}/orders?status=shipped")
    await phone.page.get_by_text(SERUM).first.tap()
    await phone.see("SF1234567890123")
    await phone.see("自动确认收货剩余")
    await phone.keep("order-shipped")
    assert await grave_faults(phone.page) == []
    await phone.tap(phone.button("确认收货"))
    await phone.see("确认已收到全部商品？")
    await phone.tap(phone.page.get_by_role("alertdialog").get_by_role("button", name="确认收货"))
    await expect(phone.page.get_by_role("heading", name="已完成")).to_be_visible()
    await phone.page.get_by_text("订单记录").tap()
    await phone.see("商家已发货")
    await phone.see("买家确认")
    await phone.keep("order-completed")


async def ship(house: House, order_id: UUID) -> None:
    item = ShipItem(order_id=order_id, position=0, quantity=1)
    parcel = Ship(carrier=CarrierCode.SF, number="SF1234567890123", items=[item])
    async with house.tx() as tx:
        await fulfilment.ship(tx, parcel, str(new_id()))
