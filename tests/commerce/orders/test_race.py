"""Many buyers at once, many processes at once, money and the clock at once."""

import asyncio
import multiprocessing
import random
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import func, select

from tests.commerce.orders.shop import PRICE, Buyer, Shop
from xinbo.commerce import orders
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.orders import Status
from xinbo.commerce.orders._models import OrderRow
from xinbo.engines.db import EventRow
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Database
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


async def orders_of(shop: Shop) -> int:
    async with shop.database.begin(shop.system) as tx:
        count = select(func.count()).where(OrderRow.merchant_id == shop.merchant_id)
        return await tx.db.scalar(count) or 0


async def facts(shop: Shop, name: str) -> int:
    async with shop.database.begin(shop.system) as tx:
        count = select(func.count()).where(
            EventRow.merchant_id == shop.merchant_id, EventRow.type == name
        )
        return await tx.db.scalar(count) or 0


async def test_two_hundred_buyers_fifty_pieces(shop: Shop) -> None:
    sku_id, who = await shop.stock(50), await shop.buyer()

    async def buy() -> bool:
        try:
            await shop.place(who, who.basket(sku_id))
        except OutOfStock:
            return False
        return True

    bought = await asyncio.gather(*(buy() for _ in range(200)))

    assert sum(bought) == 50
    assert await shop.left(sku_id) == 0
    assert await orders_of(shop) == 50 == await facts(shop, "orders.placed")


async def test_the_last_pieces_of_all_sizes_are_sold_exactly(shop: Shop) -> None:
    sku_id, who = await shop.stock(37), await shop.buyer()

    async def buy(quantity: int) -> int:
        try:
            await shop.place(who, who.basket(sku_id, quantity=quantity))
        except OutOfStock:
            return 0
        return quantity

    bought = await asyncio.gather(*(buy(1 + n % 5) for n in range(60)))

    assert sum(bought) == 37
    assert await shop.left(sku_id) == 0


async def test_money_under_way_is_not_overtaken_by_the_clock(shop: Shop) -> None:
    sku_id, who = await shop.stock(1), await shop.buyer()
    order = await shop.place(who, who.basket(sku_id))
    late = datetime.now(UTC) + timedelta(hours=1)

    async with shop.database.begin(shop.system) as tx:
        await orders.mark_paid(tx, order.id, new_id(), PRICE)
        await orders.sweep(shop.database, late)

    await orders.sweep(shop.database, late)
    async with shop.database.begin(who.actor) as tx:
        assert (await orders.get(tx, order.id)).status is Status.AWAITING_SHIPMENT


async def test_any_number_of_sweeps_end_an_order_once(shop: Shop) -> None:
    sku_id, who = await shop.stock(20), await shop.buyer()
    for _ in range(20):
        await shop.place(who, who.basket(sku_id))
    late = datetime.now(UTC) + timedelta(minutes=16)

    swept = await asyncio.gather(*(orders.sweep(shop.database, late) for _ in range(3)))

    assert sum(swept) >= 20
    assert await shop.left(sku_id) == 20
    assert await facts(shop, "orders.cancelled") == 20


KEYS = 2000
PIECES = 800


class Errand(msgspec.Struct):
    """What one process is sent to do."""

    url: str
    merchant_id: UUID
    shopper_id: UUID
    address_id: UUID
    sku_id: UUID
    seed: int


def one_process(errand: Errand, out: "Queue[dict[str, str]]") -> None:
    """Send every key through a batcher of this process's own, in an order of its own."""

    async def run() -> dict[str, str]:
        database = Database(errand.url, RecordedJobs(), pool=3)
        shop = Shop(database, errand.merchant_id)
        buyer = Buyer(errand.merchant_id, errand.shopper_id, errand.address_id)
        keys = [f"key-{n:08}" for n in range(KEYS)]
        random.Random(errand.seed).shuffle(keys)  # noqa: S311 # any order will do
        basket, answers, turns = (
            buyer.basket(errand.sku_id),
            dict[str, str](),
            asyncio.Semaphore(300),
        )

        async def send(key: str) -> None:
            async with turns:
                try:
                    answers[key] = str((await shop.place(buyer, basket, key)).id)
                except OutOfStock:
                    answers[key] = ""

        await asyncio.gather(*(send(key) for key in keys))
        await database.engine.dispose()
        return answers

    out.put(asyncio.run(run()))


async def test_three_processes_with_the_same_keys_place_each_order_once(
    database: Database, database_url: str, merchant_id: UUID
) -> None:
    shop = Shop(database, merchant_id)
    sku_id, who = await shop.stock(PIECES), await shop.buyer()
    spawn = multiprocessing.get_context("spawn")
    out: Queue[dict[str, str]] = spawn.Queue()
    errands = [
        Errand(database_url, merchant_id, who.id, who.address_id, sku_id, seed) for seed in range(3)
    ]
    processes = [spawn.Process(target=one_process, args=(errand, out)) for errand in errands]
    for process in processes:
        process.start()
    answers = [await asyncio.to_thread(out.get, timeout=90) for _ in processes]
    for process in processes:
        await asyncio.to_thread(process.join)

    async with database.begin(shop.system) as tx:
        rows = await tx.db.execute(
            select(OrderRow.idempotency_key, OrderRow.id).where(OrderRow.merchant_id == merchant_id)
        )
        placed = {key: str(order_id) for key, order_id in rows}
    assert len(placed) == PIECES
    assert await shop.left(sku_id) == 0
    for each in answers:
        assert len(each) == KEYS
        assert all(order_id in ("", placed[key]) for key, order_id in each.items() if order_id)
    assert {key for each in answers for key, order_id in each.items() if order_id} == set(placed)
