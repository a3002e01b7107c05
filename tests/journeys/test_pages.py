"""What is asked of pages must be able to fail."""

import pytest
from playwright.async_api import Browser

from tests.journeys.pages import bare_keys, grave_faults, overflow

pytestmark = pytest.mark.anyio

FAULTY = """<html lang="zh"><title>room.watching</title><body>
<img src="/x.png"><div style="width: 3000px">wide</div><button></button>
<p>pay.outcome.late</p><p>owner@shop.example</p>"""


async def test_faulty_pages_are_found_out(browser: Browser) -> None:
    page = await browser.new_page(viewport={"width": 360, "height": 640}, is_mobile=True)
    await page.set_content(FAULTY)
    rules = {fault.split(":")[0] for fault in await grave_faults(page)}
    assert rules >= {"image-alt", "button-name"}
    assert await bare_keys(page) == ["room.watching", "pay.outcome.late"]
    assert await overflow(page) > 2000
    await page.close()
