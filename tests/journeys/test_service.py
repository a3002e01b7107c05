"""A shopper asks in private from the room, the picture plays on, and one agent answers."""

from uuid import UUID

import pytest
from playwright.async_api import expect

from tests.commerce.orders.shop import Buyer
from tests.journeys.conftest import OpenScreen
from tests.journeys.house import SERUM, House
from tests.journeys.screens import DESK, enter
from xinbo.commerce import orders
from xinbo.commerce.orders import OrderDesk, OrderItem, PlaceOrder
from xinbo.engines.tx import Actor, Role
from xinbo.identity import accounts
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio
PHONE_NUMBER = "+8613900000711"


async def paid_order(house: House, show_id: UUID) -> str:
    """Have the shopper buy something in the show and get it; return the order's number."""
    async with house.tx() as tx:
        shopper_id = await accounts.join(tx, PHONE_NUMBER)
        sku = house.goods[SERUM].skus[0]
    actor = Actor(house.merchant_id, Role.SHOPPER, shopper_id)
    async with house.tx(actor) as tx:
        (address,) = await accounts.addresses(tx, shopper_id)
        who = Buyer(house.merchant_id, shopper_id, address.id)
        command = PlaceOrder(
            lines=[OrderItem(sku_id=sku.id, quantity=1, expected_price=sku.price * 8 // 10)],
            address_id=who.address_id,
            show_id=show_id,
            note="",
        )
        desk = OrderDesk(house.site.database, batched=False)
        order = await desk.place(tx, shopper_id, command, str(new_id()))
        payment = await orders.open_payment(tx, order.id, "sandbox", str(new_id()))
    async with house.tx() as tx:
        await orders.mark_paid(tx, order.id, payment.id, payment.amount)
        await orders.ship(tx, order.id, [(0, 1)], "parcel")
    async with house.tx(actor) as tx:
        await orders.confirm_receipt(tx, order.id)
    return order.number


async def test_a_shopper_asks_from_the_room_and_one_agent_answers_and_hands_to_after_sales(
    house: House, screen: OpenScreen
) -> None:
    """#24: the agent sees the shopper's orders inside the conversation."""
    show_id = await house.show(pinned=SERUM)
    token = await house.shopper(PHONE_NUMBER)
    number = await paid_order(house, show_id)
    phone = await screen(shopper=token)
    await enter(phone, house, show_id)
    agent = await screen(size=DESK, staff=await house.staff(Role.SERVICE))
    await agent.page.goto(f"{house.site.url}/console/service?show={show_id}")
    await agent.see("没有会话")
    await agent.page.get_by_label("值班").click()

    # The shopper asks about an order, in a sheet over the room.
    await phone.page.get_by_role("button", name="问客服").tap()
    sheet = phone.page.get_by_role("dialog", name="私聊客服")
    await sheet.get_by_role("radio", name="订单").tap()
    await sheet.get_by_role("list", name="选择要问的订单").get_by_role("button").first.tap()
    await sheet.get_by_label("写下你的问题").fill("瓶口碎了，能退吗？")
    await phone.keep("service-ask")
    await sheet.get_by_role("button", name="发送").tap()
    await expect(sheet.get_by_role("log").get_by_text("瓶口碎了，能退吗？")).to_be_visible()
    await expect(sheet.get_by_text("排队中")).to_be_visible()
    assert f"/live/{show_id}" in phone.page.url
    await expect(phone.page.get_by_text("在看")).to_be_visible()

    # It stands in the queue under its clock; one key takes it.
    queue = agent.page.get_by_role("list", name="会话队列")
    await expect(queue.get_by_text("瓶口碎了，能退吗？")).to_be_visible()
    await expect(agent.page.get_by_text("待接 1")).to_be_visible()
    await agent.page.keyboard.press("j")
    answer = agent.page.get_by_label("回复顾客")
    await answer.fill("收到，已为您准备好售后申请。")
    await answer.press("Enter")
    beside = agent.page.get_by_label("顾客资料", exact=True)
    await expect(beside.get_by_text(number)).to_be_visible()
    await agent.keep("service-desk")
    await beside.get_by_role("button", name="转售后").click()

    # A second agent sees whose it is, and cannot answer.
    second = await screen(size=DESK, staff=await house.staff(Role.OPERATOR))
    await second.page.goto(f"{house.site.url}/console/service?show={show_id}")
    await second.page.get_by_role("list", name="会话队列").get_by_role("button").first.click()
    await second.see("林service 正在接待，你可以看，不能回复。")
    await expect(second.page.get_by_label("回复顾客")).to_have_count(0)

    # The answer and the filled-in form come into the sheet; the room is still there.
    log = sheet.get_by_role("log")
    await expect(log.get_by_text("收到，已为您准备好售后申请。")).to_be_visible()
    await expect(log.get_by_text("售后申请，已填好")).to_be_visible()
    await phone.keep("service-form")
    async with phone.page.context.expect_page() as opened:
        await log.get_by_role("button", name="去提交").tap()
    form = await opened.value
    await form.get_by_role("button", name="提交申请").tap()
    await expect(log.get_by_text("售后申请已提交")).to_be_visible()
    await expect(agent.page.get_by_text("售后申请已提交")).to_be_visible()
    await form.close()


async def test_the_prompter_opens_on_a_second_screen_by_its_code_alone(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(pinned=SERUM)
    console = await screen(size=DESK, staff=await house.staff(Role.OPERATOR))
    await console.page.goto(f"{house.site.url}/console/shows/{show_id}/live")
    await console.page.get_by_role("button", name="在另一块屏上看提词器").click()
    await expect(console.page.get_by_role("img", name="在另一块屏上看提词器")).to_be_visible()
    await console.keep("prompter-code")
    link = await console.page.get_by_role("link", name="在新窗口打开").get_attribute("href")
    assert link

    tablet = await screen(size=(1024, 768))
    await tablet.page.goto(link)
    await expect(tablet.page.get_by_role("heading", name="下一段")).to_be_visible()
    await tablet.see(SERUM)
    await tablet.page.keyboard.press("+")
    await tablet.page.keyboard.press("m")
    await tablet.keep("prompter")
    await tablet.page.goto(link[:-6] + "AAAAAA")
    await tablet.see("这个链接不能用了")
