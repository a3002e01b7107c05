"""From the pinned card to a paid order, on a phone, and everything that may come between."""

from uuid import UUID

import msgspec
import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import SERUM, House
from tests.journeys.pages import grave_faults
from tests.journeys.screens import Screen, enter
from xinbo.commerce import orders
from xinbo.identity import accounts

pytestmark = pytest.mark.anyio


async def buy(phone: Screen) -> None:
    """Order what is pinned, up to the payment."""
    await phone.tap(phone.button("抢购"))
    await phone.tap(phone.page.get_by_role("button", name="立即购买"))


async def is_paid(phone: Screen) -> None:
    await expect(phone.page.get_by_role("heading", name="已支付")).to_be_visible()


class Earplugs:
    """Between a phone and its edge: keeps news of prices and stock from the phone."""

    def __init__(self) -> None:
        self.worn = False

    async def put_between(self, phone: Screen) -> None:
        await phone.page.route_web_socket("**/room?*", self._pass_on)

    def _pass_on(self, phone: WebSocketRoute) -> None:
        edge = phone.connect_to_server()
        phone.on_message(edge.send)
        edge.on_message(lambda frame: None if self._silent(frame) else phone.send(frame))

    def _silent(self, frame: str | bytes) -> bool:
        messages = msgspec.json.decode(frame)["m"]
        return self.worn and any(message["t"] in {"stage", "stock"} for message in messages)


async def test_a_room_without_video_says_so_and_chat_and_buying_work(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(pinned=SERUM)
    phone = await screen(shopper=await house.shopper("+8613900000001"))
    await enter(phone, house, show_id)
    await phone.see("暂无画面，聊天和下单照常")
    await phone.say("有小样吗")
    await phone.tap(phone.button("抢购"))
    await phone.tap(phone.button("50 mL"))
    await phone.keep("sheet")
    assert await grave_faults(phone.page) == []
    await phone.tap(phone.page.get_by_role("button", name="立即购买"))
    await phone.tap(phone.button("确认支付"))
    await is_paid(phone)
    await phone.see("下单了")
    assert phone.taps == 4
    await phone.keep("paid-in-text-room")


async def test_someone_new_signs_in_inside_the_sheet_adds_an_address_and_the_order_goes_on(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(pinned=SERUM)
    phone = await screen()
    await enter(phone, house, show_id)
    await expect(phone.button("登录后参与聊天")).to_be_visible()
    await buy(phone)
    await phone.page.get_by_label("手机号").fill("139 0000 0002")
    await phone.tap(phone.button("获取验证码"))
    await expect(phone.page.get_by_label("验证码")).to_be_focused()
    await phone.keep("sign-in-in-sheet")
    await phone.page.get_by_label("验证码").fill(await sent_code(house))
    await phone.tap(phone.button("登录"))
    await phone.page.get_by_label("收货人").fill("阿澈")
    await phone.page.get_by_label("手机号").fill("13900000002")
    await phone.tap(phone.button("保存地址"))
    await phone.see("请选择所在地区")
    await phone.keep("address-in-sheet")
    assert await grave_faults(phone.page) == []
    await phone.page.get_by_label("省份").select_option("浙江省")
    await phone.page.get_by_label("城市").select_option("杭州市")
    await phone.page.get_by_label("区县").select_option("西湖区")
    await phone.page.get_by_label("详细地址").fill("文三路 100 号")
    await phone.tap(phone.button("保存地址"))
    await phone.tap(phone.button("确认支付"))
    await is_paid(phone)
    await phone.tap(phone.button("继续看"))
    await phone.say("我也买了")


async def sent_code(house: House) -> str:
    async with house.tx() as tx:
        return (await accounts.dev_codes(tx))[0].code


async def test_a_price_that_moved_at_the_last_moment_is_asked_about_and_then_the_one_paid(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show([SERUM], pinned=SERUM)
    phone = await screen(shopper=await house.shopper("+8613900000003"))
    earplugs = Earplugs()
    await earplugs.put_between(phone)
    await enter(phone, house, show_id)
    await phone.tap(phone.button("抢购"))
    earplugs.worn = True
    await house.reprice(show_id, 15_000)
    await phone.tap(phone.page.get_by_role("button", name="立即购买"))
    await phone.see("价格刚刚变了：")
    await phone.keep("price-moved")
    await phone.tap(phone.page.get_by_role("button", name="按新价购买"))
    await phone.tap(phone.button("确认支付"))
    await is_paid(phone)
    assert [order.total for order in await placed(house, show_id)] == [15_000]


async def placed(house: House, show_id: UUID) -> list[orders.Order]:
    async with house.tx() as tx:
        return (await orders.console_page(tx, None, show_id, None, 20)).items


async def test_who_comes_too_late_for_the_last_piece_is_told_and_everyone_sees_sold_out(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show([SERUM], stock=1, pinned=SERUM)
    late = await screen(shopper=await house.shopper("+8613900000004"))
    earplugs = Earplugs()
    await earplugs.put_between(late)
    await enter(late, house, show_id)
    await late.tap(late.button("抢购"))
    earplugs.worn = True
    soon = await screen(shopper=await house.shopper("+8613900000005"))
    await enter(soon, house, show_id)
    for size in ("30 mL", "50 mL"):
        await soon.tap(soon.button("抢购"))
        await soon.tap(soon.page.get_by_role("button", name=size))
        await soon.tap(soon.page.get_by_role("button", name="立即购买"))
        await soon.tap(soon.button("确认支付"))
        await is_paid(soon)
        await soon.tap(soon.button("继续看"))
    await late.tap(late.page.get_by_role("button", name="立即购买"))
    await late.see("没有足够的库存了")
    await late.keep("sold-out-sheet")
    sold_out = soon.page.get_by_role("article").get_by_role("button", name="售罄")
    await expect(sold_out).to_be_disabled()
    await soon.keep("sold-out-room")


async def test_a_payment_that_failed_may_be_tried_again(house: House, screen: OpenScreen) -> None:
    show_id = await house.show(pinned=SERUM)
    phone = await screen(shopper=await house.shopper("+8613900000006"))
    await enter(phone, house, show_id)
    await buy(phone)
    await choose_outcome(phone, "支付失败")
    await phone.tap(phone.button("确认支付"))
    await phone.see("支付没有成功，没有扣款。可以再付一次。")
    await phone.keep("payment-failed")
    assert await grave_faults(phone.page) == []
    chosen = phone.page.get_by_label("支付结果").locator("option:checked")
    await expect(chosen).to_have_text("支付成功")
    await choose_outcome(phone, "5 秒后才回调")
    await phone.tap(phone.button("再付一次"))
    await phone.see("确认后会自动更新，不用重复支付。")
    await phone.keep("payment-pending")
    await is_paid(phone)


async def choose_outcome(phone: Screen, name: str) -> None:
    choice = phone.page.get_by_label("支付结果")
    if not await choice.is_visible():  # once unfolded, it stays so
        await phone.page.get_by_text("换一种支付结果").tap()
    await choice.select_option(name)


async def test_an_order_that_expired_says_so_instead_of_taking_money(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(pinned=SERUM)
    phone = await screen(shopper=await house.shopper("+8613900000007"))
    await enter(phone, house, show_id)
    await buy(phone)
    await expect(phone.button("确认支付")).to_be_visible()
    order = (await placed(house, show_id))[0]
    async with house.tx() as tx:
        await orders.cancel(tx, order.id, reason="unpaid")
    await phone.tap(phone.button("确认支付"))
    await phone.see("超过了支付时间，库存已放回。没有扣款。")
    await phone.keep("order-expired")
    await phone.page.goto(f"{house.shop}/orders/{order.id}")
    await phone.see("超过支付时间，订单自动关闭。")


async def test_goods_in_the_cart_are_checked_out_paid_and_found_among_the_orders(
    house: House, screen: OpenScreen
) -> None:
    phone = await screen(shopper=await house.shopper("+8613900000008"))
    await phone.page.goto(f"{house.shop}/products/{house.goods[SERUM].id}")
    await phone.tap(phone.button("选规格购买"))
    await phone.tap(phone.button("加入购物袋"))
    await phone.see("已加入购物袋")
    await phone.page.goto(f"{house.shop}/cart")
    await phone.tap(phone.button("增加"))
    await phone.see("338")
    await phone.tap(phone.button("结算 1 种"))
    await phone.page.get_by_label("备注").fill("请轻放")
    await phone.tap(phone.button("提交订单"))
    await phone.tap(phone.button("确认支付"))
    await is_paid(phone)
    await phone.tap(phone.button("完成"))
    await phone.see("待发货")
    await phone.page.get_by_text(SERUM).first.tap()
    await phone.see("请轻放")
    await phone.keep("order")
