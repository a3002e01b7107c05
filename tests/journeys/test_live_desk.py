"""The live console without a mouse, and two people at it at once."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import CREAM, CUP, SERUM, House
from tests.journeys.screens import DESK, enter
from xinbo.engines.tx import Role
from xinbo.live import stage

pytestmark = pytest.mark.anyio


def row(page: Page, title: str):  # noqa: ANN201 - a Locator
    """Find a product's line on the shelf."""
    return page.get_by_role("region", name="货架").get_by_role("row").filter(has_text=title)


async def test_the_shelf_and_the_notices_are_run_by_keys_alone_and_phones_follow(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show()
    desk = await screen(size=DESK, staff=await house.staff(Role.OPERATOR))
    await desk.page.goto(f"{house.site.url}/console/shows/{show_id}/live")
    phone = await screen()
    await enter(phone, house, show_id)
    pinned = phone.page.get_by_role("article", name="正在讲解的商品").get_by_role("heading")
    press = desk.page.keyboard.press

    await expect(row(desk.page, SERUM)).to_be_visible()
    await press("2")
    await expect(pinned).to_have_text(CREAM)
    await press("e")
    await expect(row(desk.page, CREAM)).to_contain_text("讲解中")

    await row(desk.page, CUP).focus()
    await press("Alt+ArrowUp")
    await expect(
        desk.page.get_by_role("region", name="货架").locator("tbody tr").nth(1)
    ).to_contain_text(CUP)
    await row(desk.page, CUP).focus()
    await press("x")
    await press("Tab")
    await desk.page.get_by_role("alertdialog").get_by_role("button", name="标为售罄").press("Enter")
    await expect(row(desk.page, CUP)).to_contain_text("售罄")

    await desk.page.locator("body").press("a")
    await desk.page.get_by_label("内容").fill("五分钟后抽奖，先关注不迷路")
    await desk.button("发给所有观众").press("Enter")
    await phone.see("五分钟后抽奖，先关注不迷路")

    await desk.page.locator("body").press("h")
    timeline = desk.page.get_by_role("region", name="直播记录").first
    for said in (
        f"置顶「{CREAM}」",
        f"开始讲解「{CREAM}」",
        f"「{CUP}」标为售罄",
        "公告：五分钟后抽奖",
    ):
        await expect(timeline).to_contain_text(said)
    await desk.keep("live-desk-keys")
    await phone.keep("live-phone-notice")


async def test_two_operators_see_who_did_what_and_who_was_first(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show()
    desks = [
        await screen(size=DESK, staff=await house.staff(role))
        for role in (Role.OPERATOR, Role.OWNER)
    ]
    for desk in desks:
        await desk.page.goto(f"{house.site.url}/console/shows/{show_id}/live")
        await expect(row(desk.page, SERUM)).to_be_visible()
        await desk.see("直播间已连接")
    one, two = desks

    await one.page.keyboard.press("1")
    await two.see(f"林operator置顶了「{SERUM}」")
    await expect(row(two.page, SERUM)).to_contain_text("置顶")

    # The second desk looks at an older stage: as if the news of the first had not come yet.
    await two.page.route(
        "**/stage/pin", lambda route: route.continue_(post_data='{"productId": null, "seen": 0}')
    )
    await two.page.keyboard.press("2")
    await two.see("林operator刚刚先动了手")
    await two.keep("live-desk-second")


async def test_a_text_room_goes_on_without_pictures_and_says_so(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show(pinned=SERUM)
    phone = await screen(shopper=await house.shopper("+8613900000077"))
    await enter(phone, house, show_id)
    async with house.tx() as tx:
        await stage.set_text_room(tx, show_id, on=True)
    await phone.see("现在是文字直播间")
    await phone.say("没有画面也能买吗")
    await phone.keep("text-room")
