"""From the bus to the staff's screens and back: real NATS, real store, kills included."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from tests.engines.olap.support import DATA
from tests.support import planned_show
from xinbo.analytics import metrics
from xinbo.analytics.collect import Kind
from xinbo.analytics.metrics import LiveNumbers
from xinbo.engines.bus import Bus, BusAway
from xinbo.engines.callers import SignInRequired
from xinbo.engines.embedded import Nats, Postgres
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Actor, Database, Role
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id
from xinbo.live.shows import ShowNotFound

pytestmark = pytest.mark.anyio

WORKER = """
import asyncio, os, sys
from pathlib import Path
from xinbo.analytics.metrics import serve_analytics
from xinbo.engines.bus import connect
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.callers import SignInRequired
from xinbo.engines.embedded import Nats, Postgres
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database

async def main():
    settings = Settings.load()
    bus = await connect(settings.bus_url)
    await bus.open_streams()
    async with serve_analytics(settings, Database(settings.database_url, RecordedJobs()), bus):
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XINBO_DATA", str(DATA))
    return Settings.load()


@pytest.fixture
async def show_id(database: Database, owner: Actor) -> UUID:
    async with database.begin(owner) as tx:
        return await planned_show(tx, [])


@pytest.fixture
async def room(bus: Bus, owner: Actor, show_id: UUID) -> AsyncIterator["Room"]:
    """The show's room, heard from where its staff sits."""
    async with bus.listen(f"room.{show_id}.staff") as messages:
        yield Room(bus, owner.merchant_id, show_id, messages)


class Room:
    """Does what edges do, and hears what staff hear."""

    def __init__(
        self, bus: Bus, merchant_id: UUID, show_id: UUID, messages: AsyncIterator[bytes]
    ) -> None:
        self.bus = bus
        self.merchant_id = merchant_id
        self.show_id = show_id
        self.messages = messages

    def did(self, kind: Kind, viewer: UUID, **more: Any) -> dict[str, Any]:
        event: dict[str, Any] = {
            "id": new_id(),
            "type": kind,
            "at": datetime.now(UTC),
            "showId": self.show_id,
            "viewerId": viewer,
        }
        return event | more

    async def send(self, *events: dict[str, Any]) -> None:
        await self.bus.streams.publish(
            f"behaviour.{self.merchant_id}", msgspec.json.encode(events), timeout=20
        )

    async def happen(self, kind: str, **payload: Any) -> None:
        fact = {
            "id": new_id(),
            "seq": 1,
            "type": kind,
            "merchantId": self.merchant_id,
            "actorId": None,
            "at": datetime.now(UTC),
            "payload": {"showId": self.show_id} | payload,
        }
        await self.bus.streams.publish(
            f"facts.{self.merchant_id}.{kind}", msgspec.json.encode(fact), timeout=20
        )

    async def numbers(self, **wanted: int) -> LiveNumbers:
        """Return the first numbers that are as wanted."""
        async with asyncio.timeout(60):
            async for message in self.messages:
                told = msgspec.json.decode(message)
                if told.pop("t") != "numbers":
                    continue
                numbers = msgspec.convert(told, LiveNumbers)
                if all(getattr(numbers, name) == value for name, value in wanted.items()):
                    return numbers
        raise AssertionError


@pytest.fixture
def environment(tmp_path: Path, nats: Nats, postgres: Postgres) -> dict[str, str]:
    """Settings of an analytics process of its own."""
    return {
        "PYTHONPATH": "src",
        "XINBO_DATA": str(tmp_path),
        "XINBO_NATS_URL": nats.url,
        "XINBO_POSTGRES_URL": postgres.url,
    }


@asynccontextmanager
async def process(environment: dict[str, str]) -> AsyncGenerator[Process]:
    """Run the analytics in a process of its own, and kill it in the end."""
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, env=environment)
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def test_what_happens_in_a_room_stands_on_its_staffs_screen_and_behind_the_door(
    settings: Settings, database: Database, bus: Bus, owner: Actor, room: Room
) -> None:
    ann, bob, product = new_id(), new_id(), new_id()
    order = {
        "orderId": new_id(),
        "shopperId": bob,
        "productIds": [product],
        "skuIds": [new_id()],
        "quantity": 2,
        "total": 19_800,
        "simulated": False,
    }
    async with metrics.serve_analytics(settings, database, bus):
        await room.happen("shows.started")
        await room.send(
            room.did(Kind.ROOM_ENTERED, ann),
            room.did(Kind.ROOM_ENTERED, bob),
            room.did(Kind.CHAT_LIKED, ann, value=5),
            room.did(Kind.PRODUCT_CLICKED, bob, props={"productId": product}),
        )
        await room.happen("orders.placed", **order)
        await room.happen("orders.paid", **order)
        numbers = await room.numbers(viewers=2, paid_orders=1, orders=1)
        assert (numbers.online, numbers.peak, numbers.likes) == (2, 2, 5)
        assert (numbers.gmv_paid, numbers.conversion) == (19_800, 0.5)

        async with database.begin(owner) as tx:
            told = await metrics.numbers(tx, bus, room.show_id)
            chart = await metrics.chart(tx, bus, room.show_id)
            (sold,) = await metrics.products(tx, bus, room.show_id)
        assert (told.peak, told.gmv_paid) == (2, 19_800)
        assert max(point.online for point in chart.points) == 2
        assert [mark.kind for mark in chart.marks] == ["start"]
        assert (sold.product_id, sold.clicks, sold.paid_pieces) == (product, 1, 2)
        likes = await bus.ask(f"analytics.likes.{room.show_id}", b"")
        assert msgspec.json.decode(likes) == {"likes": 5}


async def test_numbers_are_for_those_who_may_see_them(
    database: Database, bus: Bus, owner: Actor, other_merchant_id: UUID, show_id: UUID
) -> None:
    for actor, refusal in (
        (Actor(owner.merchant_id, Role.SERVICE, new_id()), NotPermitted),
        (Actor(owner.merchant_id, Role.SHOPPER, new_id()), NotPermitted),
        (Actor(owner.merchant_id, Role.GUEST), SignInRequired),
        (Actor(other_merchant_id, Role.OWNER, new_id()), ShowNotFound),
    ):
        for ask in (metrics.numbers, metrics.chart, metrics.products):
            async with database.begin(actor) as tx:
                with pytest.raises(refusal):
                    await ask(tx, bus, show_id)


async def test_without_a_worker_the_door_says_so(
    database: Database, bus: Bus, owner: Actor, show_id: UUID
) -> None:
    async with database.begin(owner) as tx:
        with pytest.raises(BusAway):
            await metrics.numbers(tx, bus, show_id)


async def test_a_worker_that_comes_back_counts_what_it_missed_and_nothing_twice(
    settings: Settings, database: Database, bus: Bus, room: Room
) -> None:
    ann = new_id()
    entered = room.did(Kind.ROOM_ENTERED, ann)
    async with metrics.serve_analytics(settings, database, bus):
        await room.send(entered)
        await room.numbers(views=1)
    await room.send(entered, room.did(Kind.CHAT_LIKED, ann, value=2))
    async with metrics.serve_analytics(settings, database, bus):
        await room.send(entered, room.did(Kind.CHAT_LIKED, new_id(), value=3))
        numbers = await room.numbers(likes=5)
    assert (numbers.views, numbers.viewers) == (1, 1)


async def test_a_goodbye_that_comes_late_is_counted_anew(
    settings: Settings, database: Database, bus: Bus, room: Room
) -> None:
    ann, begin = new_id(), datetime.now(UTC) - timedelta(seconds=30)
    async with metrics.serve_analytics(settings, database, bus):
        await room.send(
            room.did(Kind.ROOM_ENTERED, ann, at=begin),
            room.did(Kind.ROOM_HEARTBEAT, ann, at=begin + timedelta(seconds=10)),
        )
        assert (await room.numbers(viewers=1)).average_watch == 25
        await room.send(room.did(Kind.ROOM_LEFT, ann, at=begin + timedelta(seconds=4)))
        while (await room.numbers(viewers=1)).average_watch != 19:
            pass


async def test_pages_of_one_merchant_cannot_speak_of_anothers_show(
    settings: Settings, database: Database, bus: Bus, room: Room, other_merchant_id: UUID
) -> None:
    stranger = Room(bus, other_merchant_id, room.show_id, room.messages)
    async with metrics.serve_analytics(settings, database, bus):
        await stranger.send(stranger.did(Kind.PRODUCT_CLICKED, new_id()))
        await room.send(room.did(Kind.ROOM_ENTERED, new_id()))
        numbers = [await room.numbers() for _ in range(3)]
    assert {each.product_clicks for each in numbers} == {0}
    assert [each.at for each in numbers] == sorted(each.at for each in numbers)


async def test_killing_the_worker_again_and_again_loses_nothing_and_doubles_nothing(
    environment: dict[str, str], room: Room
) -> None:
    viewers = [new_id() for _ in range(100)]
    sent = 0
    for _ in range(3):
        async with process(environment) as child:
            await room.send(room.did(Kind.ROOM_HEARTBEAT, viewers[0]))
            await room.numbers(likes=sent)
            for _ in range(30):
                events = [room.did(Kind.CHAT_LIKED, viewer, value=1) for viewer in viewers]
                await room.send(*events)
                await room.send(*events[:10], room.did(Kind.ROOM_ENTERED, viewers[0]))
                sent += len(events)
                await asyncio.sleep(0.05)
            child.kill()
    async with process(environment):
        await room.send(room.did(Kind.ROOM_HEARTBEAT, viewers[0]))
        await room.numbers(likes=sent, views=90)
        later = [await room.numbers() for _ in range(2)]
    assert {(numbers.likes, numbers.views) for numbers in later} == {(sent, 90)}
