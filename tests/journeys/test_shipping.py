"""Orders leave in parts, by file, and on paper; the shopper follows them."""

import re
from typing import Any
from uuid import UUID

import msgspec
import pytest
from playwright.async_api import Browser, expect

from tests.journeys.house import ADDRESS, CREAM, CUP, House, Site, open_house
from tests.journeys.pages import bare_keys, grave_faults
from tests.journeys.screens import DESK, PHONE, Screen, eventually, open_screen
from xinbo.commerce import freight, groups, invoices, orders
from xinbo.commerce.freight import ChargedBy, PutTemplate, Zone
from xinbo.commerce.groups import Booking
from xinbo.commerce.invoices import InvoiceKind, RequestInvoice, TitleKind
from xinbo.commerce.orders import Order, OrderDesk, OrderItem, PlaceOrder
from xinbo.engines import sheets
from xinbo.engines.tx import Actor, Role
from xinbo.identity import accounts
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


class Sold(msgspec.Struct, frozen=True):
    """An order that is paid, and its buyer's way in."""

    order: Order
    buyer: UUID
    token: str


async def sold(house: House, quantity: int = 2, title: str = CREAM) -> Sold:
    """Sell pieces to a new shopper and take the money."""
    async with house.tx() as tx:
        buyer = await accounts.join(tx, f"+8613{new_id().int % 10**9:09}", "阿澈")
        token = await accounts.open_session(tx, Role.SHOPPER, buyer)
    sku = house.goods[title].skus[0]
    async with house.tx(Actor(house.merchant_id, Role.SHOPPER, buyer)) as tx:
        address = await accounts.add_address(tx, buyer, ADDRESS)
        line = OrderItem(sku_id=sku.id, quantity=quantity, expected_price=sku.price)
        wish = PlaceOrder(lines=[line], address_id=address.id, show_id=None, note="轻放")
        desk = OrderDesk(house.site.database, batched=False)
        order = await desk.place(tx, buyer, wish, str(new_id()))
    async with house.tx() as tx:
        await orders.mark_paid(tx, order.id, new_id(), order.total)
    return Sold(order, buyer, token)


async def parcels(screen: Screen, house: House, order: Order) -> list[dict[str, Any]]:
    """Ask as the order's page does where its parcels are."""
    answer = await screen.page.request.get(
        f"{house.site.url}/api/v1/orders/{order.id}/shipments", headers={"X-Merchant": house.slug}
    )
    return await answer.json()


async def send(screen: Screen, number: str) -> None:
    """Fill the dialog in and send the parcel."""
    await screen.page.get_by_label("运单号", exact=True).fill(number)
    await screen.page.get_by_role("button", name=re.compile(r"^发货（\d+ 件）$")).click()
    await expect(screen.page.get_by_role("dialog").filter(has_text="物流公司")).to_have_count(0)


async def test_an_order_leaves_in_part_and_then_the_rest(browser: Browser, house: House) -> None:
    deal = await sold(house)
    staff = await open_screen(
        browser, house, size=DESK, staff=await house.staff(Role.OPERATOR), shopper=deal.token
    )
    await staff.page.goto(f"{house.site.url}/console/orders")
    await staff.page.get_by_role("button", name=deal.order.number).click()
    await staff.button("发货").click()
    await staff.page.get_by_role("dialog").get_by_role("button", name="减少").click()
    await staff.keep("console-ship")
    await send(staff, "SF1234567890123")
    await staff.see("待发 1 件")
    await staff.button("发货").click()
    await send(staff, "SF1234567890124")
    await staff.see("SF1234567890124")

    async def followed() -> bool:
        found = await parcels(staff, house, deal.order)
        return len(found) == 2 and all(each["events"] for each in found)

    await eventually(followed)
    await staff.keep("console-order-parcels")
    assert staff.complaints == []


async def test_a_file_of_parcels_names_its_bad_row_and_sends_the_rest(
    browser: Browser, house: House
) -> None:
    good, other = await sold(house, 1), await sold(house, 1, CUP)
    rows = [
        (good.order.number, "顺丰", "SF1000000000001"),
        ("261111000000000009", "顺丰", "SF1000000000002"),
        (other.order.number, "中通", "78123456789012"),
    ]
    content = sheets.csv_file(["订单号", "物流公司", "运单号"], rows)
    staff = await open_screen(browser, house, size=DESK, staff=await house.staff(Role.OPERATOR))
    await staff.page.goto(f"{house.site.url}/console/orders/batch")
    await staff.page.locator("input[type=file]").set_input_files(
        {"name": "发货.csv", "mimeType": "text/csv", "buffer": content}
    )
    await staff.see("没有这个订单")
    await staff.keep("console-batch")
    await staff.button("跳过错误行，发货（2 个包裹）").click()
    await (
        staff.page.get_by_role("alertdialog").get_by_role("button", name="发货（2 个包裹）").click()
    )
    await staff.see("已发出 2 个包裹")
    async with house.tx() as tx:
        for each in (good, other):
            assert (await orders.get(tx, each.order.id)).shipped_at is not None
    assert staff.complaints == []


async def test_prints_open_as_pdf(browser: Browser, house: House) -> None:
    deal = await sold(house)
    staff = await open_screen(browser, house, size=DESK, staff=await house.staff(Role.OPERATOR))
    for name in ("packing-slips", "picking-list"):
        address = f"{house.site.url}/api/v1/console/prints/{name}.pdf?order={deal.order.id}"
        answer = await staff.page.request.get(address)
        assert answer.headers["content-type"] == "application/pdf"
        assert (await answer.body()).startswith(b"%PDF-")


@pytest.fixture(scope="module")
async def furnished(site: Site, anyio_backend: str) -> tuple[House, str]:
    """A merchant with something on every page of sending."""
    house = await open_house(site, f"s{new_id().hex[-12:]}")
    deal = await sold(house)
    await sold(house, 1, CUP)
    async with house.tx(Actor(house.merchant_id, Role.SHOPPER, deal.buyer)) as tx:
        wish = RequestInvoice(kind=InvoiceKind.NORMAL, title_kind=TitleKind.PERSON, title="李雷")
        await invoices.request(tx, deal.buyer, deal.order.id, wish)
    zone = Zone(
        places=[],
        deliver=True,
        first=1,
        first_fee=800,
        further=1,
        further_fee=200,
        free_amount=9_900,
    )
    nowhere = msgspec.structs.replace(
        zone, places=[["西藏自治区"], ["新疆维吾尔自治区"]], deliver=False
    )
    async with house.tx() as tx:
        await freight.add(
            tx,
            PutTemplate(
                name="全国包邮", charged_by=ChargedBy.PIECE, zones=[zone, nowhere], is_default=True
            ),
        )
        seat = Booking(
            order_id=new_id(),
            shopper_id=deal.buyer,
            offer_id=new_id(),
            sku_id=house.goods[CUP].skus[0].id,
            group_id=None,
            size=3,
            hours=24,
        )
        await groups.take_seats(tx, [seat])
        await groups.paid(tx, seat.order_id)
    return house, await house.staff(Role.OWNER)


PATHS = ("", "/parcels", "/batch", "/overdue", "/groups", "/invoices", "/freight")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
async def test_the_pages_of_sending_speak_the_language_and_have_no_grave_fault(
    browser: Browser, furnished: tuple[House, str], size: tuple[int, int], language: str
) -> None:
    house, token = furnished
    staff = await open_screen(browser, house, size=size, language=language, staff=token)
    faults: list[str] = []
    for path in PATHS:
        await staff.page.goto(f"{house.site.url}/console/orders{path}")
        await staff.page.wait_for_load_state("networkidle")
        await expect(staff.page.locator("[aria-busy=true]")).to_have_count(0)
        faults += [f"{path}: {fault}" for fault in await grave_faults(staff.page)]
        faults += [f"{path}: {key}" for key in await bare_keys(staff.page)]
        await staff.keep(f"sending{path.replace('/', '-')}-{language}-{size[0]}")
    assert faults + staff.complaints == []
