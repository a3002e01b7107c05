"""A two-hour show from the template, rehearsed in two minutes before 1,000 simulated viewers.

Every cue fires, a game of each kind runs, an incident of each kind is handled by keys, and the
timeline shows it all. Nobody is charged.
"""

import asyncio
import os
from uuid import UUID

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import text

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import ASSETS, House
from tests.journeys.screens import DESK, PHONE, Screen, eventually
from xinbo.commerce import catalog, inventory
from xinbo.commerce.catalog import Product, ProductStatus, PutProduct, PutSku
from xinbo.engines.tx import Role, Tx
from xinbo.kit.ids import new_id
from xinbo.live import games, rehearsals, shows
from xinbo.live.games import (
    CheckIn,
    GameQuestion,
    Guess,
    Poll,
    Prize,
    PrizeKind,
    PutGame,
    Quiz,
    Rain,
)
from xinbo.live.rehearsals import Drill, DrillKind, DrillState, RehearsalReport, RehearsalState
from xinbo.live.shows import PutLineUp, PutLineUpItem, PutLineUpSku, PutShow

pytestmark = pytest.mark.anyio

VIEWERS = int(os.environ.get("XINBO_REHEARSED_BY", "1000"))
HEROES = ("舒缓精华", "修护面霜", "氨基酸洁面", "轻薄防晒", "白茶面膜")
DRILLS = (
    (DrillKind.HOSTILE_CHAT, "恶意刷屏", 12),
    (DrillKind.STOCK_OUT, "断货", 30),
    (DrillKind.WRONG_PRICE, "标错价", 50),
    (DrillKind.HOST_ABSENT, "主播离席", 70),
    (DrillKind.STREAM_DOWN, "断流", 90),
)
PLAYBOOK = ("stream_down", "stock_out", "wrong_price", "host_absent", "hostile_chat")
"""The playbooks of the house in the order of their keys: 1, 2, …"""
TITLES = ("画面中断", "主推商品卖完", "价格错误", "主播不能上场", "恶意弹幕")

NOTHING_REAL = ("order", "payment", "coupon", "stock_movement", "reservation", "point_move")


async def test_a_two_hour_show_runs_through_in_two_minutes_and_every_incident_is_handled(
    house: House, screen: OpenScreen
) -> None:
    show_id = await five_heroes(house)
    owner = await house.staff(Role.OWNER)
    desk = await screen(size=DESK, staff=owner)
    page = desk.page
    await plan_from_template(desk, house, show_id)
    before = await counted(house)

    await page.get_by_role("link", name="彩排", exact=True).click()
    await page.get_by_label("人数").fill(str(VIEWERS))
    await page.get_by_label("什么样的观众").select_option("rush")
    await page.get_by_label("快慢").select_option("60")
    await page.get_by_role("switch", name="环节自动推进").click()
    for _, name, minute in DRILLS:
        line = page.get_by_role("listitem").filter(has_text=name)
        await line.get_by_role("checkbox").check()
        await line.get_by_label("第几分钟").fill(str(minute))
    await desk.keep("rehearsal-set-up")
    await desk.button("开始彩排").click()

    bar = page.get_by_role("region", name="彩排", exact=True)
    await expect(bar).to_contain_text("/ 2:00:00")
    await every_other_game(house, show_id)
    for kind, _, _ in DRILLS:
        await handle(desk, house, show_id, kind)
    await expect(bar).to_contain_text("演练 5 / 5")
    await desk.keep("rehearsal-console")

    async def over() -> bool:
        return (await report_of(house, show_id)).rehearsal.state is RehearsalState.ENDED

    await eventually(over, 120_000)
    report = await report_of(house, show_id)
    assert [cue.by_autopilot for cue in report.cues] == [True] * 19
    assert all(cue.started_minute is not None for cue in report.cues)
    assert sorted(game.kind for game in report.games) == sorted([*games.GameKind, "lottery"])
    assert all(game.ended_minute is not None for game in report.games)
    assert all(game.entries > 0 for game in report.games if game.kind == "lottery")
    assert {drill.kind: drill.state for drill in report.drills} == dict.fromkeys(
        DrillKind, DrillState.HANDLED
    )
    figures = report.rehearsal.figures
    assert figures.peak >= VIEWERS * 0.95
    assert min(figures.messages, figures.likes, figures.purchases, figures.entries) > 0
    assert report.rehearsal.score is not None
    assert await counted(house) == before

    await timeline_shows(page, house, show_id)
    await report_shows(desk, house, show_id, report)
    phone = await screen(size=PHONE, staff=owner, language="en")
    await phone.page.goto(f"{house.site.url}/console/shows/{show_id}/rehearsal")
    await phone.see("Score")
    await expect(phone.page.get_by_text("Host absent").first).to_be_visible()
    await phone.keep("rehearsal-phone")


async def every_other_game(house: House, show_id: UUID) -> None:
    """Start what the template does not hold: its cues start the two lotteries."""
    prize = Prize(kind=PrizeKind.POINTS, name="100 积分", value=100, count=3, points=100)
    question = GameQuestion(text="一天用几次?", options=["一次", "两次"], right=1)
    plays = (
        Rain(packets=200, per_person=3, points=2_000),
        Poll("下一场想看什么?", ["护手", "防晒"]),
        Quiz([question], [prize]),
        Guess("直播价是多少?", 9_900, [prize]),
        CheckIn(points=5),
    )
    async with house.tx() as tx:
        for play in plays:
            game = await games.add(tx, show_id, PutGame(title="彩排", seconds=20, play=play))
            await games.start(tx, game.id)


async def handle(desk: Screen, house: House, show_id: UUID, kind: DrillKind) -> None:
    """Notice what goes wrong, start its playbook with one key, tick it through, close it."""
    page = desk.page

    async def began() -> bool:
        drill = await drill_of(house, show_id, kind)
        return drill.state is DrillState.RUNNING

    await eventually(began, 120_000)
    await page.keyboard.press("Escape")
    await page.keyboard.press("i")
    sheet = page.get_by_role("dialog")
    await expect(sheet.locator("ol button").first).to_be_focused()
    running = sheet.locator("button.running").filter(has_text=TITLES[PLAYBOOK.index(kind.value)])
    if await running.count():  # it took so long that the alarm came first
        await running.focus()
        await page.keyboard.press("Enter")
    else:
        await page.keyboard.press(str(PLAYBOOK.index(kind.value) + 1))
    left = sheet.locator("[aria-current=step]")
    await expect(left).to_be_visible()
    while now := await left.all_inner_texts():
        await page.keyboard.press("Enter")
        if not await moved_on(page, now):
            await page.keyboard.press("s")
            assert await moved_on(page, now), now
    await sheet.get_by_role("button", name="结束", exact=True).focus()
    await page.keyboard.press("Enter")
    await sheet.get_by_role("button", name="已解决").focus()
    await page.keyboard.press("Enter")

    async def handled() -> bool:
        return (await drill_of(house, show_id, kind)).state is DrillState.HANDLED

    await eventually(handled)
    await page.keyboard.press("Escape")


async def moved_on(page: Page, now: list[str]) -> bool:
    """Say whether the step to do is another one soon."""
    left = page.get_by_role("dialog").locator("[aria-current=step]")
    for _ in range(40):
        await asyncio.sleep(0.1)
        if await left.all_inner_texts() != now:
            return True
    return False


async def timeline_shows(page: Page, house: House, show_id: UUID) -> None:
    """Read in the console's timeline what happened."""
    await page.goto(f"{house.site.url}/console/shows/{show_id}/live")
    tab = page.get_by_role("tab", name="直播记录")
    await expect(tab).to_be_visible()
    await page.keyboard.press("h")
    await expect(tab).to_have_attribute("aria-selected", "true")
    timeline = page.get_by_role("region", name="直播记录").last
    await expect(timeline.get_by_role("listitem").first).to_be_visible()
    more = timeline.get_by_role("button", name="更早的")
    while await more.count():
        await more.click()
        await asyncio.sleep(0.3)
    async with house.tx() as tx:
        cues = await shows.cues(tx, show_id)
    for place, cue in enumerate(cues, start=1):
        await expect(
            timeline.get_by_text(f"环节 {place}「{cue.title}」开始").first
        ).to_be_attached()
    for _, name, _ in DRILLS:
        await expect(timeline.get_by_text(f"演练开始：{name}").first).to_be_attached()
    await expect(timeline.get_by_text("演练已处理").first).to_be_attached()
    await expect(timeline.get_by_text("彩排结束").first).to_be_attached()


async def report_shows(desk: Screen, house: House, show_id: UUID, report: RehearsalReport) -> None:
    """Read the report page."""
    page = desk.page
    await page.goto(f"{house.site.url}/console/shows/{show_id}/rehearsal")
    panel = page.get_by_role("region", name="彩排报告")
    await expect(panel.get_by_label("得分")).to_contain_text(str(report.rehearsal.score))
    await expect(panel.get_by_role("row").filter(has_text="已处理")).to_have_count(5)
    await panel.get_by_role("button", name="看表格").click()
    await expect(panel.get_by_role("row").filter(has_text="实际")).to_have_count(19)
    await expect(panel.get_by_role("row").filter(has_text="游戏")).to_have_count(7)
    await panel.get_by_role("button", name="看图").click()
    await desk.keep("rehearsal-report")


async def plan_from_template(desk: Screen, house: House, show_id: UUID) -> None:
    """Apply the two-hour beauty show to the goods, at the console."""
    page = desk.page
    await page.goto(f"{house.site.url}/console/shows/{show_id}/run")
    await desk.button("模板").first.click()
    await desk.button("选用「两小时美妆专场」").click()
    await expect(page.get_by_label("主推 5")).not_to_have_value("")
    await page.get_by_role("button", name="套用").last.click()
    await expect(page.get_by_role("group", name="流程时间线").get_by_role("button")).to_have_count(
        19
    )


async def five_heroes(house: House) -> UUID:
    """Put five products on sale and plan a show that sells them."""
    async with house.tx() as tx:
        products = [await hero(tx, title) for title in HEROES]
        plan = await shows.add(
            tx,
            PutShow(
                title="双十一美妆专场",
                summary="",
                cover_url=None,
                host_name="苏木",
                host_avatar_url=None,
                starts_at=None,
                planned_minutes=120,
                version=None,
            ),
        )
        items = [
            PutLineUpItem(
                product_id=each.id,
                talking_points="先讲质地，再讲用法。",
                skus=[PutLineUpSku(sku_id=sku.id, price=9_900, stock=200) for sku in each.skus],
            )
            for each in products
        ]
        command = PutLineUp(items=items, version=plan.version)
        await shows.put_line_up(tx, plan.show.id, command)
    return plan.show.id


async def hero(tx: Tx, title: str) -> Product:
    product = await catalog.add(
        tx,
        PutProduct(
            handle=None,
            title=title,
            subtitle="",
            description="",
            unit="瓶",
            status=ProductStatus.ACTIVE,
            option_names=[],
            skus=[PutSku(id=None, code=f"SKU-{new_id()}", options=[], price=12_900, barcode="")],
        ),
    )
    await inventory.set_on_hand_many(tx, {sku.id: 500 for sku in product.skus})
    await catalog.add_picture(tx, product.id, (ASSETS / "serum.webp").read_bytes())
    return product


async def report_of(house: House, show_id: UUID) -> RehearsalReport:
    async with house.tx() as tx:
        last = (await rehearsals.page_of(tx, show_id, None, 1)).items[0]
        return await rehearsals.report(tx, last.id)


async def drill_of(house: House, show_id: UUID, kind: DrillKind) -> Drill:
    report = await report_of(house, show_id)
    return next(drill for drill in report.drills if drill.kind is kind)


async def counted(house: House) -> dict[str, int]:
    """Count what is real."""
    found: dict[str, int] = {}
    async with house.tx() as tx:
        for table in NOTHING_REAL:
            query = text(f'select count(*) from "{table}" where merchant_id = :merchant')  # noqa: S608
            found[table] = await tx.db.scalar(query, {"merchant": house.merchant_id}) or 0
    return found
