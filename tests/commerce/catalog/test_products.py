"""Products and their variants: who sees them, and what may be written."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from xinbo.commerce import catalog
from xinbo.commerce.catalog import Product, ProductStatus, PutProduct, PutSku
from xinbo.engines.db import EventRow
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.kit.errors import NotAllowed
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

SHOPPERS = (Role.SHOPPER, Role.GUEST)


def sku(code: str, *options: str, sku_id: UUID | None = None, price: int = 9900) -> PutSku:
    return PutSku(id=sku_id, code=code, options=list(options), price=price, barcode="")


def cup(
    *skus: PutSku,
    handle: str | None = None,
    title: str = "青瓷杯",
    status: ProductStatus = ProductStatus.ACTIVE,
    names: Sequence[str] = (),
) -> PutProduct:
    return PutProduct(
        handle=handle,
        title=title,
        subtitle="一盏清茶",
        description="手工拉坯\n龙泉烧制",
        unit="只",
        status=status,
        option_names=list(names),
        skus=list(skus) or [sku("CUP-1")],
    )


async def test_what_is_added_can_be_read_back(tx: Tx) -> None:
    colours = [sku("CUP-G", "青"), sku("CUP-W", "白", price=10900)]

    added = await catalog.add(tx, cup(*colours, names=["颜色"]))

    assert added == await catalog.get(tx, added.id)
    assert [(each.code, each.options, each.price) for each in added.skus] == [
        ("CUP-G", ["青"], 9900),
        ("CUP-W", ["白"], 10900),
    ]
    assert added.skus[0].currency == "CNY"
    assert added.handle == "青瓷杯"
    log = await tx.db.scalars(select(EventRow.type).where(EventRow.merchant_id == tx.merchant_id))
    assert list(log) == ["products.changed"]


async def test_two_products_of_one_title_get_two_handles(tx: Tx) -> None:
    await catalog.add(tx, cup(sku("A")))
    assert (await catalog.add(tx, cup(sku("B")))).handle == "青瓷杯-2"


async def test_shoppers_and_guests_see_what_is_on_sale_and_staff_sees_all(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        made = [
            await catalog.add(tx, cup(sku(status), status=status, title=status))
            for status in ProductStatus
        ]
    active = next(each for each in made if each.status is ProductStatus.ACTIVE)

    for role in SHOPPERS:
        async with database.begin(Actor(owner.merchant_id, role, new_id())) as tx:
            assert (await catalog.on_sale(tx, None, 20)).items == [active]
            assert await catalog.products(tx, [each.id for each in made]) == [active]
            for hidden in made:
                if hidden != active:
                    with pytest.raises(catalog.ProductNotFound):
                        await catalog.get(tx, hidden.id)
    for role in (Role.HOST, Role.ANALYST, Role.SYSTEM):
        async with database.begin(Actor(owner.merchant_id, role, new_id())) as tx:
            assert len((await catalog.search(tx, None, None, None, 20)).items) == 3


async def test_another_merchant_sees_and_changes_nothing(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    async with database.begin(owner) as tx:
        product = await catalog.add(tx, cup())
    for role in (Role.OWNER, Role.SHOPPER, Role.SYSTEM):
        async with database.begin(Actor(other_merchant_id, role, new_id())) as tx:
            with pytest.raises(catalog.ProductNotFound):
                await catalog.get(tx, product.id)
            assert (await catalog.on_sale(tx, None, 20)).items == []
            assert await catalog.products(tx, [product.id]) == []
            assert await catalog.skus(tx, [product.skus[0].id]) == {}
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id())) as tx:
        assert (await catalog.search(tx, "青瓷", None, None, 20)).items == []
        with pytest.raises(catalog.ProductNotFound):
            await catalog.put(tx, product.id, cup())
        upsert = catalog.Upsert(id=product.id, product=cup(handle="stolen"), pictures=[])
        with pytest.raises(catalog.ProductNotFound):
            await catalog.upsert_many(tx, [upsert])
        # The same code and handle are free with another merchant.
        await catalog.add(tx, cup(handle=product.handle))


@pytest.mark.parametrize("role", [*SHOPPERS, Role.HOST, Role.SERVICE, Role.ANALYST])
async def test_only_who_may_edit_goods_writes(role: Role, database: Database, owner: Actor) -> None:
    async with database.begin(owner) as tx:
        product = await catalog.add(tx, cup())
    async with database.begin(Actor(owner.merchant_id, role, new_id())) as tx:
        for attempt in (
            catalog.add(tx, cup(sku("X"))),
            catalog.put(tx, product.id, cup()),
            catalog.upsert_many(tx, []),
            catalog.add_picture(tx, product.id, b""),
            catalog.remove_picture(tx, product.id, new_id()),
        ):
            with pytest.raises(NotAllowed):
                await attempt


@pytest.mark.parametrize(
    "words", ["青瓷", "清茶 杯", "cup-g", "QINGCI", "100%_", "\0青瓷", "  "], ids=lambda each: each
)
async def test_a_search_finds_title_subtitle_handle_and_code(words: str, tx: Tx) -> None:
    wanted = await catalog.add(tx, cup(sku("CUP-G"), handle="qingci-100%_"))
    plain = msgspec.structs.replace(cup(sku("POT"), handle="pot", title="壶"), subtitle="")
    other = await catalog.add(tx, plain)

    found = (await catalog.search(tx, words, None, None, 20)).items

    assert wanted in found
    assert (other in found) is (not words.strip())


async def test_a_search_can_be_for_one_status(tx: Tx) -> None:
    draft = await catalog.add(tx, cup(sku("D"), status=ProductStatus.DRAFT))
    await catalog.add(tx, cup(sku("A")))

    found = await catalog.search(tx, None, ProductStatus.DRAFT, None, 20)

    assert found.items == [draft]


async def test_pages_follow_each_other_newest_first(tx: Tx) -> None:
    made = [(await catalog.add(tx, cup(sku(f"S{n}")))).id for n in range(5)]
    seen: list[UUID] = []
    cursor = None
    while True:
        page = await catalog.on_sale(tx, cursor, 2)
        seen += [each.id for each in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == made[::-1]


async def test_a_variant_left_out_is_retired_and_comes_back_by_its_code(tx: Tx) -> None:
    product = await catalog.add(tx, cup(sku("A", "青"), sku("B", "白"), names=["颜色"]))
    kept, gone = product.skus

    changed = await catalog.put(tx, product.id, cup(sku("A", "青", sku_id=kept.id), names=["颜色"]))
    card = (await catalog.skus(tx, [gone.id]))[gone.id]
    back = await catalog.put(
        tx, product.id, cup(sku("B", "白"), sku("A", "青", sku_id=kept.id), names=["颜色"])
    )

    assert [each.id for each in changed.skus] == [kept.id]
    assert (card.title, card.code, card.on_sale) == ("青瓷杯", "B", False)
    assert [each.id for each in back.skus] == [gone.id, kept.id]


async def test_a_retired_variants_code_is_free_for_another_product(tx: Tx) -> None:
    product = await catalog.add(tx, cup(sku("A")))
    await catalog.put(tx, product.id, cup(sku("B")))
    assert (await catalog.add(tx, cup(sku("A")))).skus[0].code == "A"


async def test_variants_may_swap_their_codes(tx: Tx) -> None:
    product = await catalog.add(tx, cup(sku("A", "青"), sku("B", "白"), names=["颜色"]))
    one, two = product.skus

    swapped = await catalog.put(
        tx,
        product.id,
        cup(sku("B", "青", sku_id=one.id), sku("A", "白", sku_id=two.id), names=["颜色"]),
    )

    assert [(each.id, each.code) for each in swapped.skus] == [(one.id, "B"), (two.id, "A")]


async def test_a_code_or_handle_in_use_is_refused(tx: Tx) -> None:
    taken = await catalog.add(tx, cup(sku("A"), handle="cup"))

    with pytest.raises(catalog.SkuCodeTaken) as code:
        await catalog.add(tx, cup(sku("A")))
    with pytest.raises(catalog.SkuCodeTaken):
        await catalog.add(tx, cup(sku("C", "1"), sku("C", "2"), names=["n"]))
    with pytest.raises(catalog.HandleTaken) as handle:
        await catalog.add(tx, cup(sku("B"), handle=taken.handle))

    assert code.value.facts == {"code": "A"}
    assert handle.value.facts == {"handle": "cup"}


async def test_of_two_who_take_a_code_at_once_one_is_refused(
    database: Database, owner: Actor
) -> None:
    async def take(title: str) -> Product | None:
        try:
            async with database.begin(owner) as tx:
                return await catalog.add(tx, cup(sku("A"), title=title))
        except catalog.SkuCodeTaken:
            return None

    results = await asyncio.gather(*(take(f"杯{n}") for n in range(6)))

    assert len([each for each in results if each]) == 1


@pytest.mark.parametrize(
    ("_case", "names", "options"),
    [
        ("a value too few", ["颜色", "大小"], [["青"]]),
        ("a value too many", [], [["青"]]),
        ("the same twice", ["颜色"], [["青"], ["青"]]),
        ("the same but for spaces", ["颜色"], [["青"], [" 青 "]]),
        ("one name twice", ["颜色", "颜色"], [["青", "白"]]),
    ],
)
async def test_variants_that_cannot_be_told_apart_are_refused(
    _case: str, names: list[str], options: list[list[str]], tx: Tx
) -> None:
    skus = [sku(f"S{number}", *values) for number, values in enumerate(options)]
    with pytest.raises(catalog.OptionsMismatch):
        await catalog.add(tx, cup(*skus, names=names))


async def test_another_products_variant_cannot_be_changed_by_its_id(tx: Tx) -> None:
    mine = await catalog.add(tx, cup(sku("A")))
    other = await catalog.add(tx, cup(sku("B")))

    with pytest.raises(catalog.SkuNotFound):
        await catalog.put(tx, mine.id, cup(sku("A", sku_id=other.skus[0].id)))


def test_a_title_of_nothing_but_control_characters_is_no_title() -> None:
    with pytest.raises(ValueError, match="empty"):
        cup(title="\x01")


async def test_texts_are_kept_clean(tx: Tx) -> None:
    product = await catalog.add(tx, cup(sku("A"), title="  杯\x00\t子\r\n"))
    assert product.title == "杯 子"


async def test_cards_show_what_was_on_sale_but_never_a_draft(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        made = {
            status: await catalog.add(tx, cup(sku(status), status=status))
            for status in ProductStatus
        }
    ids = {status: product.skus[0].id for status, product in made.items()}
    async with database.begin(Actor(owner.merchant_id, Role.SHOPPER, new_id())) as tx:
        cards = await catalog.skus(tx, ids.values())

    assert {each.sku_id: each.on_sale for each in cards.values()} == {
        ids[ProductStatus.ACTIVE]: True,
        ids[ProductStatus.ARCHIVED]: False,
    }


async def test_products_come_in_the_order_asked_for(tx: Tx) -> None:
    one, two, three = [await catalog.add(tx, cup(sku(code))) for code in "ABC"]
    found = await catalog.products(tx, [three.id, new_id(), one.id, two.id])
    assert [each.id for each in found] == [three.id, one.id, two.id]
