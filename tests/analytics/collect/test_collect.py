"""What pages report: whose, when, and which kinds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from xinbo.analytics import collect
from xinbo.analytics.collect import Collect, Kind, KindRefused, Observed
from xinbo.engines.bus import Bus
from xinbo.engines.tx import Actor, Role
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)


def batch(*kinds: Kind, at: datetime = NOW) -> Collect:
    return Collect(
        events=[
            collect.Behaviour(id=new_id(), type=kind, at=at, show_id=new_id(), product_id=new_id())
            for kind in kinds
        ]
    )


async def taken(bus: Bus, viewer_id: UUID | None, data: Collect) -> list[Observed]:
    """Report, and return what the bus carries of it."""
    actor = Actor(new_id(), Role.GUEST, viewer_id=viewer_id)
    async with bus.listen(f"behaviour.{actor.merchant_id}") as messages:
        await collect.take(bus, actor, data, now=NOW)
        return msgspec.json.decode(await anext(messages), type=list[Observed])


async def test_a_report_goes_out_under_the_callers_merchant_and_name(bus: Bus) -> None:
    viewer_id = new_id()
    data = batch(Kind.PRODUCT_CLICKED, Kind.PAGE_VIEWED)
    events = await taken(bus, viewer_id, data)
    assert [(each.id, each.type) for each in events] == [(e.id, e.type) for e in data.events]
    assert {each.viewer_id for each in events} == {viewer_id}
    assert [each.product_id for each in events] == [each.product_id for each in data.events]


@pytest.mark.parametrize("kind", sorted(set(Kind) - collect.FROM_PAGES))
async def test_what_only_the_edge_can_know_is_refused_and_nothing_of_the_batch_is_taken(
    bus: Bus, kind: Kind
) -> None:
    heard: list[bytes] = []

    async def hear(_: str, data: bytes) -> None:
        heard.append(data)

    stop = await bus.subscribe("behaviour.>", hear)
    with pytest.raises(KindRefused):
        await taken(bus, new_id(), batch(Kind.PAGE_VIEWED, kind))
    await bus.client.flush()
    await stop()
    assert heard == []


async def test_what_nobody_in_particular_did_is_dropped(bus: Bus) -> None:
    actor = Actor(new_id(), Role.GUEST)
    async with bus.listen(f"behaviour.{actor.merchant_id}") as messages:
        await collect.take(bus, actor, batch(Kind.PAGE_VIEWED), now=NOW)
        await bus.publish(f"behaviour.{actor.merchant_id}", b"[]")
        assert await anext(messages) == b"[]"


@pytest.mark.parametrize(
    ("off", "believed"),
    [(-599, True), (-601, False), (59, True), (61, False), (0, True), (86_400 * 365, False)],
)
async def test_a_clock_that_cannot_be_right_is_set_right(
    bus: Bus, off: int, *, believed: bool
) -> None:
    at = NOW + timedelta(seconds=off)
    (event,) = await taken(bus, new_id(), batch(Kind.CART_ADDED, at=at))
    assert event.at == (at if believed else NOW)


async def test_a_time_without_a_zone_is_not_believed(bus: Bus) -> None:
    (event,) = await taken(bus, new_id(), batch(Kind.CART_ADDED, at=NOW.replace(tzinfo=None)))
    assert event.at == NOW
