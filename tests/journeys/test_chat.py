"""Chat is kept in order in the open: who is held, muted or left out is told, and may appeal."""

from uuid import UUID

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import House
from tests.journeys.screens import DESK, Screen, enter
from xinbo.engines.tx import Role
from xinbo.live import chat
from xinbo.live.chat import PutWord, WordAction

pytestmark = pytest.mark.anyio
FIELD = "说点什么…"


async def listed(house: House) -> None:
    """List a word that is refused and one that is held."""
    async with house.tx() as tx:
        await chat.put_words(
            tx,
            [
                PutWord(text="赌博网站", action=WordAction.REFUSE),
                PutWord(text="返利", action=WordAction.HOLD),
            ],
        )


async def write(phone: Screen, text: str) -> None:
    """Write into the field and send."""
    line = phone.page.get_by_label(FIELD)
    await line.fill(text)
    await line.press("Enter")


async def at_the_console(house: House, screen: OpenScreen, show_id: UUID) -> Screen:
    desk = await screen(size=DESK, staff=await house.staff(Role.OWNER))
    await desk.page.goto(f"{house.site.url}/console/shows/{show_id}/live")
    await expect(desk.page.get_by_role("log", name="弹幕")).to_be_visible()
    return desk


async def test_a_word_is_caught_in_disguise_held_ones_wait_and_a_mute_can_be_appealed(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show()
    await listed(house)
    author = await screen(shopper=await house.shopper("+8613900000071"))
    other = await screen(shopper=await house.shopper("+8613900000072"))
    for phone in (author, other):
        await enter(phone, house, show_id)
    desk = await at_the_console(house, screen, show_id)
    talk = desk.page.get_by_role("region", name="弹幕")

    await write(author, "堵 博 网 站")
    await author.see("这条消息没有发出")
    await expect(author.page.get_by_label(FIELD)).to_have_value("堵 博 网 站")
    await write(author, "有返-利吗")
    await author.see("等待审核，只有你看得到")
    await expect(other.page.get_by_text("有返-利吗")).to_have_count(0)
    await author.keep("chat-held-phone")

    await talk.get_by_role("button", name="待审 1").click()
    await desk.see("有返-利吗")
    await desk.keep("chat-held-console")
    await talk.get_by_role("button", name="放行", exact=True).click()
    await expect(other.page.get_by_role("log").get_by_text("有返-利吗")).to_be_visible()
    await talk.get_by_role("button", name="聊天", exact=True).click()

    await talk.get_by_role("log").get_by_text("有返-利吗").click()
    await talk.get_by_role("button", name="禁言").click()
    await desk.page.get_by_label("给对方的话").fill("请不要引流")
    await desk.page.get_by_role("dialog").get_by_role("button", name="禁言").click()
    await author.page.get_by_role("button", name="你暂时不能发言").tap()
    await author.see("请不要引流")
    await author.page.get_by_role("button", name="申诉", exact=True).first.tap()
    await author.page.get_by_label("说说为什么").fill("我是在问会员返利")
    await author.page.get_by_role("button", name="提交申诉").tap()
    await author.see("等待工作人员回复")
    await author.keep("chat-standing-phone")

    await desk.page.goto(f"{house.site.url}/console/moderation?tab=appeals")
    await desk.see("我是在问会员返利")
    await desk.page.get_by_label("答复（对方会看到）").fill("不好意思，已恢复")
    await desk.keep("chat-appeals-console")
    await desk.page.get_by_role("button", name="撤销处理").click()
    await author.see("不好意思，已恢复")
    await author.page.get_by_role("button", name="关闭").tap()
    await expect(author.page.get_by_label(FIELD)).to_be_visible()


async def test_comments_fly_as_many_as_one_wants_and_slow_mode_counts_down(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show()
    phone = await screen(shopper=await house.shopper("+8613900000073"))
    await enter(phone, house, show_id)
    await phone.say("弹幕来了")
    flying = phone.page.locator("[data-danmaku]")
    await expect(flying.get_by_text("弹幕来了")).to_have_count(1)
    await phone.page.get_by_role("button", name="直播间菜单").tap()
    await phone.page.get_by_text("关", exact=True).tap()
    await phone.keep("chat-danmaku-switch")
    await phone.page.get_by_role("button", name="关闭").tap()
    await expect(flying).to_have_count(0)
    await phone.page.reload()
    await expect(phone.page.get_by_text("在看")).to_be_visible()
    await expect(flying).to_have_count(0)

    async with house.tx() as tx:
        await chat.set_rules(tx, show_id, chat.PutChatRules(slow_seconds=60, hold_all=False))
    await expect(phone.page.get_by_placeholder("慢速模式：每 60 秒一条")).to_be_visible()
    other = await screen(shopper=await house.shopper("+8613900000074"))
    await enter(other, house, show_id)
    await other.say("我先说一句")
    await expect(other.page.get_by_role("timer")).to_be_visible()
    await other.keep("chat-slow-phone")
