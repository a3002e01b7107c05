"""Who may see money reads the books, finds each figure's entries, and compares a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import FilePayload, expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import House
from tests.journeys.pages import bare_keys, grave_faults, overflow
from tests.journeys.screens import DESK, PHONE, Screen
from xinbo.commerce import payments
from xinbo.commerce.payments import Bill, News, Outcome
from xinbo.engines.tx import Actor, Role
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

AMOUNTS = (12_900, 8_800, 25_600)
BEIJING = timedelta(hours=8)


async def took_money(house: House) -> None:
    """Have three orders paid, a part of one sent back, and a refund refused."""
    shopper_id = new_id()
    as_shopper = Actor(house.merchant_id, Role.SHOPPER, shopper_id)
    for amount, outcome in zip(
        AMOUNTS, (Outcome.LOST, Outcome.LOST, Outcome.REFUND_NEVER), strict=True
    ):
        bill = Bill(
            order_id=new_id(),
            shopper_id=shopper_id,
            amount=amount,
            currency="CNY",
            expires_at=datetime.now(UTC) + timedelta(minutes=15),
        )
        async with house.tx(as_shopper) as tx:
            payment = await payments.open_for(tx, bill, "sandbox", str(new_id()))
            await payments.confirm_sandbox(tx, payment.id, outcome)
        async with house.tx() as tx:
            news = News(
                payment_id=payment.id,
                ref=f"sbx-{payment.id.hex}",
                succeeded=True,
                amount=amount,
                currency="CNY",
            )
            await payments.settle(tx, news)
        async with house.tx() as tx:
            if amount != AMOUNTS[1]:
                await payments.refund(tx, payment.id, 2_000, "part", "changed_mind")


async def desk(screen: OpenScreen, house: House, path: str, **how: Any) -> Screen:
    seen = await screen(staff=await house.staff(Role.ANALYST), **how)
    await seen.page.goto(f"{house.site.url}/console{path}")
    return seen


async def sound(screen: Screen, name: str) -> None:
    """Keep what it looks like; no fault that keeps people out, no key in place of words."""
    await screen.keep(name)
    assert await bare_keys(screen.page) == []
    assert await overflow(screen.page) <= 0
    assert await grave_faults(screen.page) == []


async def test_a_figure_of_the_books_opens_its_entries_and_a_day_is_compared(
    house: House, screen: OpenScreen
) -> None:
    page = await desk(screen, house, "/money", size=DESK)
    await page.see("还没有账目")
    await took_money(house)
    await page.page.reload()
    await page.button("在途 · 沙箱").click()
    entries = page.page.get_by_role("region", name="分录")
    await expect(entries.get_by_role("row").filter(has_text="收款")).to_have_count(3)
    await sound(page, "money-books")

    await page.page.get_by_role("link", name="对账", exact=True).click()
    await page.see("还没有对过账")
    today = f"{datetime.now(UTC) + BEIJING:%Y-%m-%d}"
    await page.page.get_by_label("账单日").fill(today)
    await page.button("取账单并核对").click()
    await page.see("全部一致")
    await expect(page.page.get_by_role("row")).to_have_count(5)
    await sound(page, "money-day-agrees")

    told = page.page.get_by_role("link", name="导出 CSV")
    where = f"{house.site.url}{await told.get_attribute('href')}"
    assert (await page.page.request.get(where)).ok
    await page.page.get_by_role("link", name="回到对账").click()
    await page.page.get_by_label("账单日").fill(today)
    header = "type,id,payment_id,ref,amount,fee,currency,status"
    short = f"{header}\npayment,{new_id().hex},,x,500,0,CNY,done\n".encode()
    field = page.page.locator("input[type=file]")
    await field.set_input_files(FilePayload(name="short.csv", mimeType="text/csv", buffer=short))
    await page.see("5 处不一致")
    await expect(page.page.get_by_role("table").get_by_text("账单没有")).to_have_count(4)
    await sound(page, "money-day-differs")
    await page.page.get_by_label("结果", exact=True).select_option("missing_here")
    await expect(page.page.get_by_role("table").get_by_text("账单没有")).to_have_count(0)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_money_pages_fit_each_screen_and_language(
    house: House, screen: OpenScreen, size: tuple[int, int], language: str
) -> None:
    await took_money(house)
    async with house.tx() as tx:
        report = await payments.reconcile_day(
            tx, "sandbox", (datetime.now(UTC) + BEIJING).date() - timedelta(days=1)
        )
    page = await desk(screen, house, "/money", size=size, language=language)
    where = f"{size[0]}-{language}"
    for path, name in (
        ("/money", "books"),
        ("/money/days", "days"),
        (f"/money/days/{report.id}", "day"),
        ("/money/refunds", "refunds"),
    ):
        await page.page.goto(f"{house.site.url}/console{path}")
        await expect(page.page.get_by_role("heading").first).to_be_visible()
        await page.page.wait_for_load_state("networkidle")
        await sound(page, f"money-{name}-{where}")
