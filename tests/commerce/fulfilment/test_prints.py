"""What is printed says what it must, in Chinese, on pages of the right size."""

import io
from uuid import UUID

import pytest
from pypdf import PdfReader

from tests.commerce.fulfilment.conftest import NUMBER, Depot
from xinbo.commerce import fulfilment
from xinbo.commerce.fulfilment import NothingToPrint, PutShelf, ShipmentNotFound
from xinbo.commerce.orders import OrderNotFound
from xinbo.engines.tx import Actor, Role
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio
MM = 72 / 25.4


def read(content: bytes) -> tuple[list[str], tuple[float, float]]:
    """Return the text of each page, and how large the first is, in millimetres."""
    pages = PdfReader(io.BytesIO(content)).pages
    box = pages[0].mediabox
    return [page.extract_text() for page in pages], (
        round(float(box.width) / MM),
        round(float(box.height) / MM),
    )


async def test_a_packing_slip_names_order_recipient_and_pieces(depot: Depot) -> None:
    _, order = await depot.sold(quantity=2, note="轻放，谢谢😀")
    _, other = await depot.sold()

    async with depot.database.begin(depot.clerk) as tx:
        pages, size = read(await fulfilment.packing_slips(tx, [order.id, other.id]))

    assert size == (210, 297)
    assert len(pages) == 2
    for words in ("发货单", "青禾生活", order.number, "李雷", "浙江省 杭州市", "洗发水", "2 瓶"):
        assert words in pages[0]
    assert "备注：轻放，谢谢□" in pages[0]
    assert other.number in pages[1]


async def test_a_slip_of_many_lines_goes_on_on_the_next_page(depot: Depot) -> None:
    skus = [await depot.stock(5) for _ in range(40)]
    _, order = await depot.sold(*skus)
    async with depot.database.begin(depot.clerk) as tx:
        pages, _ = read(await fulfilment.packing_slips(tx, [order.id]))
    assert len(pages) > 1
    assert sum(page.count("洗发水  0 号") for page in pages) == 40
    assert "共 40 件" in pages[-1]


async def test_a_picking_list_sums_up_by_sku_in_the_order_of_places(depot: Depot) -> None:
    near, far = await depot.stock(20), await depot.stock(20)
    _, first = await depot.sold(far, near, quantity=2)
    _, second = await depot.sold(near, quantity=3)
    shelves = [
        PutShelf(warehouse_id=None, sku_id=near, place="A-01-2"),
        PutShelf(warehouse_id=None, sku_id=far, place="C-09"),
    ]
    async with depot.database.begin(depot.clerk) as tx:
        await fulfilment.put_shelves(tx, shelves)
        assert await fulfilment.shelves(tx, None, [near, far]) == {near: "A-01-2", far: "C-09"}
        pages, size = read(await fulfilment.picking_list(tx, [first.id, second.id], None))

    assert size == (210, 297)
    (page,) = pages
    assert "拣货单" in page
    assert "2 个订单 · 2 种 SKU · 共 7 件" in page
    assert page.index("A-01-2") < page.index("5 瓶") < page.index("C-09") < page.index("2 瓶")


async def test_what_has_left_is_not_picked_again(depot: Depot) -> None:
    _, order = await depot.sold()
    await depot.ship((order, 0, 1))
    async with depot.database.begin(depot.clerk) as tx:
        with pytest.raises(NothingToPrint):
            await fulfilment.picking_list(tx, [order.id], None)
        pages, _ = read(await fulfilment.packing_slips(tx, [order.id]))
    assert "1 瓶" in pages[0]


async def test_a_label_is_100_by_150_and_says_where_the_parcel_goes(depot: Depot) -> None:
    who, order = await depot.sold()
    _, second = await depot.sold(who=who)
    parcel = await depot.ship((order, 0, 1), (second, 0, 1))

    async with depot.database.begin(depot.clerk) as tx:
        pages, size = read(await fulfilment.labels(tx, [parcel.id]))

    assert size == (100, 150)
    for words in (
        "顺丰速运",
        NUMBER,
        "收  李雷  13800000000",
        "文三路 1 号",
        "寄  青禾生活",
        "等 2 单",
    ):
        assert words in pages[0]


async def test_prints_are_the_staffs_alone(depot: Depot, other_merchant_id: UUID) -> None:
    _, order = await depot.sold()
    parcel = await depot.ship((order, 0, 1))
    other = Actor(other_merchant_id, Role.OWNER, new_id())

    async with depot.database.begin(other) as tx:
        with pytest.raises(OrderNotFound):
            await fulfilment.packing_slips(tx, [order.id])
        with pytest.raises(OrderNotFound):
            await fulfilment.picking_list(tx, [order.id], None)
        with pytest.raises(ShipmentNotFound):
            await fulfilment.labels(tx, [parcel.id])
    async with depot.database.begin(Actor(depot.merchant_id, Role.ANALYST, new_id())) as tx:
        with pytest.raises(NotPermitted):
            await fulfilment.packing_slips(tx, [order.id])
