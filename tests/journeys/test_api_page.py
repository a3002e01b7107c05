"""The API shows itself on a page that needs nobody else's server."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Request, expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import House

pytestmark = pytest.mark.anyio


async def test_the_api_page_lists_what_can_be_asked_and_asks_no_other_host(
    house: House, screen: OpenScreen
) -> None:
    desk = await screen()
    hosts: set[str] = set()

    def note(request: Request) -> None:
        if request.url.startswith("http"):
            hosts.add(urlsplit(request.url).netloc)

    desk.page.on("request", note)
    await desk.page.goto(f"{house.site.url}/api/v1/docs")
    await expect(desk.page.get_by_text("Show the merchant of this shop").first).to_be_visible()
    await expect(desk.page.get_by_text("OAS 3.1").first).to_be_visible()
    # Two hundred operations: the page draws those that are near what is looked at.
    await desk.page.mouse.move(300, 300)
    await desk.page.mouse.wheel(0, 100_000)
    await expect(desk.page.get_by_role("link", name="numbers", exact=True)).to_be_visible()
    assert hosts == {urlsplit(house.site.url).netloc}
