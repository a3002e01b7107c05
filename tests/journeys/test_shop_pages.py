"""Every page of the shop, in three languages, on phones and on a desk."""

from uuid import UUID

import msgspec
import pytest
from playwright.async_api import Browser, expect

from tests.journeys import promoting
from tests.journeys.house import CREAM, CUP, SERUM, House, Site, open_house
from tests.journeys.pages import bare_keys, grave_faults, overflow
from tests.journeys.screens import DESK, PHONE, Screen, open_screen
from tests.journeys.ways import furnish
from xinbo.commerce import cart, orders
from xinbo.commerce.orders import OrderItem, PlaceOrder
from xinbo.engines.tx import Actor, Role
from xinbo.identity import accounts
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


class Furnished(msgspec.Struct, frozen=True):
    """A shop with something on every page, and a shopper's way into it."""

    house: House
    shopper: str
    paths: dict[str, str]


@pytest.fixture(scope="module")
async def furnished(site: Site, anyio_backend: str) -> Furnished:
    house = await open_house(site, f"p{new_id().hex[-12:]}")
    live = await house.show(pinned=SERUM, title="正在播的专场")
    coming = await house.show([CREAM], live=False, title="马上开始的专场")
    shopper = await house.shopper("+8613900000031")
    async with house.tx() as tx:
        shopper_id = await accounts.join(tx, "+8613900000031")
    await promoting.coupon(house, "满 200 减 20", 20_000, 2_000)
    await promoting.coupon(house, "无门槛立减", 1_000, 500, total=3)
    await promoting.reduce(house, 50_000, 6_000)
    await promoting.drop(house, live, 1_000)
    order_id = await _order(house, shopper_id, live)
    goods = house.goods[SERUM]
    paths = {
        "home": "/",
        "live": f"/live/{live}",
        "coming": f"/live/{coming}",
        "product": f"/products/{goods.id}",
        "cart": "/cart",
        "checkout": "/checkout",
        "orders": "/orders",
        "order": f"/orders/{order_id}",
        "unpaid": "/orders?status=awaiting_payment",
        "coupons": "/coupons",
        "my-coupons": "/me/coupons",
        "sign-in": "/sign-in",
        "me": "/me",
        "addresses": "/me/addresses",
        "lost": "/nowhere/at/all",
        "no-show": f"/live/{goods.id}",
    }
    paths |= await furnish(house, shopper_id)
    return Furnished(house, shopper, paths)


async def _order(house: House, shopper_id: UUID, show_id: UUID) -> UUID:
    buyer = Actor(house.merchant_id, Role.SHOPPER, shopper_id, shopper_id)
    async with house.tx(buyer) as tx:
        address = (await accounts.addresses(tx, shopper_id))[0]
        sku = house.goods[CUP].skus[0]
        await cart.put(tx, shopper_id, house.goods[CREAM].skus[0].id, cart.PutCartLine(2, show_id))
        line = OrderItem(sku_id=sku.id, quantity=1, expected_price=sku.price * 8 // 10)
        wish = PlaceOrder(lines=[line], address_id=address.id, show_id=show_id, note="请轻放")
        desk = orders.OrderDesk(house.site.database)
        return (await desk.place(tx, shopper_id, wish, str(new_id()))).id


async def visit(screen: Screen, furnished: Furnished, path: str) -> None:
    """Open a page and wait until it has stopped asking for things."""
    await screen.page.goto(furnished.house.shop + path)
    await screen.page.wait_for_load_state("networkidle")
    await expect(screen.page.locator("[aria-busy=true]")).to_have_count(0)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_no_page_of_the_shop_has_a_grave_fault(
    browser: Browser, furnished: Furnished, size: tuple[int, int]
) -> None:
    screen = await open_screen(browser, furnished.house, size=size, shopper=furnished.shopper)
    faults: list[str] = []
    for name, path in furnished.paths.items():
        await visit(screen, furnished, path)
        faults += [f"{name}: {fault}" for fault in await grave_faults(screen.page)]
        faults += [f"{name}: {key}" for key in await bare_keys(screen.page)]
        await screen.keep(f"shop-{name}-{size[0]}")
    assert faults + screen.complaints == []


@pytest.mark.parametrize(("language", "size"), [("en", (360, 640)), ("zh-TW", PHONE)])
async def test_every_page_of_the_shop_speaks_the_language_and_fits_the_phone(
    browser: Browser, furnished: Furnished, language: str, size: tuple[int, int]
) -> None:
    screen = await open_screen(
        browser, furnished.house, size=size, language=language, shopper=furnished.shopper
    )
    faults: list[str] = []
    for name, path in furnished.paths.items():
        await visit(screen, furnished, path)
        faults += [f"{name}: {key}" for key in await bare_keys(screen.page)]
        if (wide := await overflow(screen.page)) > 0:
            faults.append(f"{name}: {wide} px too wide")
        await screen.keep(f"shop-{name}-{language}")
    spoken = await screen.page.locator("html").get_attribute("lang")
    assert spoken == {"en": "en", "zh-TW": "zh-Hant"}[language]
    assert faults + screen.complaints == []


async def test_the_language_and_the_look_that_one_chooses_stay(
    furnished: Furnished, browser: Browser
) -> None:
    phone = await open_screen(browser, furnished.house)
    await visit(phone, furnished, "/me")
    await phone.page.get_by_label("语言").select_option("English")
    await phone.page.get_by_label("Appearance").select_option("Dark")
    await phone.keep("shop-me-dark")
    await phone.page.reload()
    await phone.see("About the seller")
    dark = "getComputedStyle(document.documentElement).colorScheme"
    assert await phone.page.evaluate(dark) == "dark"
    assert await phone.page.locator("html").get_attribute("lang") == "en"
