"""What stands on the stage reaches every phone whole, numbered, and only from those who may."""

import asyncio
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from tests.support import NOW, planned_show, product_on_sale
from xinbo.commerce.inventory import Take, reserve
from xinbo.engines.bus import Bus
from xinbo.engines.db import EventRow
from xinbo.engines.events import Fact
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id
from xinbo.live import shows, stage
from xinbo.live.shows import ShowChanged
from xinbo.live.stage import NotOnAir, NotOnLineUp
from xinbo.live.stage._reactions import on_show_changed, tell_stock

pytestmark = pytest.mark.anyio


async def test_a_pin_is_on_the_next_stage_and_on_record(tx: Tx) -> None:
    product = await product_on_sale(tx, price=10_000)
    show_id = await planned_show(tx, [product], price=8_000, stock=10)
    await shows.start(tx, show_id)
    before = await stage.snapshot(tx, show_id)

    after = await stage.pin(tx, show_id, product.id)

    assert (after.seq, after.pinned_product_id, after.pinned_at) == (
        before.seq + 1,
        product.id,
        NOW,
    )
    sku = after.items[0].skus[0]
    assert (sku.price, sku.list_price, sku.left) == (8_000, 10_000, 10)
    sent = (
        await tx.db.scalars(
            select(EventRow.payload).where(
                EventRow.merchant_id == tx.merchant_id, EventRow.type == "stage.changed"
            )
        )
    ).all()
    assert sent[-1]["stage"] == msgspec.to_builtins(after)


async def test_nothing_is_pinned_off_air_or_off_the_line_up(tx: Tx) -> None:
    product, other = await product_on_sale(tx), await product_on_sale(tx)
    show_id = await planned_show(tx, [product])
    with pytest.raises(NotOnAir):
        await stage.pin(tx, show_id, product.id)
    await shows.start(tx, show_id)
    with pytest.raises(NotOnLineUp):
        await stage.pin(tx, show_id, other.id)


async def test_a_piece_sold_in_the_show_is_one_less_on_its_stage(tx: Tx) -> None:
    product = await product_on_sale(tx)
    sku = product.skus[0].id
    show_id = await planned_show(tx, [product], stock=10)
    await shows.start(tx, show_id)
    await reserve(tx, new_id(), [Take(sku_id=sku, pool_id=show_id, quantity=3)])
    assert (await stage.left(tx, show_id)) == {sku: 7}


async def test_a_changed_plan_makes_a_new_stage(tx: Tx) -> None:
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    plan = await shows.start(tx, show_id)
    before = await stage.snapshot(tx, show_id)
    await on_show_changed(tx, ShowChanged(show_id=show_id, status=plan.show.status))
    assert (await stage.snapshot(tx, show_id)).seq == before.seq + 1


@pytest.mark.parametrize("role", [Role.SERVICE, Role.ANALYST, Role.SUPERVISOR, Role.SHOPPER])
async def test_only_those_who_run_shows_pin(role: Role, database: Database, owner: Actor) -> None:
    async with database.begin(owner, NOW) as tx:
        product = await product_on_sale(tx)
        show_id = await planned_show(tx, [product])
        await shows.start(tx, show_id)
    async with database.begin(Actor(owner.merchant_id, role, new_id()), NOW) as tx:
        with pytest.raises(NotPermitted):
            await stage.pin(tx, show_id, product.id)


async def test_two_operators_who_pin_at_once_get_two_numbers(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner, NOW) as tx:
        product = await product_on_sale(tx)
        show_id = await planned_show(tx, [product])
        await shows.start(tx, show_id)

    async def pin(product_id: UUID | None) -> int:
        async with database.begin(owner, NOW) as tx:
            return (await stage.pin(tx, show_id, product_id)).seq

    numbers = await asyncio.gather(*(pin(p) for p in (product.id, None, product.id, None)))
    assert sorted(numbers) == list(range(min(numbers), min(numbers) + 4))


async def test_rooms_on_air_hear_how_many_are_left(
    database: Database, owner: Actor, bus: Bus
) -> None:
    async with database.begin(owner, NOW) as tx:
        product = await product_on_sale(tx)
        show_id = await planned_show(tx, [product], stock=10)
        await shows.start(tx, show_id)
    sku = product.skus[0].id
    telling = asyncio.create_task(tell_stock(database, bus))
    await asyncio.sleep(0.2)
    fact = Fact(
        id=new_id(),
        seq=1,
        type="orders.placed",
        merchant_id=owner.merchant_id,
        actor_id=None,
        at=NOW,
        payload={},
    )
    async with asyncio.timeout(10), bus.listen(f"room.{show_id}.msg") as messages:
        await bus.publish(f"facts.{owner.merchant_id}.orders.placed", msgspec.json.encode(fact))
        told = msgspec.json.decode(await anext(messages))
    telling.cancel()
    assert told == {"t": "stock", "items": {str(sku): 10}}
