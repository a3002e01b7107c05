"""A room holds when what carries it breaks."""

import os
import signal
import time

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import CREAM, CUP, SERUM, House
from tests.journeys.screens import enter
from tests.system.running import Up

pytestmark = pytest.mark.anyio


async def test_a_phone_comes_back_by_itself_when_the_edge_dies_and_hears_the_next_pin(
    house: House, screen: OpenScreen, up: Up
) -> None:
    show_id = await house.show(pinned=SERUM)
    phone = await screen(shopper=await house.shopper("+8613900000011"))
    await enter(phone, house, show_id)
    pinned = phone.page.get_by_role("article", name="正在讲解的商品").get_by_role("heading")
    await expect(pinned).to_have_text(SERUM)
    pid = up.child("edge").pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    await phone.see("网络不稳，正在重新连接…")
    await phone.keep("reconnecting")
    await house.pin(show_id, CREAM)
    await expect(pinned).to_have_text(CREAM)
    await expect(phone.page.get_by_text("在看")).to_be_visible()
    await house.pin(show_id, CUP)
    await expect(pinned).to_have_text(CUP)
    await phone.say("我回来了")
    phone.forgive("WebSocket")


async def test_a_pin_is_on_every_phone_at_once(
    house: House, screen: OpenScreen, request: pytest.FixtureRequest
) -> None:
    show_id = await house.show()
    phones = [await screen(), await screen(size=(360, 640))]
    for phone in phones:
        await enter(phone, house, show_id)
    began = time.monotonic()
    await house.pin(show_id, CUP)
    for phone in phones:
        pinned = phone.page.get_by_role("article", name="正在讲解的商品")
        await expect(pinned.get_by_role("heading")).to_have_text(CUP, timeout=5000)
    request.node.user_properties.append(("pin_seconds", round(time.monotonic() - began, 2)))


async def test_a_room_that_does_not_exist_and_a_lost_page_say_so_and_lead_home(
    house: House, screen: OpenScreen
) -> None:
    phone = await screen()
    await phone.page.goto(f"{house.shop}/live/{house.merchant_id}")
    await phone.see("没有找到这场直播")
    await phone.page.goto(f"{house.shop}/nowhere/at/all")
    await phone.see("这个页面不存在")
    await phone.page.get_by_role("link", name="去首页看看").tap()
    await phone.see("还没有直播")
