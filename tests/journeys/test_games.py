"""A draw from two phones to a page that checks it, and a file that was tampered with."""

import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import SERUM, House
from tests.journeys.screens import DESK, eventually
from tests.journeys.screens import enter as enter_room
from xinbo.engines.tx import Role
from xinbo.live import games
from xinbo.live.games import EntryBy, Lottery, Prize, PrizeKind, PutGame, Rain, RunState

pytestmark = pytest.mark.anyio
GIFT = Prize(kind=PrizeKind.GOODS, name="青瓷品茗杯一只", value=8_800, count=1)


async def planned(house: House, show_id: UUID) -> None:
    lottery = Lottery(by=EntryBy.COMMENT, keyword="好运", prizes=[GIFT])
    rain = Rain(packets=30, per_person=2, points=300)
    async with house.tx() as tx:
        await games.add(tx, show_id, PutGame(title="茶杯抽奖", seconds=600, play=lottery))
        await games.add(tx, show_id, PutGame(title="整点红包雨", seconds=600, play=rain))


async def run_of(house: House, show_id: UUID) -> games.GameCard | None:
    async with house.tx() as tx:
        found = await games.runs(tx, show_id, None, 1)
    return found.items[0] if found.items else None


def checked(source: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xinbo", "verify-draw", source]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 # our own


async def test_two_phones_enter_by_comment_and_the_draw_checks(
    house: House, screen: OpenScreen, tmp_path: Path
) -> None:
    show_id = await house.show(pinned=SERUM)
    await planned(house, show_id)
    phones = [await screen(shopper=await house.shopper(f"+86139000001{n:02}")) for n in range(2)]
    for phone in phones:
        await enter_room(phone, house, show_id)
    desk = await screen(staff=await house.staff(Role.OPERATOR), size=DESK)
    await desk.page.goto(f"{house.site.url}/console/shows/{show_id}/games")
    await desk.see("茶杯抽奖")
    await desk.keep("games-planned")
    await desk.page.goto(f"{house.site.url}/console/shows/{show_id}/live")
    await desk.page.get_by_role("tab", name="互动玩法").click()
    tray = desk.page.get_by_role("region", name="互动玩法")
    await tray.get_by_role("listitem").filter(has_text="茶杯抽奖").get_by_role("button").click()
    await desk.page.get_by_role("alertdialog").get_by_role("button", name="开始").click()

    for phone in phones:
        card = phone.page.get_by_role("article", name="游戏：茶杯抽奖")
        await phone.tap(card.get_by_role("button", name="参加抽奖"))
        await phone.see("规则")
        await phone.tap(phone.button("发送“好运”参加"))
        await expect(
            phone.page.get_by_role("dialog").get_by_text("已参加，等待揭晓")
        ).to_be_visible()
        await phone.keep("game-entered")
        await phone.page.keyboard.press("Escape")

    async def both_in() -> bool:
        card = await run_of(house, show_id)
        return card is not None and card.entries == 2

    await eventually(both_in)
    await desk.keep("game-tray")
    await tray.get_by_role("button", name="现在截止").click()
    await desk.page.get_by_role("alertdialog").get_by_role("button", name="现在截止").click()

    async def out() -> bool:
        card = await run_of(house, show_id)
        return card is not None and card.state is RunState.REVEALED

    await eventually(out)
    run = await run_of(house, show_id)
    assert run is not None
    for phone in phones:
        card = phone.page.get_by_role("article", name="游戏：茶杯抽奖")
        await phone.tap(card.get_by_role("button", name="看结果"))
        await expect(phone.page.get_by_role("dialog").get_by_text("阿**")).to_be_visible()
        await phone.keep("game-result")
        await phone.page.goto(f"{house.shop}/draws/{run.id}")
        await phone.see("已核对，全部一致")
        await expect(phone.page.get_by_text("和本机开始时记下的一致")).to_be_visible()
        receipt = phone.page.get_by_role("listitem").filter(has_text="你的参加凭证在名单里")
        await expect(receipt.get_by_text("一致")).to_be_visible()
        await phone.keep("draw-checked")

    await a_bent_record_is_found_out(house, run.id, tmp_path)


async def a_bent_record_is_found_out(house: House, run_id: UUID, folder: Path) -> None:
    """Check the public record by the command, then one in which the loser has won."""
    page = f"{house.shop}/draws/{run_id}"
    assert checked(page).stdout.endswith("checked\n")
    async with house.tx() as tx:
        record = json.loads(msgspec.json.encode(await games.record(tx, run_id)))
    loser = next(
        line.split(" ")[0] for line in record["entries"] if line[:64] not in record["winners"]
    )
    bent = folder / "bent.json"
    bent.write_text(json.dumps(record | {"winners": [loser]}))
    told = checked(str(bent))
    assert told.returncode == 1
    assert told.stdout.endswith("NOT GENUINE\n")
