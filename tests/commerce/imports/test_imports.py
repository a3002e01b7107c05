"""From a file to goods: checked first, then whole or not at all."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest

from xinbo.commerce import catalog, imports, inventory
from xinbo.commerce.catalog import Product, ProductStatus
from xinbo.commerce.imports import (
    HeaderSet,
    ImportNotReady,
    ImportState,
    ProductImport,
    UpsertKey,
)
from xinbo.commerce.imports._service import running
from xinbo.commerce.inventory import Take
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.kit.errors import NotAllowed
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio

FILES = Path(__file__).parent / "files"
HEAD = [
    "商品编号",
    "商品名称",
    "规格名1",
    "规格值1",
    "规格编码(SKU)",
    "价格",
    "库存",
    "状态",
    "图片",
]


def file(*rows: Sequence[str], head: Sequence[str] = HEAD) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode()


def cup(code: str = "CUP", price: str = "99", stock: str = "5", colour: str = "") -> list[str]:
    return ["cup", "青瓷杯", "颜色" if colour else "", colour, code, price, stock, "上架", ""]


async def checked(
    database: Database, owner: Actor, content: bytes, key: UpsertKey = UpsertKey.SKU
) -> ProductImport:
    """Upload a file and run the job that checks it."""
    async with database.begin(owner) as tx:
        taken = await imports.upload(tx, "goods.csv", content, key)
        assert taken.state is ImportState.CHECKING
    async with database.begin(system(owner.merchant_id)) as tx:
        await imports.check(tx, str(taken.id))
    async with database.begin(owner) as tx:
        return await imports.get(tx, taken.id)


async def applied(database: Database, owner: Actor, ready: ProductImport) -> ProductImport:
    """Ask for a checked import to be applied and run the job that does it."""
    async with database.begin(owner) as tx:
        assert (await imports.apply(tx, ready.id)).state is ImportState.APPLYING
    async with database.begin(system(owner.merchant_id)) as tx:
        await imports.write(tx, str(ready.id))
    async with database.begin(owner) as tx:
        return await imports.get(tx, ready.id)


async def brought_in(
    database: Database, owner: Actor, content: bytes, key: UpsertKey = UpsertKey.SKU
) -> ProductImport:
    ready = await checked(database, owner, content, key)
    assert ready.errors == []
    return await applied(database, owner, ready)


async def goods(database: Database, owner: Actor) -> tuple[list[Product], dict[str, int]]:
    async with database.begin(owner) as tx:
        products = await catalog.every(tx)
        code = {sku.id: sku.code for product in products for sku in product.skus}
        stock = await inventory.stock(tx, list(code)) if code else []
    return products, {code[each.sku_id]: each.on_hand for each in stock}


def told(found: ProductImport) -> list[tuple[int, str, str, str]]:
    return [(each.row, each.column, each.value, each.error) for each in found.errors]


@pytest.mark.parametrize("name", ["shopify.csv", "shopify-old.csv"])
async def test_a_shopify_file_becomes_goods(name: str, database: Database, owner: Actor) -> None:
    done = await brought_in(database, owner, (FILES / name).read_bytes())
    (cups, tea), stock = await goods(database, owner)

    assert (done.state, done.creates, done.updates) == (ImportState.APPLIED, 2, 0)
    assert (done.rows, done.done, done.ignored_pictures) == (4, 4, 3)
    assert (cups.handle, cups.title, cups.status) == (
        "celadon-cup",
        "Celadon cup",
        ProductStatus.ACTIVE,
    )
    assert cups.description == "Thrown by hand.\nHolds 180 ml & a good story."
    assert cups.option_names == ["Glaze", "Size"]
    assert [(sku.code, sku.options, sku.price, sku.barcode) for sku in cups.skus] == [
        ("CUP-GREEN", ["Green", "Small"], 9900, "6901234567892"),
        ("CUP-WHITE", ["White", "Small"], 109950, "6901234567908"),
    ]
    assert (tea.status, tea.option_names, tea.unit) == (ProductStatus.DRAFT, [], "件")
    assert stock == {"CUP-GREEN": 12, "CUP-WHITE": 0, "TEA": 300}


async def test_a_check_changes_nothing(database: Database, owner: Actor) -> None:
    found = await checked(database, owner, file(cup()))
    assert (found.state, found.creates) == (ImportState.CHECKED, 1)
    assert await goods(database, owner) == ([], {})


@pytest.mark.parametrize(
    ("fault", "rows"),
    [
        ((2, "价格", "free", "PriceNotANumber"), [cup(price="free")]),
        ((2, "价格", "", "PriceMissing"), [cup(price="")]),
        ((2, "价格", "-1", "PriceNegative"), [cup(price="-1")]),
        ((2, "价格", "1.999", "PriceTooPrecise"), [cup(price="1.999")]),
        ((2, "库存", "a few", "StockNotANumber"), [cup(stock="a few")]),
        ((2, "规格编码(SKU)", "", "SkuMissing"), [cup(code="")]),
        ((2, "规格编码(SKU)", "a  b", "SkuRefused"), [cup(code="a  b")]),
        ((2, "规格编码(SKU)", "x" * 65, "TooLong"), [cup(code="x" * 65)]),
        ((2, "状态", "maybe", "StatusUnknown"), [[*cup()[:7], "maybe", ""]]),
        ((2, "商品编号", "a b", "HandleRefused"), [["a b", *cup()[1:]]]),
        ((2, "商品编号", "", "HandleMissing"), [["", "", *cup()[2:]]]),
        ((2, "商品名称", "", "TitleMissing"), [["cup", "", *cup()[2:]]]),
        ((2, "商品名称", "x" * 80, "TooLong"), [["cup", "x" * 121, *cup()[2:]]]),
        ((2, "商品名称", "=1+1", "FormulaRefused"), [["cup", "=1+1", *cup()[2:]]]),
        ((2, "规格名1", "", "OptionNameMissing"), [["cup", "杯", "", "青", *cup()[4:]]]),
        ((2, "规格值1", "", "OptionValueMissing"), [["cup", "杯", "颜色", "", *cup()[4:]]]),
        ((3, "规格编码(SKU)", "A", "SkuRepeated"), [cup("A", colour="青"), cup("A", colour="白")]),
        ((3, "规格值1", "青", "OptionsRepeated"), [cup("A", colour="青"), cup("B", colour="青")]),
        ((3, "商品名称", "另一只", "ValueDiffers"), [cup("A", colour="青"),
         ["cup", "另一只", *cup("B", colour="白")[2:]]]),
        ((2, "规格编码(SKU)", "", "SkuMissing"), [["cup", "杯", *[""] * 7]]),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_told_by_row_and_column(
    fault: tuple[int, str, str, str], rows: list[list[str]], database: Database, owner: Actor
) -> None:
    found = await checked(database, owner, file(*rows))

    assert fault in told(found)
    assert found.error_count == len(found.errors)
    async with database.begin(owner) as tx:
        with pytest.raises(ImportNotReady):
            await imports.apply(tx, found.id)


async def test_only_the_first_errors_are_kept_but_all_are_counted(
    database: Database, owner: Actor
) -> None:
    rows = [[f"h{n}", *cup(f"S{n}", price="?")[1:]] for n in range(300)]
    found = await checked(database, owner, file(*rows))
    assert (len(found.errors), found.error_count, found.rows) == (200, 300, 300)


async def test_a_second_import_changes_what_differs_and_adds_what_is_new(
    database: Database, owner: Actor
) -> None:
    await brought_in(database, owner, file(cup("A", colour="青"), cup("B", colour="白")))
    (before,), _ = await goods(database, owner)

    done = await brought_in(
        database,
        owner,
        file(
            cup("B", "109", "7", colour="白"), cup("C", colour="黑"), ["tea", "茶", *cup("T")[2:]]
        ),
    )
    (after, tea), stock = await goods(database, owner)

    assert (done.creates, done.updates, done.unchanged) == (1, 1, 0)
    assert [(sku.code, sku.price) for sku in after.skus] == [("A", 9900), ("B", 10900), ("C", 9900)]
    assert [sku.id for sku in after.skus[:2]] == [sku.id for sku in before.skus]
    assert tea.handle == "tea"
    assert stock == {"A": 5, "B": 7, "C": 5, "T": 5}


async def test_columns_that_a_file_has_not_stay_as_they_are(
    database: Database, owner: Actor
) -> None:
    await brought_in(database, owner, (FILES / "shopify.csv").read_bytes())
    (before, _), _ = await goods(database, owner)

    await brought_in(
        database, owner, file(["CUP-WHITE", "88.00"], ["TEA", ""], head=["SKU", "Price"])
    )
    (after, tea), stock = await goods(database, owner)

    assert [sku.price for sku in after.skus] == [9900, 8800]
    assert (after.title, after.description, after.option_names) == (
        before.title,
        before.description,
        before.option_names,
    )
    assert tea.skus[0].price == 8800
    assert stock == {"CUP-GREEN": 12, "CUP-WHITE": 0, "TEA": 300}


async def test_an_unknown_code_in_a_file_of_codes_is_an_error(
    database: Database, owner: Actor
) -> None:
    found = await checked(database, owner, file(["NONE", "1"], head=["SKU", "Price"]))
    assert told(found) == [(2, "SKU", "NONE", "SkuUnknown")]


async def test_by_code_a_product_is_found_under_another_handle_and_renamed(
    database: Database, owner: Actor
) -> None:
    await brought_in(database, owner, file(cup("A")))
    (before,), _ = await goods(database, owner)
    renamed = file(["mug", *cup("A")[1:]])

    by_handle = await checked(database, owner, renamed, UpsertKey.HANDLE)
    await brought_in(database, owner, renamed, UpsertKey.SKU)
    (after,), _ = await goods(database, owner)

    assert told(by_handle) == [(2, "规格编码(SKU)", "A", "SkuOfAnotherProduct")]
    assert (after.id, after.handle) == (before.id, "mug")


async def test_codes_of_two_products_cannot_meet_in_one(database: Database, owner: Actor) -> None:
    await brought_in(database, owner, file(cup("A"), ["tea", "茶", *cup("B")[2:]]))

    mixed = await checked(database, owner, file(cup("A", colour="青"), cup("B", colour="白")))
    taken = await checked(database, owner, file(["tea", *cup("A")[1:]]))

    assert (3, "规格编码(SKU)", "B", "SkuOfAnotherProduct") in told(mixed)
    assert (2, "商品编号", "tea", "HandleTaken") in told(taken)


async def test_an_export_read_back_changes_nothing(database: Database, owner: Actor) -> None:
    await brought_in(database, owner, (FILES / "shopify.csv").read_bytes())
    before = await goods(database, owner)
    for headers in HeaderSet:
        async with database.begin(owner) as tx:
            written = await imports.export_csv(tx, headers), await imports.export_xlsx(tx, headers)
        for content in written:
            done = await brought_in(database, owner, content)
            assert (done.header_set, done.unchanged) == (headers, 2)
            assert (done.creates, done.updates) == (0, 0)
    assert await goods(database, owner) == before


async def test_what_the_shop_cannot_take_any_more_undoes_the_whole_import(
    database: Database, owner: Actor
) -> None:
    await brought_in(database, owner, file(cup("A", stock="5")))
    ready = await checked(
        database, owner, file(["tea", "茶", *cup("T")[2:]], cup("A", "1", stock="1"))
    )
    before = await goods(database, owner)
    sku_id = before[0][0].skus[0].id
    async with database.begin(owner) as tx:
        await inventory.reserve(tx, new_id(), [Take(sku_id=sku_id, pool_id=NIL, quantity=3)])

    done = await applied(database, owner, ready)

    assert (done.state, [each.error for each in done.errors]) == (
        ImportState.FAILED,
        ["BelowReserved"],
    )
    assert await goods(database, owner) == before


async def test_what_became_wrong_since_the_check_is_found_before_anything_is_written(
    database: Database, owner: Actor
) -> None:
    ready = await checked(database, owner, file(cup("A", price=""), ["tea", "茶", *cup("T")[2:]]))
    assert ready.error_count == 1
    await brought_in(database, owner, file(cup("A")))
    ready = await checked(database, owner, file(cup("A", price=""), ["tea", "茶", *cup("T")[2:]]))
    (there,), _ = await goods(database, owner)
    async with database.begin(owner) as tx:
        await catalog.put(tx, there.id, _renamed(there))

    done = await applied(database, owner, ready)

    assert done.state is ImportState.FAILED
    assert told(done) == [(2, "价格", "", "PriceMissing")]
    assert len((await goods(database, owner))[0]) == 1


def _renamed(product: Product) -> catalog.PutProduct:
    sku = catalog.PutSku(id=None, code="OTHER", options=[], price=1, barcode="")
    return catalog.PutProduct(
        handle=product.handle,
        title=product.title,
        subtitle="",
        description="",
        unit="只",
        status=product.status,
        option_names=[],
        skus=[sku],
    )


async def test_a_job_done_twice_does_it_once(database: Database, owner: Actor) -> None:
    done = await brought_in(database, owner, file(cup("A")))
    async with database.begin(system(owner.merchant_id)) as tx:
        await imports.check(tx, done.id)
        await imports.write(tx, done.id)
    async with database.begin(owner) as tx:
        assert await imports.get(tx, done.id) == done
        with pytest.raises(ImportNotReady):
            await imports.apply(tx, done.id)


async def test_each_step_is_a_job_started_once(tx: Tx, jobs: RecordedJobs) -> None:
    taken = await imports.upload(tx, "goods.csv", file(cup()))
    await imports.check(tx, taken.id)
    await imports.apply(tx, taken.id)
    assert jobs.started == [f"import-check-{taken.id}", f"import-apply-{taken.id}"]


async def test_progress_is_seen_while_the_job_still_runs(
    database: Database, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[ImportState, int, int]] = []
    progress = running._progress  # noqa: SLF001 # looked at, not replaced

    async def watched(tx: Tx, row: running.ImportRow, rows: int, done: int) -> None:
        await progress(tx, row, rows, done)
        async with database.begin(owner) as other:
            now = await imports.get(other, row.id)
            seen.append((now.state, now.done, now.rows))

    monkeypatch.setattr(running, "_progress", watched)
    monkeypatch.setattr(running, "BATCH", 2)
    await brought_in(database, owner, file(*([f"h{n}", *cup(f"S{n}")[1:]] for n in range(5))))

    checking, applying = ImportState.CHECKING, ImportState.APPLYING
    assert [each for each in seen if each[0] is checking] == [
        (checking, 2, 5),
        (checking, 4, 5),
        (checking, 5, 5),
    ]
    assert [each for each in seen if each[0] is applying] == [
        (applying, 2, 5),
        (applying, 4, 5),
        (applying, 5, 5),
    ]


async def test_another_merchant_sees_no_import_and_meets_no_code(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    mine = await brought_in(database, owner, file(cup("A")))
    other = Actor(other_merchant_id, Role.OWNER, new_id())
    async with database.begin(other) as tx:
        assert (await imports.recent(tx, None, 20)).items == []
        for refused in (imports.get(tx, mine.id), imports.apply(tx, mine.id)):
            with pytest.raises(imports.ImportNotFound):
                await refused
    async with database.begin(system(other_merchant_id)) as tx:
        with pytest.raises(imports.ImportNotFound):
            await imports.write(tx, mine.id)

    theirs = await brought_in(database, other, file(cup("A", "1")))

    assert theirs.creates == 1
    assert (await goods(database, owner))[0][0].skus[0].price == 9900


@pytest.mark.parametrize("role", [Role.GUEST, Role.SHOPPER, Role.HOST, Role.ANALYST])
async def test_only_who_may_edit_goods_imports(
    role: Role, database: Database, owner: Actor
) -> None:
    mine = await checked(database, owner, file(cup("A")))
    async with database.begin(Actor(owner.merchant_id, role, new_id())) as tx:
        for attempt in (
            imports.upload(tx, "x.csv", file(cup())),
            imports.recent(tx, None, 20),
            imports.get(tx, mine.id),
            imports.apply(tx, mine.id),
        ):
            with pytest.raises(NotAllowed):
                await attempt


@pytest.mark.parametrize("role", [Role.GUEST, Role.SHOPPER])
async def test_only_the_staff_exports(role: Role, database: Database, merchant_id: UUID) -> None:
    async with database.begin(Actor(merchant_id, role, new_id())) as tx:
        for attempt in (imports.export_csv(tx), imports.export_xlsx(tx)):
            with pytest.raises(NotAllowed):
                await attempt
