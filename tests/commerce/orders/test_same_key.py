"""The last piece, wanted under one key through several processes at the same moment."""

import asyncio
from uuid import UUID

import pytest

from tests.commerce.orders.shop import Shop, stocked
from xinbo.commerce import inventory
from xinbo.commerce.orders import Order
from xinbo.engines.tx import Database
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

PROCESSES = 3
ROUNDS = 12


@pytest.mark.parametrize("batched", [True, False], ids=["batched", "one by one"])
async def test_who_gets_the_last_piece_is_told_so_at_every_process(
    database: Database, merchant_id: UUID, *, batched: bool
) -> None:
    shops = [Shop(database, merchant_id, batched=batched) for _ in range(PROCESSES)]
    who = await shops[0].buyer()
    async with database.begin(shops[0].system) as tx:
        sku_ids = await stocked(tx, 1, skus=ROUNDS)
    for sku_id in sku_ids:
        key = str(new_id())
        answers = await asyncio.gather(
            *(shop.place(who, who.basket(sku_id), key) for shop in shops), return_exceptions=True
        )
        orders = [answer for answer in answers if isinstance(answer, Order)]
        assert len(orders) == PROCESSES, answers
        assert len({order.id for order in orders}) == 1
    async with database.begin(shops[0].system) as tx:
        assert {each.left for each in await inventory.stock(tx, sku_ids)} == {0}
