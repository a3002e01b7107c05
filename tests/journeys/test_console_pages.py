"""Every page of the console, in three languages."""

import msgspec
import pytest
from playwright.async_api import Browser, expect

from tests.journeys.house import SERUM, House, Site, open_house
from tests.journeys.pages import bare_keys, grave_faults
from tests.journeys.screens import DESK, Screen, open_screen
from xinbo.engines.tx import Role
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


class Furnished(msgspec.Struct, frozen=True):
    """A merchant with something on every page of the console, and its owner's way in."""

    house: House
    staff: str
    paths: dict[str, str]


@pytest.fixture(scope="module")
async def furnished(site: Site, anyio_backend: str) -> Furnished:
    house = await open_house(site, f"c{new_id().hex[-12:]}")
    live = await house.show(pinned=SERUM, title="正在播的专场")
    coming = await house.show(live=False, title="马上开始的专场")
    paths = {
        "shows": "/shows",
        "show": f"/shows/{coming}",
        "live": f"/shows/{live}/live",
        "goods": "/goods",
        "product": f"/goods/{house.goods[SERUM].id}",
        "product-new": "/goods/new",
        "import": "/goods/import",
        "orders": "/orders",
        "staff": "/staff",
        "lost": "/nowhere",
    }
    return Furnished(house, await house.staff(Role.OWNER), paths)


async def visit(screen: Screen, furnished: Furnished, path: str) -> None:
    await screen.page.goto(f"{furnished.house.site.url}/console{path}")
    await screen.page.wait_for_load_state("networkidle")
    await expect(screen.page.locator("[aria-busy=true]")).to_have_count(0)


async def test_no_page_of_the_console_has_a_grave_fault(
    browser: Browser, furnished: Furnished
) -> None:
    desk = await open_screen(browser, furnished.house, size=DESK, staff=furnished.staff)
    faults: list[str] = []
    for name, path in furnished.paths.items():
        await visit(desk, furnished, path)
        faults += [f"{name}: {fault}" for fault in await grave_faults(desk.page)]
        faults += [f"{name}: {key}" for key in await bare_keys(desk.page)]
        await desk.keep(f"console-{name}")
    stranger = await open_screen(browser, furnished.house, size=DESK)
    await visit(stranger, furnished, "/sign-in")
    faults += [f"sign-in: {fault}" for fault in await grave_faults(stranger.page)]
    await stranger.keep("console-sign-in")
    assert faults + desk.complaints + stranger.complaints == []


@pytest.mark.parametrize(("language", "spoken"), [("en", "en"), ("zh-TW", "zh-Hant")])
async def test_every_page_of_the_console_speaks_the_language(
    browser: Browser, furnished: Furnished, language: str, spoken: str
) -> None:
    desk = await open_screen(
        browser, furnished.house, size=DESK, language=language, staff=furnished.staff
    )
    faults: list[str] = []
    for name, path in furnished.paths.items():
        await visit(desk, furnished, path)
        faults += [f"{name}: {key}" for key in await bare_keys(desk.page)]
        await desk.keep(f"console-{name}-{language}")
    assert await desk.page.locator("html").get_attribute("lang") == spoken
    assert faults + desk.complaints == []
