"""After it is paid an order is sent, arrives, completes; and all of it can be told."""

from datetime import timedelta

import pytest

from tests.commerce.orders.till import Till
from xinbo.commerce import inventory, orders
from xinbo.commerce.orders import IllegalTransition, NotThatMany, Status
from xinbo.engines.tx import Actor, Role
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


async def test_an_order_is_sent_in_parts_and_its_pieces_leave_the_warehouse(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    order = await till.bought(who, who.basket(sku_id, quantity=3))

    async with till.database.begin(till.owner) as tx:
        partly = await orders.ship(tx, order.id, [(0, 1)], "parcel-1")
        whole = await orders.ship(tx, order.id, [(0, 2)], "parcel-2")

    assert (partly.status, whole.status) == (Status.PARTLY_SHIPPED, Status.SHIPPED)
    async with till.database.begin(till.owner) as tx:
        (stock,) = await inventory.stock(tx, [sku_id])
    assert (stock.on_hand, stock.reserved) == (7, 0)


async def test_no_more_is_sent_than_was_bought(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    order = await till.bought(who, who.basket(sku_id, quantity=2))

    with pytest.raises(NotThatMany):
        async with till.database.begin(till.owner) as tx:
            await orders.ship(tx, order.id, [(0, 3)], "parcel-1")


async def test_what_is_not_paid_is_not_sent(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    order = await till.order(who, who.basket(sku_id))

    with pytest.raises(IllegalTransition):
        async with till.database.begin(till.owner) as tx:
            await orders.ship(tx, order.id, [(0, 1)], "parcel-1")


async def test_a_shopper_cannot_send_an_order(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    order = await till.bought(who, who.basket(sku_id))

    with pytest.raises(NotPermitted):
        async with till.database.begin(who.actor) as tx:
            await orders.ship(tx, order.id, [(0, 1)], "parcel-1")


async def test_a_repeated_payment_does_not_push_a_sent_order_back(till: Till) -> None:
    """#4: the provider says once more that an order is paid which was sent long ago."""
    sku_id, who = await till.stock(10), await till.buyer()
    order = await till.order(who, who.basket(sku_id))
    payment = await till.open(who, order.id)
    await till.tell(payment)
    async with till.database.begin(till.owner) as tx:
        await orders.ship(tx, order.id, [(0, 1)], "parcel-1")

    await till.tell(payment)
    async with till.database.begin(till.system) as tx:
        await orders.mark_paid(tx, order.id, payment.id, payment.amount)

    assert (await till.get(order.id)).status is Status.SHIPPED
    assert await till.sent_back(order.id) == 0


async def test_an_order_paid_on_two_tills_is_paid_once(till: Till) -> None:
    """#5: the second payment goes back, and only it."""
    sku_id, who = await till.stock(10), await till.buyer()
    order = await till.order(who, who.basket(sku_id))
    first = await till.open(who, order.id)
    await till.tell(first)
    second = new_id()
    async with till.database.begin(till.system) as tx:
        twin = await till.twin(tx, first, second)

    await till.tell(twin)

    assert (await till.get(order.id)).status is Status.AWAITING_SHIPMENT
    assert await till.sent_back(order.id) == order.total
    assert await till.balanced()


async def test_money_after_the_window_goes_back_and_the_stock_stays_sold_to_others(
    till: Till,
) -> None:
    """#2: the unit went back on sale; the late money goes back to its owner."""
    sku_id, who = await till.stock(1), await till.buyer()
    order = await till.order(who, who.basket(sku_id))
    payment = await till.open(who, order.id)
    late = order.pay_by + timedelta(seconds=1)
    await orders.sweep(till.database, late)
    quick = await till.buyer()
    await till.bought(quick, quick.basket(sku_id))

    await till.tell(payment)

    assert (await till.get(order.id)).status is Status.CANCELLED
    assert await till.sent_back(order.id) == order.total
    assert await till.balanced()


async def test_a_sent_order_completes_by_itself(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    order = await till.bought(who, who.basket(sku_id))
    async with till.database.begin(till.owner) as tx:
        await orders.ship(tx, order.id, [(0, 1)], "parcel-1")
        await orders.delivered(tx, order.id)
    sent = await till.get(order.id)
    assert sent.due_at is not None

    await orders.sweep(till.database, sent.due_at - timedelta(seconds=1))
    assert (await till.get(order.id)).status is Status.SHIPPED
    await orders.sweep(till.database, sent.due_at)
    assert (await till.get(order.id)).status is Status.COMPLETED


async def test_all_that_happened_is_told_with_who_did_it(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    order = await till.bought(who, who.basket(sku_id))
    async with till.database.begin(till.owner) as tx:
        await orders.call_off(tx, order.id, "缺货", "call-off-1")

    async with till.database.begin(till.owner) as tx:
        told = await orders.timeline(tx, order.id)
    async with till.database.begin(who.actor) as tx:
        shown = await orders.timeline(tx, order.id)

    names = [each.name for each in told]
    assert names[:1] == ["orders.placed"]
    assert {"orders.paid", "orders.refunded", "orders.cancelled"} <= set(names)
    by = {each.name: (each.role, each.actor_id) for each in told}
    assert by["orders.placed"] == (Role.SHOPPER, who.id)
    assert by["orders.refunded"] == (Role.OWNER, till.owner.user_id)
    assert next(each for each in told if each.name == "orders.refunded").facts["reason"] == "缺货"
    assert {each.name: each.actor_id for each in shown}["orders.refunded"] is None


async def test_nobody_elses_order_is_told(till: Till) -> None:
    sku_id, who, stranger = await till.stock(10), await till.buyer(), await till.buyer()
    order = await till.bought(who, who.basket(sku_id))

    for actor in (stranger.actor, Actor(new_id(), Role.OWNER, new_id())):
        with pytest.raises(orders.OrderNotFound):
            async with till.database.begin(actor) as tx:
                await orders.timeline(tx, order.id)
