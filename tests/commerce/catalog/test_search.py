"""Shoppers find what is on sale: by words, category, brand, attributes, price; page by page."""

from uuid import UUID

import msgspec
import pytest

from tests.commerce.catalog.test_products import cup, sku
from xinbo.commerce import catalog, inventory
from xinbo.commerce.catalog import (
    AttributeKind,
    Product,
    ProductStatus,
    PutAttribute,
    PutCategory,
    Search,
    Sort,
    Upsert,
    _reactions,
)
from xinbo.commerce.catalog._models import ProductSearchRow
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.kit.ids import new_id
from xinbo.kit.paging import CursorRefused

pytestmark = pytest.mark.anyio


async def put(tx: Tx, title: str, *, stock: int = 5, price: int = 9900, **more: object) -> Product:
    command = cup(sku(f"S-{new_id()}", price=price), title=title)
    product = await catalog.add(
        tx, msgspec.structs.replace(command, **{"subtitle": "", "handle": None} | more)
    )
    await inventory.set_on_hand(tx, product.skus[0].id, stock)
    return product


async def titles(tx: Tx, q: str = "", **more: object) -> list[str]:
    search = msgspec.structs.replace(Search(q=q), **more)
    return [each.title for each in (await catalog.find(tx, search, None, 50)).items]


@pytest.mark.parametrize(
    "q",
    [
        "面霜",
        "保湿面霜",
        "面霜 保湿",
        "霜",
        "保濕面霜",
        "ｂａｏｓｈｉ",
        "baoshi",
        "mianshuang",
        "mianshu",
        "bsms",
        "ms",
        "baosms",
        "baoshi ms",
        "保湿ms",
        "青禾",
        "qinghe",
        "qh 面霜",
        "50g",
        "JXC-50",
        "jxc",
        "积雪草面霜",
        "护肤",
        "hufu",
    ],
)
async def test_a_product_is_found_by_what_people_type(q: str, tx: Tx) -> None:
    """#10 search in Chinese, pinyin, initials, traditional characters, by brand and by code."""
    category = await catalog.add_category(tx, PutCategory(name="护肤"))
    command = msgspec.structs.replace(
        cup(sku("JXC-50"), title="积雪草保湿面霜 50g"), brand="青禾", category_id=category.id
    )
    wanted = await catalog.add(tx, command)
    await put(tx, "紫砂茶壶", brand="南山")

    found = await catalog.find(tx, Search(q=q), None, 20)

    assert [each.id for each in found.items] == [wanted.id]


@pytest.mark.parametrize("q", ["量子", "zzzz", "'", "\\", "a:b | c & !d", ":*", "\0", "杯'--"])
async def test_strange_words_find_nothing_and_break_nothing(q: str, tx: Tx) -> None:
    await put(tx, "保湿面霜")
    assert await titles(tx, q) == ([] if q not in {"'", "\\", ":*", "\0"} else ["保湿面霜"])


async def test_the_narrower_match_comes_first_and_what_is_sold_out_last(tx: Tx) -> None:
    await put(tx, "茶杯")
    await put(tx, "杯垫 茶色")
    await put(tx, "大茶杯")
    await put(tx, "茶杯 白瓷", stock=0)

    assert await titles(tx, "茶杯") == ["茶杯", "大茶杯", "杯垫 茶色", "茶杯 白瓷"]
    assert await titles(tx, "茶杯", in_stock=True) == ["茶杯", "大茶杯", "杯垫 茶色"]


async def test_filters_hold_together(tx: Tx) -> None:
    skin = PutAttribute(key="skin", name="肤质", kind=AttributeKind.TEXT)
    root = await catalog.add_category(tx, PutCategory(name="美妆", attributes=[skin]))
    leaf = await catalog.add_category(tx, PutCategory(name="面霜", parent_id=root.id))
    other = await catalog.add_category(tx, PutCategory(name="茶具"))
    await put(tx, "甲", category_id=root.id, price=1000, brand="青禾", attributes={"skin": "干"})
    await put(tx, "乙", category_id=leaf.id, price=2000, brand="青禾", attributes={"skin": "油"})
    await put(tx, "丙", category_id=leaf.id, price=3000, brand="南山")
    await put(tx, "丁", category_id=other.id, price=4000)

    assert await titles(tx, category_id=root.id) == ["丙", "乙", "甲"]
    assert await titles(tx, category_id=leaf.id) == ["丙", "乙"]
    assert await titles(tx, category_id=new_id()) == []
    assert await titles(tx, brand="青禾") == ["乙", "甲"]
    assert await titles(tx, attributes=["skin:干", "skin:油"]) == ["乙", "甲"]
    assert await titles(tx, attributes=["skin:干"], brand="青禾") == ["甲"]
    assert await titles(tx, price_from=2000, price_to=3000) == ["丙", "乙"]
    assert await titles(tx, sort=Sort.PRICE_UP) == ["甲", "乙", "丙", "丁"]
    assert await titles(tx, sort=Sort.PRICE_DOWN, category_id=root.id) == ["丙", "乙", "甲"]

    facets = await catalog.facets(tx, Search(category_id=root.id))
    assert facets.counted == 3
    assert {each.value: each.count for each in facets.brands} == {"青禾": 2, "南山": 1}
    assert {each.value: each.count for each in facets.categories} == {
        str(leaf.id): 2,
        str(root.id): 1,
    }
    assert [each.key for each in facets.attributes] == ["skin"]
    assert (facets.price_from, facets.price_to) == (1000, 3000)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("q", ["", "茶杯", "cb"])
async def test_pages_show_everything_once(q: str, sort: Sort, tx: Tx) -> None:
    for n in range(9):
        await put(tx, ["茶杯", "大茶杯", "茶色的杯"][n % 3], stock=n % 2, price=1000 + n % 4)
    search = Search(q=q, sort=sort)
    whole = [each.id for each in (await catalog.find(tx, search, None, 50)).items]
    seen: list[UUID] = []
    cursor = None
    for _ in range(9):
        page = await catalog.find(tx, search, cursor, 2)
        seen += [each.id for each in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == whole
    assert len(set(seen)) == (6 if q == "cb" else 9)


@pytest.mark.parametrize(
    "cursor", ["x", "1.2", "9.0.00000000-0000-0000-0000-000000000000", "-1.0.0"]
)
async def test_a_cursor_that_was_not_handed_out_is_refused(cursor: str, tx: Tx) -> None:
    with pytest.raises(CursorRefused):
        await catalog.find(tx, Search(), cursor, 20)


async def test_drafts_and_other_merchants_goods_are_not_found(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    async with database.begin(owner) as tx:
        await put(tx, "茶杯", status=ProductStatus.DRAFT)
        shown = await put(tx, "大茶杯", brand="青禾")
    for role in (Role.GUEST, Role.OWNER):
        async with database.begin(Actor(owner.merchant_id, role, new_id())) as tx:
            assert await titles(tx, "茶杯") == ["大茶杯"]
            assert [each.id for each in await catalog.cards(tx, [shown.id])] == [shown.id]
        async with database.begin(Actor(other_merchant_id, role, new_id())) as tx:
            assert await titles(tx, "茶杯") == []
            assert await titles(tx) == []
            assert await catalog.suggest(tx, "cha") == []
            assert (await catalog.facets(tx, Search())).counted == 0
            assert await catalog.cards(tx, [shown.id]) == []


async def test_a_change_is_found_at_once_and_what_was_before_is_not(tx: Tx) -> None:
    product = await put(tx, "茶杯")
    command = cup(sku("NEW", sku_id=product.skus[0].id), title="花瓶")
    await catalog.put(tx, product.id, command)

    assert await titles(tx, "茶杯") == []
    assert await titles(tx, "huaping") == ["花瓶"]


async def test_suggestions_are_categories_then_brands_then_products(tx: Tx) -> None:
    category = await catalog.add_category(tx, PutCategory(name="面霜"))
    await put(tx, "面膜", brand="眠羊")

    found = await catalog.suggest(tx, "m")

    assert [(each.kind, each.text) for each in found] == [
        ("category", "面霜"),
        ("brand", "眠羊"),
        ("product", "面膜"),
    ]
    assert found[0].id == category.id
    assert await catalog.suggest(tx, " ") == []


async def test_goods_of_before_the_index_and_of_older_rules_are_read_anew(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        product = await put(tx, "茶杯")
        row = await tx.db.get_one(ProductSearchRow, product.id)
        row.version, row.words = 0, ""
        other = await put(tx, "大茶杯")
        await tx.db.flush()
        await tx.db.delete(await tx.db.get_one(ProductSearchRow, other.id))

    await _reactions.sweep(database)

    async with database.begin(owner) as tx:
        assert sorted(await titles(tx, "chabei")) == ["大茶杯", "茶杯"]


async def test_ten_thousand_goods_are_written_in_one_call_and_found(tx: Tx) -> None:
    many = [
        Upsert(id=None, product=cup(sku(f"M{n}"), handle=f"m-{n}", title=f"茶杯 {n}"), pictures=[])
        for n in range(1_000)
    ]
    await catalog.upsert_many(tx, many)
    assert await titles(tx, "chabei 777") == ["茶杯 777"]
