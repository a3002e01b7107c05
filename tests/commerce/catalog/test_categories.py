"""Categories: a tree, what it asks of its goods, and what goods have from it."""

import asyncio
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from tests.commerce.catalog.test_products import cup, sku
from xinbo.commerce import catalog, prices
from xinbo.commerce.catalog import (
    AttributeKind,
    Category,
    ContentUnit,
    ProductStatus,
    PutAttribute,
    PutCategory,
    PutProduct,
    ReturnRule,
)
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

SKIN = PutAttribute(
    key="skin", name="肤质", kind=AttributeKind.CHOICE, options=["干性", "油性"], required=True
)
POWER = PutAttribute(key="power", name="功率", kind=AttributeKind.NUMBER, unit="瓦")


async def made(tx: Tx, name: str, parent: Category | None = None, **more: object) -> Category:
    command = PutCategory(name=name, parent_id=parent.id if parent else None)
    return await catalog.add_category(tx, msgspec.structs.replace(command, **more))


def of(category: Category | UUID, **attributes: catalog.AttributeValue) -> PutProduct:
    category_id = category if isinstance(category, UUID) else category.id
    return msgspec.structs.replace(cup(), category_id=category_id, attributes=attributes)


async def test_a_tree_is_four_deep_and_no_deeper(tx: Tx) -> None:
    one = await made(tx, "美妆")
    two = await made(tx, "护肤", one)
    three = await made(tx, "面部", two)
    four = await made(tx, "面霜", three)

    assert four.path == [four.id, three.id, two.id, one.id]
    with pytest.raises(catalog.CategoryRefused):
        await made(tx, "更深", four)
    with pytest.raises(catalog.CategoryRefused):
        await catalog.put_category(tx, one.id, PutCategory(name="美妆", parent_id=two.id))


async def test_a_category_moves_with_all_that_is_below_it(tx: Tx) -> None:
    one, other = await made(tx, "美妆"), await made(tx, "个护", return_rule=ReturnRule.NO_RETURNS)
    two = await made(tx, "护肤", one)
    three = await made(tx, "面霜", two)

    await catalog.put_category(tx, two.id, PutCategory(name="护肤", parent_id=other.id))

    found = {each.id: each for each in await catalog.categories(tx)}
    assert found[three.id].path == [three.id, two.id, other.id]
    assert found[three.id].effective_rule is ReturnRule.NO_RETURNS


async def test_goods_have_the_return_rule_of_the_nearest_category_that_says_one(tx: Tx) -> None:
    """#7 what may go back is a rule of the category, known before it is bought."""
    one = await made(tx, "美妆", return_rule=ReturnRule.UNLESS_OPENED)
    two = await made(tx, "面霜", one)
    product = await catalog.add(tx, of(two))
    plain = await catalog.add(tx, cup(sku("PLAIN")))

    cards = await catalog.skus(tx, [product.skus[0].id, plain.skus[0].id])

    assert cards[product.skus[0].id].return_rule is ReturnRule.UNLESS_OPENED
    assert cards[product.skus[0].id].category_ids == [two.id, one.id]
    assert cards[plain.skus[0].id].return_rule is ReturnRule.SEVEN_DAYS
    assert cards[plain.skus[0].id].category_ids == []


@pytest.mark.parametrize(
    ("key", "reason", "attributes"),
    [
        ("skin", "required", {}),
        ("skin", "not_an_option", {"skin": "中性"}),
        ("power", "not_a_number", {"skin": "干性", "power": "很大"}),
        ("power", "not_a_number", {"skin": "干性", "power": True}),
        ("size", "unknown", {"skin": "干性", "size": "L"}),
    ],
)
async def test_what_the_category_asks_for_is_checked(
    key: str, reason: str, attributes: dict[str, catalog.AttributeValue], tx: Tx
) -> None:
    parent = await made(tx, "美妆", attributes=[SKIN])
    category = await made(tx, "面霜", parent, attributes=[POWER])

    with pytest.raises(catalog.AttributeRefused) as refusal:
        await catalog.add(tx, of(category, **attributes))
    assert refusal.value.facts == {"key": key, "reason": reason}

    product = await catalog.add(tx, of(category, skin="干性", power=12.5))
    assert product.attributes == {"skin": "干性", "power": 12.5}


async def test_a_key_comes_once_on_the_way_from_the_root(tx: Tx) -> None:
    parent = await made(tx, "美妆", attributes=[SKIN])
    with pytest.raises(catalog.CategoryRefused):
        await made(tx, "面霜", parent, attributes=[SKIN])
    await made(tx, "茶具", attributes=[SKIN])


async def test_a_category_goes_only_when_nothing_is_in_it(tx: Tx) -> None:
    parent = await made(tx, "美妆")
    child = await made(tx, "面霜", parent)
    product = await catalog.add(tx, of(child))

    for used in (parent, child):
        with pytest.raises(catalog.CategoryInUse):
            await catalog.remove_category(tx, used.id)
    await catalog.put(tx, product.id, cup(sku("CUP-1", sku_id=product.skus[0].id)))
    await catalog.remove_category(tx, child.id)
    await catalog.remove_category(tx, parent.id)
    assert await catalog.categories(tx) == []


async def test_a_name_comes_once_in_a_place(tx: Tx) -> None:
    parent = await made(tx, "美妆")
    await made(tx, "面霜", parent)
    with pytest.raises(catalog.CategoryNameTaken):
        await made(tx, "面霜 ", parent)
    await made(tx, "面霜")


async def test_of_two_who_move_categories_below_each_other_one_is_refused(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        one, two = await made(tx, "一"), await made(tx, "二")

    async def below(it: Category, other: Category) -> bool:
        try:
            async with database.begin(owner) as tx:
                command = PutCategory(name=it.name, parent_id=other.id)
                await catalog.put_category(tx, it.id, command)
        except catalog.CategoryRefused:
            return False
        return True

    assert sorted(await asyncio.gather(below(one, two), below(two, one))) == [False, True]


async def test_another_merchants_tree_is_not_there(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    async with database.begin(owner) as tx:
        category = await made(tx, "美妆")
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id())) as tx:
        assert await catalog.categories(tx) == []
        for attempt in (
            catalog.put_category(tx, category.id, PutCategory(name="x")),
            catalog.remove_category(tx, category.id),
            made(tx, "x", category),
            catalog.add(tx, of(category)),
        ):
            with pytest.raises(catalog.CategoryNotFound):
                await attempt


async def test_only_who_may_edit_goods_writes_the_tree(database: Database, owner: Actor) -> None:
    async with database.begin(Actor(owner.merchant_id, Role.HOST, new_id())) as tx:
        for attempt in (
            made(tx, "x"),
            catalog.put_category(tx, new_id(), PutCategory(name="x")),
            catalog.remove_category(tx, new_id()),
        ):
            with pytest.raises(NotPermitted):
                await attempt


async def test_the_unit_price_is_of_the_variants_own_content_or_the_products(tx: Tx) -> None:
    command = cup(sku("SMALL", "小", price=9900), sku("BIG", "大"), names=["容量"])
    command = msgspec.structs.replace(command, content=30, content_unit=ContentUnit.ML)
    big = msgspec.structs.replace(sku("BIG", "大", price=15000), content=50, grams=80)
    product = await catalog.add(tx, msgspec.structs.replace(command, skus=[command.skus[0], big]))

    small, large = (each.unit_price for each in product.skus)
    assert small
    assert (small.price, small.per, small.unit, small.content) == (33000, 100, "ml", 30)
    assert large
    assert (large.price, large.content) == (30000, 50)
    assert (await catalog.skus(tx, [product.skus[1].id]))[product.skus[1].id].grams == 80


async def test_every_list_price_that_shoppers_see_is_on_the_log(tx: Tx) -> None:
    """#1 a price that was shown can be looked up; one of a draft was never shown."""
    product = await catalog.add(tx, cup(sku("A", price=9900), status=ProductStatus.DRAFT))
    a = product.skus[0].id
    with pytest.raises(prices.PriceNotFound):
        await prices.history(tx, a)

    await catalog.put(tx, product.id, cup(sku("A", sku_id=a, price=9900)))
    later = tx.acting(tx.actor)
    later.now = tx.now + timedelta(days=1)
    await catalog.put(later, product.id, cup(sku("A", sku_id=a, price=8900)))
    assert [each.price for each in (await prices.history(later, a)).points] == [9900, 8900]

    later.now = tx.now + timedelta(days=2)
    hidden = cup(sku("A", sku_id=a, price=8900), status=ProductStatus.ARCHIVED)
    await catalog.put(later, product.id, hidden)
    with pytest.raises(prices.PriceNotFound):
        await prices.history(later, a)
