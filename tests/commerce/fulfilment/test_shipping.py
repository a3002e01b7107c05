"""Orders leave whole, in parts, or together; each piece once."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.commerce.fulfilment.conftest import NUMBER, Depot, elsewhere
from xinbo.commerce import fulfilment, inventory
from xinbo.commerce.fulfilment import (
    CarrierCode,
    ChangeNumber,
    DifferentRecipients,
    NumberFixed,
    NumberRefused,
    ShipmentFilter,
    ShipmentNotFound,
    TrackKind,
)
from xinbo.commerce.orders import IllegalTransition, NotThatMany, OrderNotFound, Status
from xinbo.commerce.payments import IdempotencyKeyReused
from xinbo.engines.tx import Actor, Role, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


async def test_an_order_leaves_in_one_parcel(depot: Depot) -> None:
    sku_id = await depot.stock(20)
    who, order = await depot.sold(sku_id, quantity=2)

    parcel = await depot.ship((order, 0, 2), number=" sf1234567890123 ")

    assert (parcel.number, parcel.number_ok, parcel.status) == (NUMBER, True, TrackKind.SENT)
    assert [(line.title, line.quantity) for line in parcel.lines] == [("洗发水", 2)]
    assert parcel.recipient == order.recipient
    assert (await depot.order(order.id)).status is Status.SHIPPED
    async with depot.database.begin(depot.system) as tx:
        (stock,) = await inventory.stock(tx, [sku_id])
    assert (stock.on_hand, stock.reserved) == (18, 0)
    async with depot.database.begin(who.actor) as tx:
        (own,) = await fulfilment.of_order(tx, order.id)
    assert (own.id, own.number, own.sandbox) == (parcel.id, NUMBER, True)
    (fact,) = await depot.facts("shipments.sent", order.id)
    assert (fact["number"], fact["quantity"]) == (NUMBER, 2)


async def test_an_order_leaves_in_parts(depot: Depot) -> None:
    one, other = await depot.stock(5), await depot.stock(5)
    _, order = await depot.sold(one, other, quantity=3)

    await depot.ship((order, 0, 3), (order, 1, 1), number="SF1000000000001")
    half = await depot.order(order.id)
    with pytest.raises(NotThatMany) as refusal:
        await depot.ship((order, 1, 3), number="SF1000000000002")
    await depot.ship((order, 1, 2), number="SF1000000000003")

    assert half.status is Status.PARTLY_SHIPPED
    assert refusal.value.facts["left"] == 2
    done = await depot.order(order.id)
    assert (done.status, [line.shipped for line in done.lines]) == (Status.SHIPPED, [3, 3])
    with pytest.raises(IllegalTransition):
        await depot.ship((order, 1, 1))


async def test_orders_of_one_recipient_leave_together(depot: Depot) -> None:
    who, first = await depot.sold()
    _, second = await depot.sold(who=who)
    stranger, third = await depot.sold()

    parcel = await depot.ship((first, 0, 1), (second, 0, 1))

    assert {line.order_id for line in parcel.lines} == {first.id, second.id}
    for order in (first, second):
        assert (await depot.order(order.id)).status is Status.SHIPPED
        async with depot.database.begin(who.actor) as tx:
            (own,) = await fulfilment.of_order(tx, order.id)
        assert [line.order_id for line in own.lines] == [order.id]
    async with depot.database.begin(stranger.actor) as tx:
        assert await fulfilment.of_order(tx, third.id) == []


async def test_a_parcel_has_one_recipient(depot: Depot) -> None:
    _, first = await depot.sold()
    _, second = await depot.sold(who=await elsewhere(depot))

    with pytest.raises(DifferentRecipients):
        await depot.ship((first, 0, 1), (second, 0, 1))

    for order in (first, second):
        assert (await depot.order(order.id)).status is Status.AWAITING_SHIPMENT


async def test_a_repeated_key_sends_one_parcel(depot: Depot) -> None:
    _, order = await depot.sold(quantity=2)

    first = await depot.ship((order, 0, 1), key="key-00000001")
    again = await depot.ship((order, 0, 1), key="key-00000001")
    with pytest.raises(IdempotencyKeyReused):
        await depot.ship((order, 0, 2), key="key-00000001")

    assert first.id == again.id
    assert (await depot.order(order.id)).lines[0].shipped == 1


async def test_ten_taps_at_once_send_each_piece_once(depot: Depot) -> None:
    _, order = await depot.sold(quantity=3)

    same = await asyncio.gather(*(depot.ship((order, 0, 1), key="key-00000001") for _ in range(5)))
    answers = await asyncio.gather(
        *(depot.ship((order, 0, 1)) for _ in range(6)), return_exceptions=True
    )

    assert len({each.id for each in same}) == 1
    assert sum(not isinstance(each, BaseException) for each in answers) == 2
    assert all(isinstance(each, XinboError) for each in answers if isinstance(each, BaseException))
    assert (await depot.order(order.id)).lines[0].shipped == 3


async def test_what_is_not_paid_is_not_sent(depot: Depot) -> None:
    who = await depot.buyer()
    order = await depot.place(who, who.basket(await depot.stock(1)))

    with pytest.raises(IllegalTransition):
        await depot.ship((order, 0, 1))
    with pytest.raises(NumberRefused):
        await depot.ship((order, 0, 1), number="运单号没有")


async def test_a_number_that_looks_wrong_is_sent_with_a_warning(depot: Depot) -> None:
    _, order = await depot.sold()
    parcel = await depot.ship((order, 0, 1), carrier=CarrierCode.EMS)
    assert not parcel.number_ok


async def test_a_number_can_be_corrected_for_a_day_and_what_stood_there_is_kept(
    depot: Depot,
) -> None:
    _, order = await depot.sold()
    parcel = await depot.ship((order, 0, 1))
    correct = ChangeNumber(carrier=CarrierCode.ZTO, number="78123456789012", reason="抄错了")

    async with depot.database.begin(depot.clerk) as tx:
        changed = await fulfilment.change_number(tx, parcel.id, correct)
    late = parcel.editable_until
    async with depot.database.begin(depot.clerk, late) as tx:
        with pytest.raises(NumberFixed):
            await fulfilment.change_number(
                tx, parcel.id, ChangeNumber(carrier=CarrierCode.SF, number=NUMBER, reason="再改")
            )

    assert (changed.carrier, changed.number) == (CarrierCode.ZTO, "78123456789012")
    assert [(each.number, each.reason, each.staff_id) for each in changed.changes] == [
        (NUMBER, "抄错了", depot.clerk.user_id)
    ]
    (fact,) = await depot.facts("shipments.number_changed", order.id)
    assert fact["reason"] == "抄错了"
    assert late - parcel.shipped_at == timedelta(hours=24)


async def test_parcels_are_listed_and_found(depot: Depot) -> None:
    _, order = await depot.sold(quantity=3)
    parcels = [await depot.ship((order, 0, 1), number=f"SF100000000000{n}") for n in range(3)]

    async with depot.database.begin(depot.clerk) as tx:
        first = await fulfilment.console_page(tx, ShipmentFilter(), None, 2)
        rest = await fulfilment.console_page(tx, ShipmentFilter(), first.next, 2)
        by_number = await fulfilment.console_page(
            tx, ShipmentFilter(number="sf1000000000001"), None, 9
        )
        by_order = await fulfilment.console_page(tx, ShipmentFilter(order_id=order.id), None, 9)
        lost = await fulfilment.console_page(tx, ShipmentFilter(status=TrackKind.LOST), None, 9)

    ids = [each.id for each in parcels]
    assert [each.id for each in [*first.items, *rest.items]] == ids[::-1]
    assert [each.id for each in by_number.items] == [ids[1]]
    assert len(by_order.items) == 3
    assert lost.items == []


async def test_strangers_and_other_merchants_see_and_send_nothing(
    depot: Depot, other_merchant_id: UUID
) -> None:
    _, order = await depot.sold()
    parcel = await depot.ship((order, 0, 1))
    _, waiting = await depot.sold()
    stranger = await depot.buyer()
    strange = Depot(depot.database, other_merchant_id, depot.jobs)

    with pytest.raises(OrderNotFound):
        await strange.ship((waiting, 0, 1))
    for actor in (strange.clerk, system(other_merchant_id)):
        async with depot.database.begin(actor) as tx:
            with pytest.raises(ShipmentNotFound):
                await fulfilment.get(tx, parcel.id)
            with pytest.raises(ShipmentNotFound):
                await fulfilment.refresh(tx, parcel.id)
    async with depot.database.begin(stranger.actor) as tx:
        with pytest.raises(OrderNotFound):
            await fulfilment.of_order(tx, order.id)
        with pytest.raises(NotPermitted):
            await fulfilment.get(tx, parcel.id)
    async with depot.database.begin(Actor(depot.merchant_id, Role.ANALYST, new_id())) as tx:
        assert (await fulfilment.get(tx, parcel.id)).id == parcel.id
        with pytest.raises(NotPermitted):
            await fulfilment.choose_course(tx, parcel.id, fulfilment.Course.LOST)
