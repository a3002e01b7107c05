"""The run-of-show: a template is applied, cues are dragged and driven by keys, undone, exported."""

from io import BytesIO
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from playwright.async_api import Locator, expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import CREAM, CUP, SERUM, House
from tests.journeys.screens import DESK, PHONE, Screen
from xinbo.engines.tx import Role
from xinbo.live import games, shows
from xinbo.live.shows import CueKind

pytestmark = pytest.mark.anyio

DRAW = "互动「抽奖 1」，0:37 到 0:43，6 分钟"


async def saved(desk: Screen) -> None:
    """Wait until the page says that the server has it."""
    await expect(desk.page.locator("header [role=status]")).to_have_text("已保存")


async def drag(desk: Screen, what: Locator, right: float) -> None:
    """Take it by its middle and put it down so many pixels to the right."""
    box = await what.bounding_box()
    assert box
    await desk.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await desk.page.mouse.down()
    await desk.page.mouse.move(
        box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2, steps=4
    )
    await desk.page.mouse.up()


async def test_a_two_hour_show_is_planned_from_the_template_dragged_driven_by_keys_and_undone(
    house: House, screen: OpenScreen, tmp_path: Path
) -> None:
    """One plan is written, looked at, changed by hand and by keys, and never lost."""
    show_id = await house.show((SERUM, CREAM, CUP), live=False)
    staff = await house.staff(Role.OWNER)
    desk = await screen(size=DESK, staff=staff)
    page = desk.page
    await page.goto(f"{house.site.url}/console/shows/{show_id}/run")
    await desk.button("模板").first.click()
    await desk.button("选用「两小时美妆专场」").click()
    await expect(page.get_by_label("主推 1")).not_to_have_value("")
    await expect(page.get_by_role("list", name="套用后的流程")).to_contain_text("1:54")
    await desk.keep("run-template")
    await page.get_by_role("button", name="套用，替换现有").click()
    await desk.see("刚套用了模板，共 19 个环节。")
    line = page.get_by_role("group", name="流程时间线")
    await expect(line.get_by_role("button")).to_have_count(19)
    await desk.keep("run-desk")

    await _by_keys(desk, line)
    await _by_mouse(desk, line)
    await _in_words(desk, line)

    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="导出").click()
    path = tmp_path / "run.xlsx"
    await (await downloading.value).save_as(path)
    sheet = openpyxl.load_workbook(BytesIO(path.read_bytes())).worksheets[0]
    assert [cell.value for cell in sheet[1]][:5] == ["开始", "时长（分钟）", "类型", "形式", "环节"]
    assert sheet.max_row == 20

    async with house.tx() as tx:
        plan = await shows.plan(tx, show_id)
        assert plan.show.planned_minutes == 120
        assert len({cue.game_id for cue in plan.cues} - {None}) == 2
        assert len((await games.page_of(tx, show_id, None, 10)).items) == 2
        named = [cue for cue in plan.cues if cue.kind is CueKind.PRODUCT]
        assert named[0].talking_points == "换季泛红时薄涂一层"
    await _on_a_phone(house, screen, show_id, staff)
    await _on_paper(desk, house, show_id)


async def _by_keys(desk: Screen, line: Locator) -> None:
    page = desk.page
    draw = line.get_by_role("button", name=DRAW)
    await draw.focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Shift+ArrowLeft")
    moved = line.get_by_role("button", name="互动「抽奖 1」，0:39 到 0:44，5 分钟")
    await expect(moved).to_be_focused()
    await expect(moved).to_have_accessible_name("互动「抽奖 1」，0:39 到 0:44，5 分钟、时间重叠")
    await page.keyboard.press("Control+z")
    await page.keyboard.press("Control+z")
    await expect(draw).to_be_visible()
    await page.keyboard.press("Control+Shift+z")
    await expect(line.get_by_role("button", name="互动「抽奖 1」，0:39 到 0:45")).to_be_visible()
    await page.keyboard.press("Control+z")


async def _by_mouse(desk: Screen, line: Locator) -> None:
    rest = line.get_by_role("button", name="休息「")
    before = await rest.get_attribute("aria-label")
    await drag(desk, rest, 120)
    await expect(rest).not_to_have_attribute("aria-label", before or "")
    await desk.page.keyboard.press("Delete")
    await expect(rest).to_have_count(0)
    await desk.page.keyboard.press("Control+z")
    await expect(rest).to_have_count(1)


async def _in_words(desk: Screen, line: Locator) -> None:
    page = desk.page
    hero = line.get_by_role("button", name="讲解「").first
    await hero.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("环节名称")).to_be_focused()
    await page.get_by_label("讲解要点").fill("全网最好的修护")
    await desk.see("出现禁用词：最好")
    await page.get_by_label("讲解要点").fill("换季泛红时薄涂一层")
    await expect(page.get_by_text("出现禁用词：最好")).to_have_count(0)
    await saved(desk)
    await desk.keep("run-edited")


async def _on_a_phone(house: House, screen: OpenScreen, show_id: UUID, staff: str) -> None:
    phone = await screen(size=PHONE, staff=staff, language="en")
    await phone.page.goto(f"{house.site.url}/console/shows/{show_id}/run")
    await phone.page.get_by_role("button", name="0:00").first.tap()
    await expect(phone.page.get_by_role("dialog").get_by_label("Name of the cue")).to_be_visible()
    await phone.keep("run-phone")


async def _on_paper(desk: Screen, house: House, show_id: UUID) -> None:
    page = desk.page
    await page.goto(f"{house.site.url}/console/shows/{show_id}/run/print")
    await expect(page.get_by_role("row")).to_have_count(20)
    await expect(page.get_by_role("row").filter(has_text="促销：限时折扣 1")).to_be_visible()
    await page.emulate_media(media="print")
    await desk.keep("run-print")
    await page.emulate_media(media="screen")
