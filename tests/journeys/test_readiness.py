"""A show with a run-of-show is blocked, says why, is mended and goes live; a playbook by keys."""

from uuid import UUID

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import SERUM, House
from tests.journeys.pages import grave_faults
from tests.journeys.screens import DESK, PHONE, Screen, enter
from xinbo.engines.tx import Role
from xinbo.live import shows
from xinbo.live.shows import (
    Claim,
    CueKind,
    LineUpRole,
    PutCue,
    PutCues,
    PutLineUp,
    PutLineUpItem,
    PutLineUpSku,
)

pytestmark = pytest.mark.anyio


async def planned(house: House) -> UUID:
    """Plan a show with a hero that nobody prepared for and a claim that nothing proves."""
    show_id = await house.show(live=False)
    async with house.tx() as tx:
        plan = await shows.plan(tx, show_id)
        items = [
            PutLineUpItem(
                product_id=item.product_id,
                talking_points=item.talking_points,
                skus=[PutLineUpSku(sku.sku_id, sku.price, sku.stock) for sku in item.skus],
                role=LineUpRole.HERO if item.position == 0 else None,
            )
            for item in plan.line_up
        ]
        plan = await shows.put_line_up(tx, show_id, PutLineUp(items=items, version=plan.version))
        told = PutCue(
            CueKind.PRODUCT,
            "讲解 · 精华",
            15,
            plan.line_up[0].product_id,
            "",
            claims=[Claim("28 天淡纹")],
            target_units=60,
        )
        await shows.put_cues(tx, show_id, PutCues(cues=[told], version=plan.version))
    return show_id


async def tries_the_kit(desk: Screen) -> None:
    await desk.button("开始测试").click()
    ask = desk.page.get_by_role("dialog")
    await expect(ask.get_by_text("看看画面是不是你")).to_be_visible()
    await expect(ask.get_by_label("摄像头画面")).to_be_visible()
    await desk.keep("readiness-kit-camera")
    await ask.get_by_role("button", name="下一步").click()
    await expect(ask.get_by_role("meter", name="麦克风音量")).to_be_visible()
    await expect(ask.get_by_text("现在请说几句话")).to_be_visible()
    await expect(ask.get_by_text("听到了")).to_be_visible()
    await desk.keep("readiness-kit-microphone")
    for part in ("摄像头", "麦克风", "上行速度", "网络稳定", "屏幕"):
        await expect(ask.get_by_role("listitem").filter(has_text=part)).to_be_visible()
    await expect(ask.get_by_text("没有结果")).to_have_count(0)
    await desk.keep("readiness-kit-result")
    await ask.get_by_role("button", name="关闭").last.click()
    await expect(desk.page.get_by_role("region", name="设备测试")).to_contain_text("林owner")


async def test_a_show_that_is_not_ready_says_why_is_mended_and_goes_live(
    house: House, screen: OpenScreen
) -> None:
    show_id = await planned(house)
    desk = await screen(size=DESK, staff=await house.staff(Role.OWNER))
    await desk.page.goto(f"{house.site.url}/console/shows/{show_id}/live")
    await expect(desk.button("开播 L")).to_be_visible()
    await desk.page.keyboard.press("l")
    ask = desk.page.get_by_role("dialog")
    await expect(ask).to_contain_text("先解决这 3 项，再开播")
    await expect(ask).to_contain_text("「讲解 · 精华」里有 1 句没有依据：28 天淡纹")
    await expect(ask.get_by_role("button", name="开播", exact=True)).to_be_disabled()
    await desk.keep("readiness-blocked")
    await ask.get_by_role("link", name="看全部检查").click()
    await desk.see("还不能开播：3 项没过")
    assert await grave_faults(desk.page) == []
    await tries_the_kit(desk)
    listed = desk.page.get_by_role("region", name="设备与技术清单")
    mine = listed.get_by_role("listitem").filter(has_text="主播").get_by_role("checkbox")
    for at in range(await mine.count()):  # the fake microphone may not have passed
        await mine.nth(at).click()
        await expect(mine.nth(at)).to_be_checked()

    await desk.page.get_by_role("link", name="写对策").first.click()
    await desk.see("还没有风险")
    await desk.button("补上常见风险").click()
    await desk.see("主推商品都有对策。")
    await expect(desk.button("可能性 3，影响 5，极高：1 项")).to_be_visible()
    await desk.page.wait_for_timeout(300)
    await desk.keep("contingency")
    assert await grave_faults(desk.page) == []

    await desk.page.get_by_role("link", name="开播检查").first.click()
    await desk.see("还不能开播：1 项没过")
    await desk.button("放行").click()
    ask = desk.page.get_by_role("dialog")
    await ask.get_by_label("理由").fill("报告今晚到，先不讲这一句")
    await ask.get_by_role("button", name="放行").click()
    await desk.see("放行：报告今晚到，先不讲这一句")
    await expect(desk.page.get_by_role("heading", name="可以开播")).to_be_visible()
    await desk.keep("readiness-ready")
    await desk.page.get_by_role("link", name="中控台").first.click()
    await desk.page.keyboard.press("l")
    await desk.page.get_by_role("dialog").get_by_role("button", name="开播", exact=True).click()
    await expect(desk.button("下播 L")).to_be_visible()

    phone = await screen(shopper=await house.shopper("+8613900000031"))
    await enter(phone, house, show_id)
    await runs_a_playbook_by_keys(desk, phone)
    small = await screen(size=PHONE, staff=await house.staff(Role.OPERATOR), language="en")
    for page in ("readiness", "contingency"):
        await small.page.goto(f"{house.site.url}/console/shows/{show_id}/{page}")
        await small.see("Playbooks" if page == "contingency" else "Ready to go live")
        await small.page.wait_for_timeout(500)
        await small.keep(f"{page}-phone")
        await small.page.screenshot(path=f"test-results/{page}-phone-whole.png", full_page=True)


async def runs_a_playbook_by_keys(desk: Screen, phone: Screen) -> None:
    await desk.page.get_by_role("row").filter(has_text=SERUM).get_by_role("button").first.click()
    await expect(desk.page.get_by_role("region", name="突发情况")).to_contain_text("一切正常")
    await desk.page.keyboard.press("i")
    sheet = desk.page.get_by_role("dialog")
    await expect(sheet.get_by_role("button", name="价格错误")).to_be_enabled()
    await desk.keep("incident-playbooks")
    await desk.page.keyboard.press("3")
    now = sheet.locator("[aria-current=step]")
    await expect(now).to_contain_text("主播立刻停讲价格和优惠")
    for said in ("货品改正场内价格", "第二个人核对", "发布价格更正"):
        await desk.page.keyboard.press("Enter")
        await expect(now).to_contain_text(said)
    await now.get_by_label("告诉观众").fill("精华是 ¥135.20，不是 ¥13.52，请以商品卡为准。")
    await desk.keep("incident-steps")
    await now.get_by_role("button", name="执行").click()
    await phone.see("精华是 ¥135.20，不是 ¥13.52")
    await expect(now).to_contain_text("主播口头更正一遍")
    await sheet.locator("h2").click()
    await desk.page.keyboard.press("s")
    await expect(sheet.get_by_text("已跳过")).to_be_visible()
    await sheet.get_by_role("button", name="结束", exact=True).click()
    await sheet.get_by_role("button", name="绕过去了").click()
    await expect(sheet.get_by_text("已结束")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("h")
    history = desk.page.get_by_role("region", name="直播记录").last
    await expect(history).to_contain_text("发生：价格错误")
    await expect(history).to_contain_text("预案第 4 步：发布价格更正，所有人可见")
    await expect(history).to_contain_text("「价格错误」绕过去了")
    await desk.keep("incident-timeline")
