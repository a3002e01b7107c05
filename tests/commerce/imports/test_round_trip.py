"""What is written out reads back the same: into the shop it came from, and into an empty one."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from uuid import UUID

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import NOW
from xinbo.commerce.catalog import (
    ContentUnit,
    Picture,
    Product,
    ProductStatus,
    PutProduct,
    PutSku,
    Sku,
    clean,
    paragraph,
)
from xinbo.commerce.imports._service.branches import category_path
from xinbo.commerce.imports._service.exporting import write_csv, write_xlsx
from xinbo.commerce.imports._service.files import open_table
from xinbo.commerce.imports._service.planning import Goods, Plan, plan
from xinbo.commerce.imports._types import HeaderSet, UpsertKey

MOST_FEN = 10_000_000_000
# Spreadsheets and Shopify both give some texts a meaning of their own: those come up often.
letters = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from("='+-@<>&;,\"\n\t _x0041"),
    st.sampled_from("青瓷杯"),
)


def line(most: int) -> st.SearchStrategy[str]:
    return st.text(letters, max_size=most).map(clean)


def name(most: int) -> st.SearchStrategy[str]:
    return st.text(letters, min_size=1, max_size=most).map(clean).filter(bool)


ids = st.uuids()
contents = st.none() | st.tuples(st.integers(1, 1_000_000), st.sampled_from(ContentUnit))
CATEGORIES = {UUID(int=1): "美妆", UUID(int=2): "美妆 > 面霜", UUID(int=3): "=食品 > 茶"}
codes = st.from_regex(r"[A-Z='+\-@a-z0-9_.]{1,12}( [0-9a-z]{1,4})?", fullmatch=True)
handles = st.from_regex(r"[a-z='\-+@青瓷0-9._&]{1,20}", fullmatch=True)


@st.composite
def products(draw: st.DrawFn) -> list[Product]:
    taken = draw(st.lists(codes, unique=True, min_size=1, max_size=8))
    made: list[Product] = []
    for handle in draw(st.lists(handles, unique=True, min_size=1, max_size=3)):
        names = draw(st.lists(name(10), unique=True, max_size=3))
        variants = draw(
            st.lists(st.tuples(*[name(8) for _ in names]), unique=True, min_size=1, max_size=3)
        )
        content = draw(contents)
        skus = [
            Sku(
                id=draw(ids),
                code=taken.pop(),
                options=list(values),
                price=draw(st.integers(0, MOST_FEN)),
                currency="CNY",
                barcode=draw(line(12)),
                picture_id=None,
                picture_url=None,
                grams=draw(st.integers(0, 1_000_000)),
                content=draw(st.none() | st.integers(1, 1_000_000)) if content else None,
                unit_price=None,
            )
            for values in variants[: len(taken)]
        ]
        if skus:
            made.append(_product(draw, handle, names, skus, content))
    return made


def _product(
    draw: st.DrawFn,
    handle: str,
    names: list[str],
    skus: list[Sku],
    content: tuple[int, ContentUnit] | None,
) -> Product:
    return Product(
        id=draw(ids),
        handle=handle,
        title=draw(name(20)),
        subtitle=draw(line(20)),
        description=paragraph(draw(st.text(letters, max_size=60))),
        unit=draw(name(4)),
        status=draw(st.sampled_from(ProductStatus)),
        option_names=names,
        skus=skus,
        pictures=[
            Picture(
                id=draw(ids),
                url=f"/blobs/{draw(st.integers(0, 2**64)):064x}.webp",
                thumb_url="",
                alt=draw(line(10)),
                width=1,
                height=1,
            )
            for _ in range(draw(st.integers(0, 3)))
        ],
        category_id=draw(st.sampled_from([None, *CATEGORIES])),
        brand=draw(line(10)),
        attributes={},
        content=content[0] if content else None,
        content_unit=content[1] if content else None,
        updated_at=NOW,
    )


def read(content: bytes, key: UpsertKey, shop: Sequence[Product], stock: dict[UUID, int]) -> Plan:
    table = open_table(content)
    goods = Goods(
        by_code={sku.code: product for product in shop for sku in product.skus},
        by_handle={product.handle: product for product in shop},
        on_hand=stock,
        pictures={picture.url for product in shop for picture in product.pictures},
        categories={category_path(name): key for key, name in CATEGORIES.items()},
    )
    return plan(table.rows, table.names, table.header_set, key, goods)


def put(product: Product) -> PutProduct:
    """Say what an empty shop would be told to write."""
    skus = [
        PutSku(
            id=None,
            code=sku.code,
            options=sku.options,
            price=sku.price,
            barcode=sku.barcode,
            grams=sku.grams,
            content=sku.content,
        )
        for sku in product.skus
    ]
    return PutProduct(
        handle=product.handle,
        title=product.title,
        subtitle=product.subtitle,
        description=product.description,
        unit=product.unit,
        status=product.status,
        option_names=product.option_names,
        skus=skus,
        category_id=product.category_id,
        brand=product.brand,
        content=product.content,
        content_unit=product.content_unit,
    )


formats = pytest.mark.parametrize("write", [write_csv, write_xlsx], ids=["csv", "xlsx"])
each_set = pytest.mark.parametrize("headers", HeaderSet)
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@formats
@each_set
@few
@given(shop=products(), pieces=st.integers(0, 10_000_000), key=st.sampled_from(UpsertKey))
def test_an_export_read_back_changes_nothing(
    write: type, headers: HeaderSet, shop: list[Product], pieces: int, key: UpsertKey
) -> None:
    stock = {sku.id: pieces for product in shop for sku in product.skus}

    found = read(write(shop, stock, headers, CATEGORIES), key, shop, stock)

    assert found.errors == []
    assert (found.creates, found.updates, found.unchanged) == (0, 0, len(shop))
    assert (found.steps, found.stock, found.ignored_pictures) == ([], {}, 0)


@formats
@each_set
@few
@given(shop=products(), pieces=st.integers(0, 10_000_000), key=st.sampled_from(UpsertKey))
def test_an_export_read_into_an_empty_shop_makes_the_same_goods(
    write: type, headers: HeaderSet, shop: list[Product], pieces: int, key: UpsertKey
) -> None:
    only = [p for p in shop if p.option_names != ["Title"]]  # Shopify's word for "no options"
    stock = {sku.id: pieces for product in only for sku in product.skus}

    found = read(write(only, stock, headers, CATEGORIES), key, [], {})

    assert found.errors == []
    assert [step.upsert.product for step in found.steps] == [put(each) for each in only]
    assert found.stock == {sku.code: pieces for product in only for sku in product.skus}


def test_a_spreadsheet_is_fit_to_be_worked_in() -> None:
    sku = Sku(
        id=UUID(int=1),
        code="007",
        options=[],
        price=9900,
        currency="CNY",
        barcode="6901234567892",
        picture_id=None,
        picture_url=None,
        grams=120,
        content=None,
        unit_price=None,
    )
    product = Product(
        id=UUID(int=2),
        handle="cup",
        title="=青瓷杯",
        subtitle="",
        description="",
        unit="只",
        status=ProductStatus.ACTIVE,
        option_names=[],
        skus=[sku],
        pictures=[],
        category_id=UUID(int=2),
        brand="青禾",
        attributes={},
        content=500,
        content_unit=ContentUnit.ML,
        updated_at=NOW,
    )
    content = write_xlsx([product], {sku.id: 5}, HeaderSet.CHINESE, CATEGORIES)

    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    head, line = sheet.iter_rows()
    row = {str(name.value): cell for name, cell in zip(head, line, strict=True)}

    assert sheet.freeze_panes == "A2"
    assert (row["价格"].value, row["价格"].number_format) == (99, "0.00")
    assert (row["库存"].value, row["库存"].number_format) == (5, "0")
    assert (row["规格编码(SKU)"].value, row["规格编码(SKU)"].number_format) == ("007", "@")
    assert [row[name].value for name in ("分类", "品牌", "净含量", "重量(克)")] == [
        "美妆 > 面霜",
        "青禾",
        "500 ml",
        120,
    ]
    assert (row["商品名称"].value, row["商品名称"].data_type) == ("'=青瓷杯", "s")
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["E"].width


def test_a_csv_says_what_it_is_encoded_in() -> None:
    assert write_csv([], {}, HeaderSet.CHINESE, {}).startswith(b"\xef\xbb\xbf")
    assert zipfile.is_zipfile(BytesIO(write_xlsx([], {}, HeaderSet.SHOPIFY, {})))


def test_a_put_says_all_that_a_product_is() -> None:
    """A field that is new in the catalog must be read and written here too."""
    assert set(PutProduct.__struct_fields__) == set(Product.__struct_fields__) - {
        "id",
        "pictures",
        "updated_at",
    }
    assert set(PutSku.__struct_fields__) == {
        *(
            each
            for each in Sku.__struct_fields__
            if each not in {"currency", "picture_url", "unit_price"}
        )
    }
