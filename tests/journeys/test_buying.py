"""From the pinned card to a paid order, on a phone."""

import pytest
from playwright.async_api import expect
from tests.journeys.conftest import OpenScreen
from tests.journeys.house import CREAM, SERUM, House
from tests.journeys.screens import enter

pytestmark = pytest.mark.anyio


async def test_a_room_without_video_says_so_and_chat_and_buying_work(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(pinned=SERUM)
    phone = await screen(shopper=await house.shopper("+8613900000001"))
    await enter(phone, house, show_id)
    await phone.see("暂无画面，聊天和下单照常")
    await phone.page.get_by_label("说点什么…").fill("有小样吗")
    await phone.page.get_by_label("说点什么…").press("Enter")
    await expect(phone.page.get_by_role("log").get_by_text("有小样吗")).to_be_visible()
    await phone.tap(phone.button("抢购"))
    await phone.tap(phone.button("50 mL"))
    await phone.tap(phone.page.get_by_role("button", name="立即购买"))
    await phone.tap(phone.button("确认支付"))
    await phone.see("已支付")
    assert phone.taps == 4
    await phone.keep("text-room-paid")
