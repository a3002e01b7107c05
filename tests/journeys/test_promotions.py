"""The operator's side of promotions: write, publish, watch, end, and drop a coupon in a room."""

from uuid import UUID

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import CUP, House
from tests.journeys.pages import bare_keys, grave_faults, overflow
from tests.journeys.screens import DESK, PHONE, Screen
from xinbo.commerce import promotions
from xinbo.commerce.promotions import PromotionKind
from xinbo.engines.tx import Actor, Role
from xinbo.kit.ids import new_id
from xinbo.live import stage

pytestmark = pytest.mark.anyio

LATER = "2030-01-01T00:00"


async def at_desk(  # noqa: PLR0913 - each has a meaning of its own
    screen: OpenScreen,
    house: House,
    path: str,
    *,
    role: Role = Role.OPERATOR,
    size: tuple[int, int] = DESK,
    language: str = "zh-CN",
) -> Screen:
    desk = await screen(size=size, language=language, staff=await house.staff(role))
    await desk.page.goto(f"{house.site.url}/console{path}")
    return desk


async def test_a_full_reduction_is_refused_in_its_place_and_then_runs(
    house: House, screen: OpenScreen
) -> None:
    """#7: what could make a total wrong is refused where it is typed."""
    desk = await at_desk(screen, house, "/promotions")
    await desk.see("还没有活动")
    await desk.keep("promotions-empty")
    await desk.button("新建活动").first.click()
    await desk.keep("promotions-kinds")
    await desk.page.get_by_role("link", name="满减满折").click()
    await desk.page.get_by_label("活动名称").fill("双 11 满减")
    await desk.page.get_by_label("结束", exact=True).fill(LATER)
    await desk.page.get_by_label("满（元）").fill("300")
    await desk.page.get_by_label("减（元）", exact=True).fill("300")
    await desk.button("发布").click()
    await desk.see("要小于门槛 ¥300.00")
    await desk.keep("promotions-refused")
    await desk.page.get_by_label("减（元）", exact=True).fill("50")
    await desk.see("满 ¥300.00 减 ¥50.00")
    await desk.button("发布").click()
    await desk.see("已发布")
    await expect(desk.page.get_by_text("进行中", exact=True).first).to_be_visible()
    await desk.keep("promotions-running")
    async with house.tx() as tx:
        (rule,) = await promotions.rules(tx, None)
        assert (rule.name, rule.tiers[0].off) == ("双 11 满减", 5_000)
    await desk.button("立即结束").click()
    await desk.page.get_by_role("alertdialog").get_by_role("button", name="立即结束").click()
    await desk.see("由员工提前结束。")
    async with house.tx() as tx:
        assert await promotions.rules(tx, None) == []


async def test_a_coupon_is_written_claimed_and_counted(house: House, screen: OpenScreen) -> None:
    desk = await at_desk(screen, house, "/promotions/new/coupon")
    await desk.page.get_by_label("活动名称").fill("新客券")
    await desk.page.get_by_label("领取截止").fill(LATER)
    await desk.page.get_by_label("满（元）").fill("50")
    await desk.page.get_by_label("减（元）", exact=True).fill("10")
    await desk.page.get_by_label("谁可以领").select_option("新客（从未付款）")
    await desk.button("存草稿").click()
    await desk.see("已保存")
    await desk.button("发布").click()
    await desk.see("已领 / 总量")
    async with house.tx() as tx:
        (offer,) = (await promotions.claimable(tx, None, None, 5)).items
        await promotions.claim(tx, new_id(), offer.id, None, "claim-one")
    await desk.page.reload()
    await desk.see("1 / 100")
    await desk.keep("promotions-coupon")


async def test_a_flash_sale_takes_goods_and_can_be_given_more(
    house: House, screen: OpenScreen
) -> None:
    """#1: what a flash sale promises is set aside, and never more than the shop has."""
    desk = await at_desk(screen, house, "/promotions/new/flash_sale")
    await desk.page.get_by_label("活动名称").fill("整点秒杀")
    await desk.page.get_by_label("结束", exact=True).fill(LATER)
    await desk.button("添加商品").click()
    await desk.page.get_by_role("checkbox", name=CUP).check()
    await desk.button("添加 1 件").click()
    await desk.page.get_by_label("秒杀价").fill("49.9")
    await desk.page.get_by_label("活动库存").fill("5000")
    await desk.button("发布").click()
    await desk.see("库存只剩 900 件")
    await desk.page.get_by_label("活动库存").fill("20")
    await desk.button("发布").click()
    await desk.see("还剩 20 / 20 件")
    await desk.page.get_by_label("增加").fill("5")
    await desk.button("加库存").click()
    await desk.see("还剩 25 / 25 件")
    await desk.keep("promotions-flash-sale")


async def test_a_coupon_dropped_in_a_room_can_be_claimed_there(
    house: House, screen: OpenScreen
) -> None:
    show_id = await house.show()
    desk = await at_desk(screen, house, f"/shows/{show_id}/live")
    await desk.page.get_by_role("tab", name="促销").click()
    await desk.button("发券").click()
    await expect(desk.page.get_by_label("减（元）", exact=True)).to_have_value("5")
    await desk.keep("promotions-drop")
    await desk.button("发出").click()
    await desk.see("已发券「手速券」")
    (drop,) = (await standing(house, show_id)).drops
    assert (drop.off, drop.threshold, drop.left) == (500, 5_000, 100)
    token = await house.shopper("+8613800000077")
    phone = await screen(shopper=token)
    claimed = await phone.page.request.post(
        f"{house.site.url}/api/v1/shows/{show_id}/drops/{drop.id}/claim",
        headers={"X-Requested-With": "x", "X-Merchant": house.slug, "Idempotency-Key": "claim-one"},
    )
    assert claimed.status == 200, await claimed.text()
    assert (await claimed.json())["state"] == "unused"
    assert (await standing(house, show_id)).drops[0].left == 99


async def standing(house: House, show_id: UUID) -> stage.StageView:
    async with house.tx() as tx:
        return await stage.snapshot(tx, show_id)


async def test_points_and_levels_are_set_and_a_host_only_looks(
    house: House, screen: OpenScreen
) -> None:
    desk = await at_desk(screen, house, "/promotions/members")
    await desk.page.get_by_label("每消费 1 元得几分").fill("2")
    await desk.page.get_by_label("累计积分达到").nth(1).fill("0")
    await desk.see("门槛从 0 开始一级比一级高")
    await desk.page.get_by_label("累计积分达到").nth(1).fill("500")
    await desk.button("保存").click()
    await desk.see("已保存")
    await desk.keep("promotions-club")
    host = await at_desk(screen, house, "/promotions/members", role=Role.HOST)
    await expect(host.page.get_by_label("每消费 1 元得几分")).to_have_value("2")
    await expect(host.button("保存")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_every_page_of_promotions_fits_its_screen_and_shuts_nobody_out(
    house: House, screen: OpenScreen, size: tuple[int, int], language: str
) -> None:
    owner = Actor(house.merchant_id, Role.OWNER, new_id())
    show_id = await house.show()
    async with house.tx(owner) as tx:
        quick = promotions.DropCoupon(
            minutes=30, name="手速券", off=1_000, threshold=9_900, total=50
        )
        await stage.drop(tx, show_id, quick, "drop-one")
        (template,) = (await promotions.page_of(tx, None, 5)).items
    desk = await at_desk(screen, house, "/promotions", size=size, language=language)
    pages = {
        "list": "/promotions",
        "coupon": f"/promotions/{template.id}",
        "club": "/promotions/members",
    } | {f"new-{kind.replace('_', '-')}": f"/promotions/new/{kind}" for kind in PromotionKind}
    faults: list[str] = []
    for name, path in pages.items():
        await desk.page.goto(f"{house.site.url}/console{path}")
        await expect(desk.page.get_by_role("heading", level=1)).to_be_visible()
        await desk.page.wait_for_load_state("networkidle")
        assert await overflow(desk.page) <= 0, path
        faults += [f"{name}: {fault}" for fault in await grave_faults(desk.page)]
        faults += [f"{name}: {key}" for key in await bare_keys(desk.page)]
        picture = f"test-results/promotions-{name}-{size[0]}-{language[:2]}.png"
        await desk.page.screenshot(path=picture, full_page=True)
    assert faults == []
