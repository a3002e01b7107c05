"""Where pieces lie, why they came and went, and when few are left."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.support import NOW, opened, product_on_sale
from xinbo.commerce import catalog, inventory
from xinbo.commerce.catalog import Search
from xinbo.commerce.inventory import (
    Adjust,
    BelowReserved,
    Moved,
    MovePart,
    MoveReason,
    NotReserved,
    OutOfStock,
    PutWarehouse,
    Receive,
    Take,
    Transfer,
    WarehouseNotFound,
    WarehouseShort,
    _reactions,
)
from xinbo.commerce.inventory._models import HeldRow, MovementRow, StockRow
from xinbo.commerce.inventory._rules import Lacking, spread
from xinbo.engines.db import EventRow
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio


def take(sku_id: UUID, quantity: int, pool_id: UUID = NIL) -> Take:
    return Take(sku_id=sku_id, pool_id=pool_id, quantity=quantity)


def parts(sku_id: UUID, quantity: int) -> list[MovePart]:
    return [MovePart(sku_id=sku_id, quantity=quantity)]


async def goods(tx: Tx, stock: int = 10) -> UUID:
    return (await product_on_sale(tx, stock=stock)).skus[0].id


async def held(tx: Tx, sku_id: UUID) -> dict[str, int]:
    names = {each.id: each.name for each in await inventory.warehouses(tx)}
    level = await inventory.level(tx, sku_id)
    return {names[each.warehouse_id]: each.on_hand for each in level.held}


async def moved(tx: Tx, sku_id: UUID) -> list[tuple[str, int]]:
    page = await inventory.movements(tx, Moved(sku_id=sku_id), None, 50)
    return [(each.why.value, each.delta) for each in page.items]


async def second(tx: Tx, name: str = "北仓") -> UUID:
    return (await inventory.add_warehouse(tx, PutWarehouse(name=name))).id


async def low(tx: Tx) -> list[int]:
    rows = await tx.db.scalars(
        select(EventRow)
        .where(EventRow.merchant_id == tx.merchant_id, EventRow.type == "stock.low")
        .order_by(EventRow.seq)
    )
    return [int(str(row.payload["left"])) for row in rows]


async def test_a_count_writes_down_the_difference_in_the_default_warehouse(tx: Tx) -> None:
    sku_id = await goods(tx, 10)
    await inventory.set_on_hand(tx, sku_id, 7)
    await inventory.set_on_hand(tx, sku_id, 7)

    assert await moved(tx, sku_id) == [("count", -3), ("count", 10)]
    assert await held(tx, sku_id) == {"默认仓": 7}
    first = (await inventory.movements(tx, Moved(sku_id=sku_id), None, 1)).items[0]
    assert (first.actor_id, first.at, first.code) == (tx.actor.user_id, NOW, first.code)


async def test_what_was_there_before_warehouses_lies_in_the_default_one(tx: Tx) -> None:
    sku_id, pool = new_id(), new_id()
    for pool_id, pieces in ((NIL, 3), (pool, 4)):
        tx.db.add(
            StockRow(merchant_id=tx.merchant_id, sku_id=sku_id, pool_id=pool_id, on_hand=pieces)
        )
    await tx.db.flush()

    await inventory.set_on_hand(tx, sku_id, 2)

    rows = await tx.db.scalars(select(HeldRow.on_hand).where(HeldRow.sku_id == sku_id))
    assert list(rows) == [6]


async def test_goods_come_in_move_and_leave(tx: Tx) -> None:
    sku_id = await goods(tx, 10)
    north = await second(tx)
    home = (await inventory.warehouses(tx))[0].id

    await inventory.receive(tx, Receive(parts=parts(sku_id, 5), warehouse_id=north, ref="送货单"))
    await inventory.transfer(tx, Transfer(from_id=home, to_id=north, parts=parts(sku_id, 4)))
    assert await held(tx, sku_id) == {"默认仓": 6, "北仓": 9}

    order = new_id()
    await inventory.reserve(tx, order, [take(sku_id, 8)])
    await inventory.ship(tx, order, [take(sku_id, 3)], north, "S1")
    await inventory.ship(tx, order, [take(sku_id, 5)])
    assert await held(tx, sku_id) == {"默认仓": 1, "北仓": 6}
    await inventory.take_back(tx, [(sku_id, 1)], north, "R1")
    await inventory.adjust(
        tx, Adjust(sku_id=sku_id, delta=-2, why=MoveReason.DAMAGE, warehouse_id=north)
    )

    level = await inventory.level(tx, sku_id)
    assert (level.on_hand, level.reserved, level.left) == (6, 0, 6)
    assert Counter(why for why, _ in await moved(tx, sku_id)) == {
        "count": 1,
        "receipt": 1,
        "transfer": 2,
        "shipment": 2,
        "return": 1,
        "damage": 1,
    }


async def test_only_reserved_pieces_are_shipped_and_each_once(tx: Tx) -> None:
    """#4 what was shipped cannot be shipped, nor given back, a second time."""
    sku_id, order = await goods(tx, 10), new_id()
    await inventory.reserve(tx, order, [take(sku_id, 3)])
    await inventory.ship(tx, order, [take(sku_id, 2)])

    for holder, quantity in ((order, 2), (new_id(), 1)):
        with pytest.raises(NotReserved):
            await inventory.ship(tx, holder, [take(sku_id, quantity)])
    await inventory.release(tx, order)
    await inventory.release(tx, order)
    level = await inventory.level(tx, sku_id)
    assert (level.on_hand, level.reserved, level.left) == (8, 0, 8)


async def test_pieces_of_a_shows_own_pool_are_shipped_from_the_same_warehouse(tx: Tx) -> None:
    sku_id, order, pool = await goods(tx, 10), new_id(), new_id()
    await inventory.allocate(tx, sku_id, pool, 4)
    await inventory.reserve(tx, order, [take(sku_id, 1), take(sku_id, 2, pool)])

    await inventory.ship(tx, order, [take(sku_id, 1), take(sku_id, 2, pool)])

    assert await held(tx, sku_id) == {"默认仓": 7}
    (in_pool,) = await inventory.stock(tx, [sku_id], pool)
    assert (in_pool.on_hand, in_pool.reserved) == (2, 0)


async def test_a_warehouse_gives_no_more_than_it_has(tx: Tx) -> None:
    sku_id, order = await goods(tx, 10), new_id()
    north = await second(tx)
    home = (await inventory.warehouses(tx))[0].id
    await inventory.reserve(tx, order, [take(sku_id, 3)])

    attempts: list[Awaitable[None]] = [
        inventory.ship(tx, order, [take(sku_id, 1)], north),
        inventory.transfer(tx, Transfer(from_id=north, to_id=home, parts=parts(sku_id, 1))),
        inventory.adjust(tx, Adjust(sku_id=sku_id, delta=-1, warehouse_id=north)),
    ]
    for attempt in attempts:
        with pytest.raises(WarehouseShort):
            async with tx.db.begin_nested():
                await attempt
    with pytest.raises(BelowReserved):
        await inventory.adjust(tx, Adjust(sku_id=sku_id, delta=-8))


async def test_a_request_repeated_with_its_key_moves_nothing_more(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        sku_id = await goods(tx, 0)

    async def receive() -> None:
        async with database.begin(owner) as tx:
            await inventory.receive(tx, Receive(parts=parts(sku_id, 5)), "the same key")

    await asyncio.gather(*(receive() for _ in range(5)))
    async with database.begin(owner) as tx:
        assert (await inventory.level(tx, sku_id)).on_hand == 5


async def test_one_warehouse_is_the_default_and_names_come_once(tx: Tx) -> None:
    north = await second(tx)
    await inventory.put_warehouse(tx, north, PutWarehouse(name="北仓", is_default=True))
    assert [(each.name, each.is_default) for each in await inventory.warehouses(tx)] == [
        ("北仓", True),
        ("默认仓", False),
    ]
    with pytest.raises(inventory.WarehouseNameTaken):
        await second(tx)
    other = next(each for each in await inventory.warehouses(tx) if each.id != north)
    with pytest.raises(inventory.WarehouseNameTaken):
        await inventory.put_warehouse(tx, other.id, PutWarehouse(name="北仓", is_default=True))
    with pytest.raises(WarehouseNotFound):
        await inventory.put_warehouse(tx, new_id(), PutWarehouse(name="x"))


async def test_of_many_who_first_use_stock_at_once_one_makes_the_warehouse(
    database: Database, merchant_id: UUID
) -> None:
    async def count() -> None:
        async with database.begin(system(merchant_id)) as tx:
            await inventory.set_on_hand(tx, new_id(), 1)

    await asyncio.gather(*(count() for _ in range(8)))
    async with database.begin(system(merchant_id)) as tx:
        assert len(await inventory.warehouses(tx)) == 1
        mine = select(func.sum(HeldRow.on_hand)).where(HeldRow.merchant_id == merchant_id)
        assert await tx.db.scalar(mine) == 8


async def test_what_becomes_low_is_said_once_until_there_is_more_again(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        sku_id, order = await goods(tx, 10), new_id()
        await inventory.set_threshold(tx, sku_id, 3)
        assert await low(tx) == []
        await inventory.reserve(tx, order, [take(sku_id, 8)])
    for _ in range(2):
        await asyncio.gather(*(_reactions.sweep(database, NOW) for _ in range(3)))
        async with database.begin(owner) as tx:
            assert await low(tx) == [2]
            assert [each.sku_id for each in (await inventory.alerts(tx, None, 20)).items] == [
                sku_id
            ]
    async with database.begin(owner) as tx:
        await inventory.release(tx, order)
    await _reactions.sweep(database, NOW)
    async with database.begin(owner) as tx:
        assert (await inventory.alerts(tx, None, 20)).items == []
        await inventory.set_on_hand(tx, sku_id, 1)
        assert await low(tx) == [2, 1]
        await inventory.set_threshold(tx, sku_id, None)
        assert (await inventory.alerts(tx, None, 20)).items == []


async def test_a_product_of_which_none_is_left_is_listed_as_sold_out(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        sku_id = await goods(tx, 2)
        assert not (await catalog.find(tx, Search(), None, 20)).items[0].sold_out
        await inventory.reserve(tx, new_id(), [take(sku_id, 2)])
    await _reactions.sweep(database, NOW)
    async with database.begin(owner) as tx:
        assert (await catalog.find(tx, Search(), None, 20)).items[0].sold_out


@pytest.mark.parametrize("role", [Role.SHOPPER, Role.HOST, Role.ANALYST])
async def test_only_those_who_edit_goods_move_stock(
    role: Role, database: Database, owner: Actor
) -> None:
    async with database.begin(owner) as tx:
        sku_id = await goods(tx)
    async with database.begin(Actor(owner.merchant_id, role, new_id())) as tx:
        for attempt in (
            inventory.receive(tx, Receive(parts=parts(sku_id, 1))),
            inventory.adjust(tx, Adjust(sku_id=sku_id, delta=1)),
            inventory.transfer(
                tx, Transfer(from_id=new_id(), to_id=new_id(), parts=parts(sku_id, 1))
            ),
            inventory.add_warehouse(tx, PutWarehouse(name="x")),
            inventory.put_warehouse(tx, new_id(), PutWarehouse(name="x")),
            inventory.set_threshold(tx, sku_id, 1),
        ):
            with pytest.raises(NotPermitted):
                await attempt


async def test_another_merchants_goods_and_warehouses_are_not_there(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    async with database.begin(owner) as tx:
        sku_id = await goods(tx)
        home = (await inventory.warehouses(tx))[0].id
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id())) as tx:
        mine = await goods(tx)
        with pytest.raises(catalog.SkuNotFound):
            await inventory.receive(tx, Receive(parts=parts(sku_id, 1)))
        with pytest.raises(catalog.SkuNotFound):
            await inventory.level(tx, sku_id)
        with pytest.raises(WarehouseNotFound):
            await inventory.receive(tx, Receive(parts=parts(mine, 1), warehouse_id=home))
        assert (await inventory.movements(tx, Moved(sku_id=sku_id), None, 20)).items == []


steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "count",
                "receive",
                "adjust",
                "transfer",
                "reserve",
                "ship",
                "back",
                "allocate",
                "close",
            ]
        ),
        st.integers(0, 3),
        st.integers(1, 9),
    ),
    max_size=14,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_there_is_as_much_in_all_warehouses_as_in_all_pools(
    database_url: str, steps: list[tuple[str, int, int]]
) -> None:
    asyncio.run(follow(database_url, steps))


async def follow(  # noqa: C901 one case for each thing that may be done
    url: str, steps: list[tuple[str, int, int]]
) -> None:
    database = Database(url, RecordedJobs(), pool=1)
    async with database.begin(system(await opened(database))) as tx:
        sku_id, pool = await goods(tx, 10), new_id()
        yards = [None, await second(tx), (await inventory.warehouses(tx))[0].id]
        holders = [new_id() for _ in range(4)]
        holding: set[tuple[UUID, UUID]] = set()
        for what, which, pieces in steps:
            yard, holder = yards[which % 3], holders[which]
            wanted = [take(sku_id, pieces, pool if which % 2 else NIL)]
            work: dict[str, Awaitable[object]] = {}
            match what:
                case "count":
                    work[what] = inventory.set_on_hand(tx, sku_id, pieces)
                case "receive":
                    command = Receive(parts=parts(sku_id, pieces), warehouse_id=yard)
                    work[what] = inventory.receive(tx, command)
                case "adjust":
                    change = Adjust(sku_id=sku_id, delta=-pieces, warehouse_id=yard)
                    work[what] = inventory.adjust(tx, change)
                case "transfer":
                    way = Transfer(
                        from_id=yards[1 + which % 2] or NIL,
                        to_id=yards[2 - which % 2] or NIL,
                        parts=parts(sku_id, pieces),
                    )
                    work[what] = inventory.transfer(tx, way)
                case "reserve":
                    work[what] = (
                        tx.db.flush()
                        if (holder, wanted[0].pool_id) in holding
                        else inventory.reserve(tx, holder, wanted)
                    )
                case "ship":
                    work[what] = inventory.ship(tx, holder, wanted, yard)
                case "back":
                    work[what] = inventory.take_back(tx, [(sku_id, pieces)], yard)
                case "allocate":
                    work[what] = inventory.allocate(tx, sku_id, pool, pieces)
                case _:
                    work[what] = inventory.close_pool(tx, pool)
            if await tried(tx, work[what]) and what == "reserve":
                holding.add((holder, wanted[0].pool_id))
            await check(tx, sku_id)
        await tx.db.rollback()
    await database.engine.dispose()


async def tried(tx: Tx, work: Awaitable[object]) -> bool:
    refusals = (OutOfStock, BelowReserved, NotReserved, WarehouseShort)
    try:
        async with tx.db.begin_nested():
            await work
    except refusals:
        return False
    return True


async def check(tx: Tx, sku_id: UUID) -> None:
    sums = [
        await tx.db.scalar(select(func.coalesce(func.sum(column), 0)).where(of == sku_id))
        for column, of in (
            (StockRow.on_hand, StockRow.sku_id),
            (HeldRow.on_hand, HeldRow.sku_id),
            (MovementRow.delta, MovementRow.sku_id),
        )
    ]
    assert sums[0] == sums[1] == sums[2]


skus = st.integers(0, 2).map(lambda number: UUID(int=number + 1))
places = st.integers(0, 2).map(lambda number: UUID(int=number + 10))


@given(
    st.dictionaries(st.tuples(skus, places), st.integers(0, 9)),
    st.dictionaries(skus, st.integers(-12, 12)),
    st.lists(places, min_size=1, max_size=3, unique=True),
)
def test_what_is_spread_over_warehouses_is_what_was_wanted(
    held: dict[tuple[UUID, UUID], int], changes: dict[UUID, int], order: list[UUID]
) -> None:
    moves = spread(held, changes, order)
    there = {sku: sum(held.get((sku, yard), 0) for yard in order) for sku in changes}
    if isinstance(moves, Lacking):
        assert there[moves.sku_id] == moves.left < moves.wanted == -changes[moves.sku_id]
        return
    for sku, change in changes.items():
        assert sum(delta for (each, _), delta in moves.items() if each == sku) == change
    assert all(held.get(place, 0) + delta >= 0 for place, delta in moves.items())
    assert all(delta for delta in moves.values())
