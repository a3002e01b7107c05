"""News of parcels: signed, repeated, reordered, late, and of every kind."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from httpx import AsyncClient

from tests.commerce.fulfilment.conftest import NUMBER, Depot
from xinbo.commerce import fulfilment
from xinbo.commerce.fulfilment import (
    CarrierCode,
    ChangeNumber,
    Course,
    PushRefused,
    Sandbox,
    Shipment,
    TrackEvent,
    TrackKind,
    TrackNews,
)
from xinbo.commerce.orders import Order
from xinbo.engines.tx import Actor, Role
from xinbo.kit.ids import NIL

pytestmark = pytest.mark.anyio


async def played(depot: Depot, course: Course) -> tuple[Order, Shipment]:
    """Send an order, have the carrier do that, and let it push until it is done."""
    _, order = await depot.sold()
    parcel = await depot.ship((order, 0, 1))
    async with depot.database.begin(depot.clerk) as tx:
        await fulfilment.choose_course(tx, parcel.id, course)
    await depot.work_off()
    return order, await depot.show(parcel.id)


def event(parcel: Shipment, kind: TrackKind, hours: int, ref: str = "") -> TrackEvent:
    """Make an event, so many hours after the parcel was sent."""
    at = parcel.shipped_at + timedelta(hours=hours)
    return TrackEvent(ref=ref or f"{kind}-{hours}", at=at, kind=kind, text=kind, place="")


async def tell(depot: Depot, parcel: Shipment, *events: TrackEvent, number: str = NUMBER) -> None:
    """Take news in, in a transaction of its own."""
    async with depot.database.begin(depot.system) as tx:
        await fulfilment.take_in(tx, parcel.id, number, events)


async def test_a_parcel_is_followed_until_it_arrives(depot: Depot, street: Sandbox) -> None:
    order, parcel = await played(depot, Course.NORMAL)

    assert parcel.status is TrackKind.DELIVERED
    assert parcel.delivered_at is not None
    assert [each.kind for each in parcel.events][::-1] == [
        TrackKind.COLLECTED,
        TrackKind.IN_TRANSIT,
        TrackKind.IN_TRANSIT,
        TrackKind.OUT_FOR_DELIVERY,
        TrackKind.DELIVERED,
    ]
    now = await depot.order(order.id)
    assert now.delivered_at is not None
    assert len(await depot.facts("shipments.delivered", order.id)) == 1


@pytest.mark.parametrize("course", [Course.DELAYED, Course.TWICE, Course.SHUFFLED])
async def test_however_news_comes_the_timeline_is_the_same(
    depot: Depot, street: Sandbox, course: Course
) -> None:
    order, parcel = await played(depot, course)

    times = [each.at for each in parcel.events]
    assert times == sorted(times, reverse=True)
    assert (len(times), parcel.status) == (5, TrackKind.DELIVERED)
    assert len(await depot.facts("shipments.delivered", order.id)) == 1


async def test_a_refused_parcel_goes_back_and_somebody_is_told(
    depot: Depot, street: Sandbox
) -> None:
    order, parcel = await played(depot, Course.REFUSED)

    assert (parcel.status, parcel.delivered_at) == (TrackKind.RETURNED, None)
    kinds = [fact["kind"] for fact in await depot.facts("shipments.troubled", order.id)]
    assert kinds == ["refused", "returning", "returned"]
    assert (await depot.order(order.id)).delivered_at is None


async def test_a_lost_parcel_is_no_delivery(depot: Depot, street: Sandbox) -> None:
    order, parcel = await played(depot, Course.LOST)
    assert parcel.status is TrackKind.LOST
    kinds = [fact["kind"] for fact in await depot.facts("shipments.troubled", order.id)]
    assert kinds == ["exception", "lost"]


async def test_a_lie_is_not_believed(depot: Depot, street: Sandbox) -> None:
    order, parcel = await played(depot, Course.LIE)
    assert (parcel.status, parcel.events) == (TrackKind.SENT, [])
    assert (await depot.order(order.id)).delivered_at is None


async def test_a_push_is_believed_under_its_signature_over_the_raw_body(
    depot: Depot, street: Sandbox
) -> None:
    _, order = await depot.sold()
    parcel = await depot.ship((order, 0, 1))
    now = parcel.shipped_at
    news = TrackNews(
        shipment_id=parcel.id, number=NUMBER, events=[event(parcel, TrackKind.COLLECTED, 1)]
    )
    body = msgspec.json.encode(news)
    right = street.signed(body, now)
    answers: dict[str, int] = {}
    async with AsyncClient(timeout=10) as client:
        for name, sent, headers in (
            ("unsigned", body, {"content-type": "application/json"}),
            ("changed", body.replace(b"collected", b"delivered"), right),
            ("of another key", body, street.signed(body, now, lie=True)),
            ("old", body, street.signed(body, now - timedelta(hours=1))),
            ("no json", b"{", street.signed(b"{", now)),
            ("right", body, right),
            ("again", body, right),
        ):
            answer = await client.post(street.url, content=sent, headers=headers)
            answers[name] = answer.status_code
        elsewhere = street.url.replace("/sandbox", "/nobody")
        unknown = await client.post(elsewhere, content=body, headers=right)

    assert [name for name, status in answers.items() if status == 200] == ["right", "again"]
    assert set(answers.values()) == {200, 400}
    assert (unknown.status_code, unknown.json()["type"]) == (422, "TrackerUnknown")
    assert [each.kind for each in (await depot.show(parcel.id)).events] == [TrackKind.COLLECTED]


async def test_news_of_no_parcel_is_refused(depot: Depot, street: Sandbox) -> None:
    body = msgspec.json.encode(TrackNews(shipment_id=NIL, number=NUMBER, events=[]))
    async with depot.database.begin(Actor(NIL, Role.GUEST)) as tx:
        with pytest.raises(PushRefused):
            await fulfilment.hear(tx, "sandbox", street.signed(body, tx.now), body)


async def test_late_news_of_the_past_does_not_turn_a_parcel_back(depot: Depot) -> None:
    _, order = await depot.sold()
    parcel = await depot.ship((order, 0, 1))

    await tell(depot, parcel, event(parcel, TrackKind.DELIVERED, 30))
    await tell(depot, parcel, event(parcel, TrackKind.IN_TRANSIT, 5))

    shown = await depot.show(parcel.id)
    assert shown.status is TrackKind.DELIVERED
    assert [each.kind for each in shown.events] == [TrackKind.DELIVERED, TrackKind.IN_TRANSIT]


async def test_the_same_news_at_once_is_one_delivery(depot: Depot) -> None:
    _, order = await depot.sold()
    parcel = await depot.ship((order, 0, 1))
    arrived = event(parcel, TrackKind.DELIVERED, 30)

    await asyncio.gather(*(tell(depot, parcel, arrived) for _ in range(8)))

    assert len((await depot.show(parcel.id)).events) == 1
    assert len(await depot.facts("shipments.delivered", order.id)) == 1
    assert len(await depot.facts("orders.delivered", order.id)) == 1


async def test_an_order_has_arrived_when_its_last_parcel_has(depot: Depot) -> None:
    _, order = await depot.sold(quantity=2)
    first = await depot.ship((order, 0, 1), number="SF1000000000001")
    second = await depot.ship((order, 0, 1), number="SF1000000000002")

    await tell(depot, first, event(first, TrackKind.DELIVERED, 5), number=first.number)
    half = await depot.order(order.id)
    await tell(depot, second, event(second, TrackKind.DELIVERED, 9), number=second.number)

    assert half.delivered_at is None
    assert (await depot.order(order.id)).delivered_at is not None


async def test_half_an_order_that_arrived_is_no_order_that_arrived(depot: Depot) -> None:
    _, order = await depot.sold(quantity=2)
    first = await depot.ship((order, 0, 1))
    await tell(depot, first, event(first, TrackKind.DELIVERED, 5))
    assert (await depot.order(order.id)).delivered_at is None


async def test_news_of_a_number_that_was_wrong_counts_for_nothing(depot: Depot) -> None:
    _, order = await depot.sold()
    parcel = await depot.ship((order, 0, 1))
    await tell(depot, parcel, event(parcel, TrackKind.COLLECTED, 1))
    correct = ChangeNumber(carrier=CarrierCode.ZTO, number="78123456789012", reason="抄错了")
    async with depot.database.begin(depot.clerk) as tx:
        changed = await fulfilment.change_number(tx, parcel.id, correct)

    await tell(depot, parcel, event(parcel, TrackKind.DELIVERED, 9))

    assert (changed.status, changed.events) == (TrackKind.SENT, [])
    shown = await depot.show(parcel.id)
    assert (shown.status, shown.delivered_at) == (TrackKind.SENT, None)


async def test_whoever_asks_gets_what_has_happened_by_now(depot: Depot) -> None:
    _, order = await depot.sold()
    parcel = await depot.ship((order, 0, 1))
    later = parcel.shipped_at + timedelta(seconds=50)

    async with depot.database.begin(depot.clerk, later) as tx:
        asked = await fulfilment.refresh(tx, parcel.id)

    assert [each.kind for each in asked.events] == [TrackKind.IN_TRANSIT, TrackKind.COLLECTED]


async def test_a_course_that_was_changed_is_pushed_no_more(depot: Depot, street: Sandbox) -> None:
    _, order = await depot.sold()
    parcel = await depot.ship((order, 0, 1))
    at = parcel.shipped_at
    for course, later in ((Course.LOST, 1), (Course.REFUSED, 2)):
        async with depot.database.begin(depot.clerk, at + timedelta(seconds=later)) as tx:
            await fulfilment.choose_course(tx, parcel.id, course)

    await depot.work_off()

    kinds = {each.kind for each in (await depot.show(parcel.id)).events}
    assert TrackKind.RETURNED in kinds
    assert TrackKind.LOST not in kinds


async def test_a_shop_that_does_not_answer_is_told_again(depot: Depot) -> None:
    fulfilment.use(Sandbox())
    _, order = await depot.sold()
    await depot.ship((order, 0, 1))

    await depot.work_off()
    again = await depot.work_off()

    assert again == [timedelta(seconds=1)] * 5
