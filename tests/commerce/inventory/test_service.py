"""Stock is set, split into pools, promised and given back."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from xinbo.commerce import inventory
from xinbo.commerce.inventory import BelowReserved, OutOfStock, Take
from xinbo.engines.db import EventRow
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio

SKU, OTHER, POOL = new_id(), new_id(), new_id()


def take(quantity: int, sku_id: UUID = SKU, pool_id: UUID = NIL) -> Take:
    return Take(sku_id=sku_id, pool_id=pool_id, quantity=quantity)


async def counts(tx: Tx, pool_id: UUID = NIL) -> tuple[int, int, int]:
    (row,) = await inventory.stock(tx, [SKU], pool_id)
    return row.on_hand, row.reserved, row.left


async def test_an_sku_nobody_counted_has_none(tx: Tx) -> None:
    assert await counts(tx) == (0, 0, 0)
    assert await inventory.left(tx, [(SKU, NIL), (SKU, POOL)]) == {(SKU, NIL): 0, (SKU, POOL): 0}
    with pytest.raises(OutOfStock) as refusal:
        await inventory.reserve(tx, new_id(), [take(1)])
    assert refusal.value.facts == {"sku_id": SKU, "wanted": 1, "left": 0}


async def test_a_count_may_not_fall_below_what_is_promised(tx: Tx) -> None:
    await inventory.set_on_hand(tx, SKU, 5)
    await inventory.reserve(tx, new_id(), [take(3)])

    with pytest.raises(BelowReserved) as refusal:
        await inventory.set_on_hand_many(tx, {SKU: 2, OTHER: 9})

    assert refusal.value.facts == {"sku_id": SKU, "reserved": 3}
    assert await counts(tx) == (5, 3, 2)
    assert (await inventory.set_on_hand(tx, SKU, 3)).left == 0


async def test_counts_come_by_the_thousand_and_are_told_in_portions(tx: Tx) -> None:
    many = {new_id(): n for n in range(1200)}

    await inventory.set_on_hand_many(tx, many)

    rows = await inventory.stock(tx, list(many))
    assert {row.sku_id: row.on_hand for row in rows} == many
    facts = [row.payload["skuIds"] for row in await events(tx, "stock.changed")]
    assert [len(ids) for ids in facts if isinstance(ids, list)] == [500, 500, 200]  # pyright: ignore[reportUnknownArgumentType] # JSON


async def events(tx: Tx, name: str) -> list[EventRow]:
    return list(
        await tx.db.scalars(
            select(EventRow)
            .where(EventRow.merchant_id == tx.merchant_id, EventRow.type == name)
            .order_by(EventRow.seq)
        )
    )


async def test_only_those_who_edit_goods_count_stock(database: Database, merchant_id: UUID) -> None:
    for role in (Role.SHOPPER, Role.HOST, Role.ANALYST):
        async with database.begin(Actor(merchant_id, role, new_id())) as tx:
            with pytest.raises(NotPermitted):
                await inventory.set_on_hand(tx, SKU, 1)


async def test_a_pool_is_filled_from_the_general_one_and_emptied_into_it(tx: Tx) -> None:
    await inventory.set_on_hand(tx, SKU, 10)

    await inventory.allocate(tx, SKU, POOL, 6)
    assert (await counts(tx), await counts(tx, POOL)) == ((4, 0, 4), (6, 0, 6))
    await inventory.allocate(tx, SKU, POOL, 2)
    assert (await counts(tx), await counts(tx, POOL)) == ((8, 0, 8), (2, 0, 2))
    with pytest.raises(OutOfStock):
        await inventory.allocate(tx, SKU, POOL, 11)
    await inventory.close_pool(tx, POOL)
    await inventory.close_pool(tx, POOL)
    assert (await counts(tx), await counts(tx, POOL)) == ((10, 0, 10), (0, 0, 0))


async def test_a_pool_keeps_what_it_has_promised(tx: Tx) -> None:
    await inventory.set_on_hand(tx, SKU, 10)
    await inventory.allocate(tx, SKU, POOL, 6)
    holder = new_id()
    await inventory.reserve(tx, holder, [take(4, pool_id=POOL)])

    with pytest.raises(BelowReserved):
        await inventory.allocate(tx, SKU, POOL, 3)
    await inventory.close_pool(tx, POOL)
    assert (await counts(tx), await counts(tx, POOL)) == ((6, 0, 6), (4, 4, 0))

    await inventory.release(tx, holder)
    await inventory.release(tx, holder)
    assert (await counts(tx), await counts(tx, POOL)) == ((10, 0, 10), (0, 0, 0))


async def test_pieces_given_back_to_an_open_pool_stay_in_it(tx: Tx) -> None:
    await inventory.set_on_hand(tx, SKU, 10)
    await inventory.allocate(tx, SKU, POOL, 6)
    holder = new_id()
    await inventory.reserve(tx, holder, [take(4, pool_id=POOL)])

    await inventory.release(tx, holder)

    assert (await counts(tx), await counts(tx, POOL)) == ((4, 0, 4), (6, 0, 6))


async def test_every_line_is_set_aside_or_none(tx: Tx) -> None:
    await inventory.set_on_hand_many(tx, {SKU: 5, OTHER: 1})

    with pytest.raises(OutOfStock):
        await inventory.reserve(tx, new_id(), [take(2), take(2, OTHER)])

    assert await counts(tx) == (5, 0, 5)


async def test_another_merchants_stock_is_not_there(
    database: Database, tx: Tx, other_merchant_id: UUID
) -> None:
    await inventory.set_on_hand(tx, SKU, 5)
    holder = new_id()
    await inventory.reserve(tx, holder, [take(1)])
    stranger = tx.acting(system(other_merchant_id))

    assert await inventory.left(stranger, [(SKU, NIL)]) == {(SKU, NIL): 0}
    with pytest.raises(OutOfStock):
        await inventory.reserve(stranger, new_id(), [take(1)])
    await inventory.release(stranger, holder)
    await inventory.close_pool(stranger, NIL)
    assert await counts(tx) == (5, 1, 4)


async def test_shoppers_see_what_is_left_and_no_more(database: Database, tx: Tx) -> None:
    await inventory.set_on_hand(tx, SKU, 5)
    await inventory.reserve(tx, new_id(), [take(3)])
    guest = tx.acting(Actor(tx.merchant_id, Role.GUEST))

    assert await counts(guest) == (2, 0, 2)


async def test_the_last_pieces_have_one_buyer_each(database: Database, merchant_id: UUID) -> None:
    sku_id = new_id()
    async with database.begin(system(merchant_id)) as tx:
        await inventory.set_on_hand(tx, sku_id, 5)

    async def try_to_take() -> bool:
        try:
            async with database.begin(system(merchant_id)) as tx:
                await inventory.reserve(tx, new_id(), [take(1, sku_id)])
        except OutOfStock:
            return False
        return True

    assert sum(await asyncio.gather(*(try_to_take() for _ in range(40)))) == 5


async def test_baskets_in_opposite_order_do_not_deadlock(
    database: Database, merchant_id: UUID
) -> None:
    pair = [new_id(), new_id()]
    async with database.begin(system(merchant_id)) as tx:
        await inventory.set_on_hand_many(tx, dict.fromkeys(pair, 100))

    async def buy(ids: list[UUID]) -> None:
        async with database.begin(system(merchant_id)) as tx:
            await inventory.reserve(tx, new_id(), [take(1, sku_id) for sku_id in ids])

    await asyncio.gather(*(buy(pair[:: 1 if n % 2 else -1]) for n in range(30)))
