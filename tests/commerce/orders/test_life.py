"""Orders are seen by those they concern, cancelled, expired and listed."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.commerce.orders.shop import Shop
from xinbo.commerce import offers, orders
from xinbo.commerce.offers import Offer
from xinbo.commerce.orders import IllegalTransition, OrderNotFound, Status
from xinbo.engines.tx import Actor, Database, Role, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio


@pytest.fixture
def shop(database: Database, merchant_id: UUID) -> Shop:
    return Shop(database, merchant_id)


async def test_a_cancelled_order_gives_its_stock_back(shop: Shop) -> None:
    sku_id, who = await shop.stock(2), await shop.buyer()
    order = await shop.place(who, who.basket(sku_id, quantity=2))

    async with shop.database.begin(who.actor) as tx:
        over = await orders.cancel(tx, order.id, reason="shopper")
    async with shop.database.begin(who.actor) as tx:
        with pytest.raises(IllegalTransition):
            await orders.cancel(tx, order.id, reason="shopper")

    assert (over.status, over.cancel_reason) == (Status.CANCELLED, "shopper")
    assert over.cancelled_at is not None
    assert await shop.left(sku_id) == 2


async def test_an_order_expires_at_its_time_and_not_before(shop: Shop) -> None:
    sku_id, who = await shop.stock(1), await shop.buyer()
    order = await shop.place(who, who.basket(sku_id))

    for late, ended in ((-timedelta(seconds=1), False), (timedelta(), True), (timedelta(1), False)):
        async with shop.database.begin(shop.system, order.pay_by + late) as tx:
            assert await orders.move_on(tx, order.id) is ended

    assert await shop.left(sku_id) == 1


async def test_a_sweep_looks_at_every_merchant(shop: Shop, other_merchant_id: UUID) -> None:
    other = Shop(shop.database, other_merchant_id)
    placed = [
        (each, await each.place(who, who.basket(await each.stock(1))))
        for each in (shop, other)
        for who in [await each.buyer()]
    ]

    await orders.sweep(shop.database, max(order.pay_by for _, order in placed))

    for each, order in placed:
        async with each.database.begin(each.system) as tx:
            assert (await orders.get(tx, order.id)).cancel_reason == "unpaid"


async def test_strangers_and_other_merchants_see_nothing(
    shop: Shop, other_merchant_id: UUID
) -> None:
    who = await shop.buyer()
    order = await shop.place(who, who.basket(await shop.stock(1)))
    strangers = [
        (await shop.buyer()).actor,
        Actor(shop.merchant_id, Role.GUEST),
        Actor(shop.merchant_id, Role.GUEST, None, who.id),
        Actor(shop.merchant_id, Role.HOST, new_id()),
        Actor(other_merchant_id, Role.OWNER, new_id()),
        Actor(other_merchant_id, Role.SHOPPER, who.id),
        system(other_merchant_id),
    ]
    for stranger in strangers:
        async with shop.database.begin(stranger) as tx:
            with pytest.raises(OrderNotFound):
                await orders.get(tx, order.id)
            with pytest.raises(OrderNotFound):
                await orders.cancel(tx, order.id, reason="shopper")
            assert (await orders.page_of(tx, None, None, None, 20)).items == []


async def test_the_staff_sees_the_merchants_orders_if_it_may(shop: Shop) -> None:
    who = await shop.buyer()
    order = await shop.place(who, who.basket(await shop.stock(1)))

    for role in (Role.OWNER, Role.SERVICE, Role.ANALYST, Role.SUPERVISOR):
        async with shop.database.begin(Actor(shop.merchant_id, role, new_id())) as tx:
            assert await orders.console_get(tx, order.id) == order
            assert (await orders.console_page(tx, None, None, None, 20)).items == [order]
    for role in (Role.HOST, Role.SHOPPER):
        async with shop.database.begin(Actor(shop.merchant_id, role, who.id)) as tx:
            with pytest.raises(NotPermitted):
                await orders.console_get(tx, order.id)


async def test_orders_are_listed_newest_first_page_by_page(shop: Shop) -> None:
    sku_id, who, show_id = await shop.stock(9), await shop.buyer(), new_id()
    async with shop.database.begin(system(shop.merchant_id)) as tx:
        price = (await offers.quote(tx, [sku_id], None))[sku_id].price
        offer = Offer(sku_id=sku_id, venue_id=show_id, price=price, pool_id=NIL)
        await offers.publish(tx, show_id, [offer])
    placed = [
        await shop.place(who, who.basket(sku_id, show_id=show_id if n % 2 else None))
        for n in range(5)
    ]

    async with shop.database.begin(who.actor) as tx:
        first = await orders.page_of(tx, None, None, None, 3)
        rest = await orders.page_of(tx, None, None, first.next, 3)
        of_show = await orders.page_of(tx, Status.AWAITING_PAYMENT, show_id, None, 9)
        none = await orders.page_of(tx, Status.SHIPPED, None, None, 9)

    assert [*first.items, *rest.items] == placed[::-1]
    assert rest.next is None
    assert of_show.items == [placed[3], placed[1]]
    assert none.items == []


async def test_a_show_that_offers_nothing_of_an_order_did_not_sell_it(shop: Shop) -> None:
    who = await shop.buyer()
    order = await shop.place(who, who.basket(await shop.stock(1), show_id=new_id()))
    assert order.show_id is None
