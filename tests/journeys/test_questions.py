"""Three phones ask the same; the console shows one question, and its answer reaches them."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import SERUM, House
from tests.journeys.screens import DESK, enter
from xinbo.engines.tx import Role
from xinbo.live import shows

pytestmark = pytest.mark.anyio

ASKED = ("敏感肌能用吗", "敏感肌可以用吗", "主播敏感肌能不能用呀")
ANSWER = "敏感肌可以用，先在耳后试一下"


async def test_three_phones_ask_the_same_and_read_the_answer_and_the_rest_is_followed_up(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(pinned=SERUM)
    token = await house.staff(Role.OPERATOR)
    desk = await screen(size=DESK, staff=token)
    await desk.page.goto(f"{house.site.url}/console/shows/{show_id}/live")
    phones = [
        await screen(shopper=await house.shopper(f"+86139000077{n:02}")) for n in range(len(ASKED))
    ]
    await asyncio.gather(*(enter(phone, house, show_id) for phone in phones))
    await asyncio.gather(*(phone.say(words) for phone, words in zip(phones, ASKED, strict=True)))

    await desk.page.get_by_role("tab", name="观众提问").click()
    queue = desk.page.get_by_role("listbox", name="观众提问")
    question = queue.get_by_role("option")
    await expect(question).to_have_count(1)
    await expect(question).to_contain_text("3 人在问")
    await expect(question).to_contain_text(SERUM)
    await desk.keep("questions-console")

    await queue.focus()
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_text("正在回答", exact=True)).to_be_visible()
    await desk.page.keyboard.press("r")
    await expect(question).to_have_count(1)
    await queue.focus()
    await desk.page.keyboard.press("t")
    field = desk.page.get_by_role("dialog").get_by_label("回答", exact=True)
    await field.fill(ANSWER)
    await field.press("Enter")
    await expect(question).to_have_count(0)

    phone = phones[0]
    await phone.see("你的问题有回答了")
    await phone.page.get_by_role("button", name="问主播").tap()
    await phone.see(ANSWER)
    await phone.keep("questions-phone")
    await phone.page.get_by_label("想问什么").fill("可以送人吗")
    await phone.button("提问").tap()
    await phone.see("等待回答")
    await expect(question).to_contain_text("可以送人吗")

    async with house.tx() as tx:
        await shows.end(tx, show_id)
    await desk.page.goto(f"{house.site.url}/console/shows/{show_id}/questions")
    await desk.see("可以送人吗")
    await desk.page.get_by_label("备注").fill("问过仓库")
    await desk.keep("questions-follow-up")
    await desk.button("完成").click()
    await desk.see("没有待跟进的问题")
    await desk.page.get_by_role("tab", name="已完成").click()
    await desk.see("可以送人吗")
    await expect(desk.page.get_by_label("备注")).to_have_value("问过仓库")
