"""What breaks, and what viewers notice of it."""

import asyncio
import json
import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from tests.live.edge.support import MERCHANT, House, Message
from xinbo.engines import bus as buses
from xinbo.engines.embedded import Nats, free_port
from xinbo.engines.supervisor import listen

pytestmark = pytest.mark.anyio


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that a test may break."""
    with Nats(tmp_path_factory.mktemp("bus") / "nats") as nats:
        house = House(nats, tmp_path_factory.mktemp("house"))
        try:
            house.add_edge()
            house.add_edge()
            yield house
        finally:
            for edge in house.edges:
                edge.end()


@pytest.fixture
async def house(fresh: House) -> AsyncGenerator[House]:
    fresh.bus = await buses.connect(fresh.nats.url)
    await fresh.bus.open_streams()
    yield fresh
    await fresh.bus.close()


async def test_the_likes_that_were_seen_survive_the_death_of_every_edge(house: House) -> None:
    one, two = house.edges
    async with house.viewer(edge=one) as a, house.viewer(edge=two) as b:
        await a.say(t="like", n=20)
        await b.say(t="like", n=3)
        await a.until("likes", lambda m: m["n"] == 23)
        for edge in house.edges:
            edge.end(signal.SIGKILL)
        await a.end()
        await b.end()
    for edge in house.edges:
        edge.start()
    async with house.viewer(edge=one) as a, house.viewer(edge=two) as b:
        assert [(await each.until("hello"))["likes"] for each in (a, b)] == [23, 23]
        await b.say(t="like", n=2)
        for each in (a, b):
            await each.until("likes", lambda m: m["n"] == 25)
            numbers = [m["n"] for m in each.all("likes")]
            assert numbers == sorted(numbers)


async def test_viewers_stay_through_a_restart_of_the_bus_and_hear_what_came_meanwhile(
    house: House,
) -> None:
    one, two = house.edges
    async with house.viewer(edge=one) as a, house.viewer(edge=two) as b:
        house.nats.kill()
        await a.say(t="chat", id=uuid4(), text="有人吗")
        await a.until("chat", lambda m: m["text"] == "有人吗")
        await a.say(t="like", n=4)
        await a.until("likes", lambda m: m["n"] == 4)
        house.nats.start()
        pinned: Message = {"showId": str(house.show), "seq": 9, "items": []}
        payload: Message = {"showId": str(house.show), "stage": pinned}
        fact: Message = {"id": str(uuid4()), "type": "stage.changed", "payload": payload}
        again = await buses.connect(house.nats.url)
        await again.streams.publish(
            f"facts.{MERCHANT}.stage.changed", json.dumps(fact).encode(), timeout=10
        )
        for viewer in (a, b):
            assert (await viewer.until("stage"))["seq"] == 9
            await viewer.until("likes", lambda m: m["n"] == 4)
            await viewer.until("viewers", lambda m: m["n"] == 2)
        await again.close()
        await a.say(t="chat", id=uuid4(), text="回来了")
        for viewer in (a, b):
            await viewer.until("chat", lambda m: m["text"] == "回来了")
        assert len([m for m in a.all("chat") if m["text"] == "有人吗"]) == 1


async def test_behaviour_waits_for_the_bus_and_comes_once(house: House) -> None:
    claims = house.claims()
    async with house.viewer(claims) as viewer:
        house.nats.kill()
        await viewer.say(t="ev", type="product.clicked", productId=uuid4())
        await asyncio.sleep(2)
        house.nats.start()
    again = await buses.connect(house.nats.url)
    stream = await again.streams.pull_subscribe(f"behaviour.{MERCHANT}", stream="BEHAVIOUR")
    kinds: list[str] = []
    async with asyncio.timeout(60):
        while "room.left" not in kinds:
            for message in await stream.fetch(1, timeout=30):
                kinds += [each["type"] for each in json.loads(message.data)]
                await message.ack()
    await again.close()
    assert sorted(kinds) == ["product.clicked", "room.entered", "room.left"]


async def test_an_edge_that_is_stopped_says_so_and_its_viewers_no_longer_count(
    house: House,
) -> None:
    one, two = house.edges
    async with house.viewer(edge=one) as goes, house.viewer(edge=two) as stays:
        await stays.until("viewers", lambda m: m["n"] == 2)
        both = len(stays.heard)
        one.end(signal.SIGTERM)
        assert (await goes.until("bye"))["reason"] == "restart"
        assert await goes.end() == 1012
        await stays.until("viewers", lambda m: m["n"] == 1, since=both)


async def test_edges_that_share_a_port_are_one_room_and_one_death_leaves_the_other(
    house: House,
) -> None:
    with listen("127.0.0.1", free_port()) as shared:
        one, two = house.add_edge(shared), house.add_edge(shared)
        async with AsyncExitStack() as stack:
            for _ in range(8):
                await stack.enter_async_context(house.viewer(edge=one))
            watcher = await stack.enter_async_context(house.viewer(edge=house.edges[0]))
            await watcher.until("viewers", lambda m: m["n"] == 9)
            one.end(signal.SIGKILL)
            for _ in range(8):
                async with house.viewer(edge=two) as viewer:
                    await viewer.say(t="chat", id=uuid4(), text="还在")
                    await viewer.until("chat")
