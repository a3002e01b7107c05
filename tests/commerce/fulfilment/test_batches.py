"""Files of parcels: checked without sending anything, then sent, each parcel once."""

import io
from uuid import UUID

import openpyxl
import pytest

from tests.commerce.fulfilment.conftest import NUMBER, Depot, elsewhere
from xinbo.commerce import catalog, fulfilment
from xinbo.commerce.fulfilment import (
    ApplyBatch,
    BatchNotFound,
    BatchNotReady,
    BatchState,
    ShipmentFilter,
    ShippingBatch,
)
from xinbo.commerce.imports import FileRefused
from xinbo.commerce.orders import Order, Status
from xinbo.engines import sheets
from xinbo.engines.tx import Actor, Role
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio
HEAD = ["订单号", "物流公司", "运单号", "规格编码", "数量"]


def table(*rows: tuple[str, ...]) -> bytes:
    """Write a CSV file with the usual head."""
    return sheets.csv_file(HEAD, [[*row, *[""] * (len(HEAD) - len(row))] for row in rows])


async def checked(depot: Depot, content: bytes, name: str = "发货.csv") -> ShippingBatch:
    """Upload a file and have it checked."""
    async with depot.database.begin(depot.clerk) as tx:
        batch = await fulfilment.upload_batch(tx, name, content)
    await depot.work_off()
    return await shown(depot, batch)


async def shown(depot: Depot, batch: ShippingBatch) -> ShippingBatch:
    """Show how far it is."""
    async with depot.database.begin(depot.clerk) as tx:
        return await fulfilment.batch(tx, batch.id)


async def applied(depot: Depot, batch: ShippingBatch, *, skip: bool = False) -> ShippingBatch:
    """Have a file sent."""
    async with depot.database.begin(depot.clerk) as tx:
        await fulfilment.apply_batch(tx, batch.id, ApplyBatch(skip_errors=skip))
    await depot.work_off()
    return await shown(depot, batch)


async def code(depot: Depot, order: Order) -> str:
    """Return the merchant's own code of the order's first SKU."""
    sku_id = order.lines[0].sku_id
    async with depot.database.begin(depot.system) as tx:
        return (await catalog.skus(tx, [sku_id]))[sku_id].code


def errors(batch: ShippingBatch) -> list[tuple[int, str]]:
    """List rows and what is wrong with them."""
    return [(each.row, each.error) for each in batch.errors]


async def test_a_file_is_checked_without_sending_and_then_sent(depot: Depot) -> None:
    who, first = await depot.sold(quantity=2)
    _, second = await depot.sold(who=who)
    _, third = await depot.sold()
    content = table(
        (first.number, "顺丰", NUMBER),
        (second.number, "SF Express", NUMBER),
        (third.number, "zto", "78123456789012"),
    )

    batch = await checked(depot, content)
    assert (batch.state, batch.rows, batch.parcels) == (BatchState.CHECKED, 3, 2)
    assert (await depot.order(first.id)).status is Status.AWAITING_SHIPMENT
    done = await applied(depot, batch)

    assert (done.state, done.parcels, done.error_count) == (BatchState.APPLIED, 2, 0)
    for order in (first, second, third):
        assert (await depot.order(order.id)).status is Status.SHIPPED
    async with depot.database.begin(depot.clerk) as tx:
        parcels = await fulfilment.console_page(tx, ShipmentFilter(), None, 9)
    assert {each.shipped_by for each in parcels.items} == {depot.clerk.user_id}
    with pytest.raises(BatchNotReady):
        await applied(depot, batch)


async def test_bad_rows_are_named_and_can_be_left_out(depot: Depot) -> None:
    _, good = await depot.sold()
    who = await depot.buyer()
    unpaid = await depot.place(who, who.basket(await depot.stock(1)))
    batch = await checked(
        depot,
        table(
            (good.number, "顺丰", NUMBER),
            ("261111000000000009", "顺丰", "SF1000000000009"),
            ("2.61111E+17", "顺丰", "SF1000000000009"),
            (good.number, "鸽子", "SF1000000000009"),
            (good.number, "顺丰", "没有"),
            (unpaid.number, "顺丰", "SF1000000000009"),
            (good.number, "顺丰", "SF1000000000009"),
        ),
    )

    assert errors(batch) == [
        (3, "OrderUnknown"),
        (4, "OrderNumberWrong"),
        (5, "CarrierUnknown"),
        (6, "NumberWrong"),
        (7, "OrderNotShippable"),
        (8, "NothingLeft"),
    ]
    with pytest.raises(BatchNotReady):
        await applied(depot, batch)
    done = await applied(depot, batch, skip=True)
    assert (done.state, done.parcels, done.error_count) == (BatchState.APPLIED, 1, 6)
    assert (await depot.order(good.id)).status is Status.SHIPPED


async def test_parts_of_an_order_are_named_by_sku_and_quantity(depot: Depot) -> None:
    _, order = await depot.sold(quantity=3)
    sku = await code(depot, order)
    batch = await checked(
        depot,
        table(
            (order.number, "顺丰", "SF1000000000001", sku, "1"),
            (order.number, "顺丰", "SF1000000000002", sku, "3"),
            (order.number, "顺丰", "SF1000000000003", "没有的", "1"),
            (order.number, "顺丰", "SF1000000000004", sku),
        ),
    )

    assert errors(batch) == [(3, "TooManyPieces"), (4, "SkuNotInOrder")]
    done = await applied(depot, batch, skip=True)
    assert done.parcels == 2
    assert (await depot.order(order.id)).lines[0].shipped == 3


async def test_one_number_for_two_recipients_is_named(depot: Depot) -> None:
    _, first = await depot.sold()
    _, second = await depot.sold(who=await elsewhere(depot))
    batch = await checked(
        depot, table((first.number, "顺丰", NUMBER), (second.number, "顺丰", NUMBER))
    )
    assert (batch.parcels, errors(batch)) == (1, [(3, "DifferentRecipients")])


async def test_numbers_that_look_wrong_are_warned_of(depot: Depot) -> None:
    _, order = await depot.sold()
    batch = await checked(depot, table((order.number, "EMS", NUMBER)))
    assert [(each.row, each.error) for each in batch.warnings] == [(2, "NumberLooksWrong")]
    assert batch.error_count == 0


async def test_a_job_that_starts_over_sends_the_rest_and_nothing_twice(
    depot: Depot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold = [(await depot.sold())[1] for _ in range(3)]
    rows = [(each.number, "顺丰", f"SF100000000000{n}") for n, each in enumerate(sold)]
    batch = await checked(depot, table(*rows))
    async with depot.database.begin(depot.clerk) as tx:
        await fulfilment.apply_batch(tx, batch.id, ApplyBatch())
    module = "xinbo.commerce.fulfilment._service.batches.ship"
    real, calls = fulfilment.ship, 0

    async def power_cut(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise ConnectionError
        return await real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(module, power_cut)
    with pytest.raises(ConnectionError):
        await depot.work_off()
    async with depot.database.begin(depot.system) as tx:
        await fulfilment.write_batch(tx, str(batch.id))

    done = await shown(depot, batch)
    assert (done.state, done.parcels, done.error_count) == (BatchState.APPLIED, 3, 0)
    async with depot.database.begin(depot.clerk) as tx:
        parcels = await fulfilment.console_page(tx, ShipmentFilter(), None, 9)
    assert len(parcels.items) == 3


async def test_what_was_sent_meanwhile_is_not_sent_again(depot: Depot) -> None:
    _, order = await depot.sold()
    batch = await checked(depot, table((order.number, "顺丰", NUMBER)))
    await depot.ship((order, 0, 1), number="SF1000000000009")

    done = await applied(depot, batch)

    assert (done.state, errors(done)) == (BatchState.FAILED, [(2, "OrderNotShippable")])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0old", "FileRefused.old_excel"),
        ("订单号,备注\n1,2\n".encode(), "FileRefused.unknown_columns"),
        (b"PK\x03\x04broken", "FileRefused.broken"),
    ],
)
async def test_a_file_that_is_none_fails_with_its_reason(
    depot: Depot, content: bytes, reason: str
) -> None:
    batch = await checked(depot, content)
    assert (batch.state, [each.error for each in batch.errors]) == (BatchState.FAILED, [reason])


async def test_files_are_bounded(depot: Depot) -> None:
    async with depot.database.begin(depot.clerk) as tx:
        for content in (b"", b"x" * 5_000_001):
            with pytest.raises(FileRefused):
                await fulfilment.upload_batch(tx, "x.csv", content)
    many = table(*[("261111000000000009", "顺丰", NUMBER)] * 5_001)
    batch = await checked(depot, many)
    assert errors(batch) == [(0, "FileRefused.too_many_rows")]


async def test_the_template_lists_what_waits_and_can_be_read_back(depot: Depot) -> None:
    _, order = await depot.sold(quantity=2)
    async with depot.database.begin(depot.clerk) as tx:
        empty = await fulfilment.batch_template(tx, filled=False, as_csv=True)
        filled = await fulfilment.batch_template(tx, filled=True, as_csv=False)

    assert empty.decode("utf-8-sig").strip() == "订单号,物流公司,运单号,规格编码(SKU),数量"
    book = openpyxl.load_workbook(io.BytesIO(filled))
    sheet = book.worksheets[0]
    row = [cell.value for cell in sheet[2]]
    assert row == [order.number, None, None, await code(depot, order), 2]
    sheet["B2"], sheet["C2"] = "顺丰", NUMBER
    out = io.BytesIO()
    book.save(out)
    batch = await checked(depot, out.getvalue(), "发货.xlsx")
    assert (batch.parcels, batch.error_count) == (1, 0)


async def test_files_are_their_merchants_alone(depot: Depot, other_merchant_id: UUID) -> None:
    _, order = await depot.sold()
    batch = await checked(depot, table((order.number, "顺丰", NUMBER)))
    strange = Depot(depot.database, other_merchant_id, depot.jobs)

    with pytest.raises(BatchNotFound):
        await shown(strange, batch)
    other = await checked(strange, table((order.number, "顺丰", NUMBER)))
    assert errors(other) == [(2, "OrderUnknown")]
    async with depot.database.begin(Actor(depot.merchant_id, Role.ANALYST, new_id())) as tx:
        with pytest.raises(NotPermitted):
            await fulfilment.batches(tx, None, 20)
    async with depot.database.begin(depot.clerk) as tx:
        assert [each.id for each in (await fulfilment.batches(tx, None, 20)).items] == [batch.id]
