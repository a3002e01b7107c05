"""From a parcel that is not right to money, another piece, or a decision: both sides at once."""

from uuid import UUID

import pytest
from msgspec import Struct
from playwright.async_api import Page, expect

from tests.journeys.conftest import OpenScreen
from tests.journeys.house import CREAM, House
from tests.journeys.pages import bare_keys, grave_faults, overflow
from tests.journeys.screens import DESK, PHONE, Screen, eventually
from xinbo.commerce import orders
from xinbo.commerce.orders import OrderDesk, OrderItem, PlaceOrder, Status
from xinbo.engines.tx import Actor, Role
from xinbo.identity import accounts
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio
PRICE = 19_900


class Had(Struct):
    """A shopper, and an order that arrived."""

    token: str
    order_id: UUID
    phone: Screen


async def had(house: House, screen: OpenScreen, number: str, *, quantity: int = 1) -> Had:
    """Sell something to a shopper on a phone, send it, and have it arrive."""
    token = await house.shopper(number)
    phone = await screen(shopper=token)
    async with house.tx() as tx:
        shopper_id = await accounts.join(tx, number)
    who = Actor(house.merchant_id, Role.SHOPPER, shopper_id)
    desk = OrderDesk(house.site.database, batched=False)
    async with house.tx(who) as tx:
        (address, *_) = await accounts.addresses(tx, shopper_id)
        sku = house.goods[CREAM].skus[0]
        line = OrderItem(sku_id=sku.id, quantity=quantity, expected_price=PRICE)
        wish = PlaceOrder(lines=[line], address_id=address.id, show_id=None, note="")
        order = await desk.place(tx, shopper_id, wish, str(new_id()))
    async with house.tx(who) as tx:
        payment = await orders.open_payment(tx, order.id, "sandbox", str(new_id()))
    answer = await phone.page.request.post(
        f"{house.site.url}/api/v1/payments/{payment.id}/sandbox",
        data={"outcome": "succeed"},
        headers={"X-Requested-With": "xinbo", "X-Merchant": house.slug},
    )
    assert answer.ok, await answer.text()

    async def paid() -> bool:
        async with house.tx() as tx:
            return (await orders.get(tx, order.id)).status is Status.AWAITING_SHIPMENT

    await eventually(paid)
    async with house.tx() as tx:
        await orders.ship(tx, order.id, [(0, quantity)], "parcel")
    async with house.tx(who) as tx:
        await orders.confirm_receipt(tx, order.id)
    return Had(token, order.id, phone)


async def sound(page: Page) -> None:
    """Ask of the page what is asked of every page."""
    assert await grave_faults(page) == []
    assert await bare_keys(page) == []
    assert await overflow(page) <= 0


async def choose(page: Page, label: str, option: str) -> None:
    await page.get_by_label(label).select_option(label=option)


async def open_at_desk(desk: Screen, house: House, kind: str) -> None:
    """Find the case at the desk, and open it."""
    await desk.page.goto(f"{house.site.url}/console/after-sales")
    await desk.page.get_by_role("link", name=kind).click()


async def do(desk: Screen, action: str) -> None:
    """Take a step at the desk, and say yes."""
    await desk.page.get_by_role("button", name=action, exact=True).first.click()
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_role("button", name=action, exact=True).click()
    await expect(dialog).to_be_hidden()


async def refuse(desk: Screen, house: House) -> None:
    """Say no at the desk."""
    await open_at_desk(desk, house, "仅退款")
    await desk.page.get_by_role("button", name="拒绝", exact=True).click()
    await desk.page.get_by_label("理由").fill("出库前已检查，没有漏液")
    await desk.page.get_by_role("dialog").get_by_role("button", name="拒绝", exact=True).click()
    await expect(desk.page.get_by_role("heading", name="商家已拒绝")).to_be_visible()


async def send_back(phone: Screen) -> None:
    page = phone.page
    await page.get_by_label("快递公司").fill("顺丰速运")
    await page.get_by_label("快递单号").fill("SF1020304050")
    await phone.tap(phone.button("我已寄出"))


async def test_a_return_from_two_taps_to_the_money(house: House, screen: OpenScreen) -> None:
    """#10: applied for in two taps, approved, sent back, confirmed, refunded; amounts shown."""
    mine = await had(house, screen, "+8613900000201", quantity=2)
    phone, page = mine.phone, mine.phone.page
    await page.goto(f"{house.shop}/orders/{mine.order_id}")
    await expect(page.get_by_role("link", name="申请售后")).to_be_visible()
    await page.get_by_role("link", name="申请售后").scroll_into_view_if_needed()
    await phone.keep("after-order")
    phone.taps = 0
    await phone.tap(page.get_by_role("link", name="申请售后"))
    await expect(page.get_by_text("¥398.00").last).to_be_visible()
    await phone.keep("after-ask")
    await sound(page)
    await phone.tap(phone.button("提交申请"))
    await expect(page.get_by_role("heading", name="待商家处理")).to_be_visible()
    assert phone.taps == 2
    await phone.keep("after-applied")
    await sound(page)

    desk = await screen(size=DESK, staff=await house.staff(Role.SERVICE))
    await desk.page.goto(f"{house.site.url}/console/after-sales")
    await expect(desk.page.get_by_role("link", name="退货退款")).to_be_visible()
    await desk.keep("desk-queue")
    await sound(desk.page)
    await open_at_desk(desk, house, "退货退款")
    await expect(desk.page.get_by_role("heading", name="待商家处理")).to_be_visible()
    await desk.keep("desk-case")
    await sound(desk.page)
    await desk.page.get_by_role("button", name="同意", exact=True).click()
    await expect(desk.page.get_by_label("退货地址")).to_have_value("浙江省杭州市西湖区示例路 1 号")
    await desk.keep("desk-approve")
    await desk.page.get_by_role("dialog").get_by_role("button", name="同意", exact=True).click()

    await page.reload()
    await expect(page.get_by_role("heading", name="待寄回")).to_be_visible()
    await phone.keep("after-send-back")
    await sound(page)
    await send_back(phone)
    await expect(page.get_by_role("heading", name="待商家收货")).to_be_visible()
    await desk.page.reload()
    await do(desk, "确认收到退货")
    await expect(desk.page.get_by_role("heading", name="已完成")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="已完成")).to_be_visible()
    await phone.see("已退款")
    await expect(page.get_by_text("¥398.00").first).to_be_visible()
    await phone.keep("after-refunded")
    await page.goto(f"{house.shop}/after-sales")
    await expect(page.get_by_text("退货退款").first).to_be_visible()
    await phone.keep("after-mine")
    await sound(page)
    async with house.tx() as tx:
        assert (await orders.get(tx, mine.order_id)).refunded == 2 * PRICE


async def test_an_exchange_comes_back_as_a_new_piece(house: House, screen: OpenScreen) -> None:
    mine = await had(house, screen, "+8613900000202")
    phone, page = mine.phone, mine.phone.page
    await page.goto(f"{house.shop}/orders/{mine.order_id}/after-sales")
    await phone.tap(page.get_by_role("radio", name="换货"))
    await choose(page, "原因", "到货破损")
    await phone.tap(phone.button("提交申请"))
    await expect(page.get_by_role("heading", name="待商家处理")).to_be_visible()

    desk = await screen(size=DESK, staff=await house.staff(Role.SERVICE))
    await open_at_desk(desk, house, "换货")
    await do(desk, "同意")
    await page.reload()
    await send_back(phone)
    await expect(page.get_by_role("heading", name="待商家收货")).to_be_visible()
    await desk.page.reload()
    await do(desk, "确认收到退货")
    await desk.page.get_by_role("button", name="填写发出单号", exact=True).click()
    await desk.page.get_by_label("快递公司").fill("中通快递")
    await desk.page.get_by_label("快递单号").fill("ZT5566778899")
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="填写发出单号", exact=True).click()
    await expect(desk.page.get_by_role("heading", name="待确认收货")).to_be_visible()
    await page.reload()
    await phone.see("ZT5566778899")
    await phone.tap(phone.button("确认收货"))
    await phone.tap(page.get_by_role("alertdialog").get_by_role("button", name="确认收货"))
    await expect(page.get_by_role("heading", name="已完成")).to_be_visible()
    await phone.keep("after-exchanged")


async def test_a_refused_refund_is_decided_by_the_arbiter(house: House, screen: OpenScreen) -> None:
    """#10: refused, complained about in two taps, answered, decided; the money goes back."""
    mine = await had(house, screen, "+8613900000203")
    phone, page = mine.phone, mine.phone.page
    await page.goto(f"{house.shop}/orders/{mine.order_id}/after-sales")
    await phone.tap(page.get_by_role("radio", name="仅退款"))
    await page.get_by_label("补充说明").fill("打开就是漏的")
    await phone.tap(phone.button("提交申请"))
    await expect(page.get_by_role("heading", name="待商家处理")).to_be_visible()

    desk = await screen(size=DESK, staff=await house.staff(Role.SERVICE))
    await refuse(desk, house)

    await page.reload()
    await expect(page.get_by_role("heading", name="商家已拒绝")).to_be_visible()
    await phone.keep("after-refused")
    await sound(page)
    phone.taps = 0
    await phone.tap(phone.button("平台介入"))
    await phone.keep("after-complain")
    await phone.tap(phone.button("提交投诉"))
    await expect(page.get_by_role("heading", name="待受理")).to_be_visible()
    assert phone.taps == 2
    await phone.keep("complaint-new")
    await sound(page)

    await desk.page.goto(f"{house.site.url}/console/complaints")
    await desk.page.get_by_role("link", name="商家拒绝退款").click()
    await desk.page.get_by_label("申诉").fill("这是出库前的记录。")
    await desk.page.get_by_role("button", name="发送").click()
    await expect(desk.page.get_by_role("heading", name="双方沟通中")).to_be_visible()
    await expect(desk.page.get_by_role("button", name="作出裁决")).to_have_count(0)
    await desk.keep("desk-complaint")

    arbiter = await screen(size=DESK, staff=await house.staff(Role.SUPERVISOR))
    await arbiter.page.goto(f"{house.site.url}/console/complaints")
    await arbiter.keep("arbiter-queue")
    await arbiter.page.get_by_role("link", name="商家拒绝退款").click()
    await arbiter.page.get_by_label("金额（元）").fill("120")
    await arbiter.page.get_by_label("裁决理由").fill("照片显示瓶口破裂，双方各担一部分。")
    await arbiter.keep("arbiter-decides")
    await sound(arbiter.page)
    await arbiter.page.get_by_role("button", name="作出裁决").click()
    sure = arbiter.page.get_by_role("alertdialog")
    await sure.get_by_role("button", name="作出裁决").click()
    await expect(arbiter.page.get_by_role("heading", name="已裁决")).to_be_visible()

    await page.reload()
    await phone.see("照片显示瓶口破裂，双方各担一部分。")
    await expect(page.get_by_text("¥120.00").first).to_be_visible()
    await phone.keep("complaint-decided")
    await sound(page)
    async with house.tx() as tx:
        assert (await orders.get(tx, mine.order_id)).refunded == 12_000


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_the_pages_of_after_sales_read_well_in_english(
    house: House, screen: OpenScreen, size: tuple[int, int]
) -> None:
    mine = await had(house, screen, "+8613900000204", quantity=2)
    shop = await screen(size=size, language="en-GB", shopper=mine.token)
    await shop.page.goto(f"{house.shop}/orders/{mine.order_id}/after-sales")
    await expect(shop.page.get_by_role("button", name="Send request")).to_be_enabled()
    await shop.keep(f"en-ask-{size[0]}")
    await sound(shop.page)
    await shop.page.get_by_role("button", name="Send request").click()
    await expect(shop.page.get_by_role("heading", name="Waiting for the merchant")).to_be_visible()
    await shop.keep(f"en-case-{size[0]}")
    await sound(shop.page)
    await shop.page.goto(f"{house.shop}/orders/{mine.order_id}")
    await shop.page.get_by_role("button", name="Price protection").click()
    await expect(shop.page.get_by_text("Not below what you paid")).to_be_visible()
    await shop.keep(f"en-price-{size[0]}")
    await sound(shop.page)
    desk = await screen(size=size, language="en-GB", staff=await house.staff(Role.OWNER))
    await desk.page.goto(f"{house.site.url}/console/after-sales")
    await expect(desk.page.get_by_role("link", name="Return and refund")).to_be_visible()
    await desk.keep(f"en-desk-{size[0]}")
    await sound(desk.page)
    await desk.page.get_by_role("link", name="Return and refund").click()
    await expect(desk.page.get_by_role("button", name="Approve")).to_be_visible()
    await desk.keep(f"en-desk-case-{size[0]}")
    await sound(desk.page)
