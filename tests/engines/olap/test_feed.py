"""A stream read in batches: nothing lost, whatever ends in between."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from xinbo.engines.bus import Bus
from xinbo.engines.olap import Message, feed
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


class Heard:
    """A sink in memory; `full` makes it keep nothing."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.kept: list[bytes] = []
        self.batches: list[int] = []
        self.full = False
        self._waiting: list[bytes] = []

    def hear(self, messages: Sequence[Message]) -> int:
        self.heard += (message.data for message in messages)
        self._waiting += (message.data for message in messages)
        return len(self._waiting)

    async def keep(self) -> None:
        if self.full:
            await asyncio.Event().wait()
        self.kept += self._waiting
        self.batches.append(len(self._waiting))
        self._waiting = []


@pytest.fixture
async def stream(bus: Bus) -> AsyncIterator[str]:
    name = f"T{new_id().hex}"
    await bus.streams.add_stream(name=name, subjects=[f"{name}.>"])
    yield name
    await bus.streams.delete_stream(name)


@asynccontextmanager
async def reading(bus: Bus, stream: str, sink: Heard) -> AsyncGenerator[None]:
    task = asyncio.create_task(feed(bus, sink, stream=stream, name="reader"))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def publish(bus: Bus, stream: str, *numbers: int) -> None:
    for number in numbers:
        await bus.streams.publish(f"{stream}.a", b"%d" % number)


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110 the sink under test has no event to wait for
            await asyncio.sleep(0.02)


async def test_messages_are_heard_at_once_and_kept_together_in_order(bus: Bus, stream: str) -> None:
    sink = Heard()
    async with reading(bus, stream, sink):
        await publish(bus, stream, *range(50))
        await until(lambda: len(sink.heard) == 50)
        await until(lambda: len(sink.kept) == 50)
    assert sink.kept == [b"%d" % number for number in range(50)]
    assert len(sink.batches) <= 3


async def test_who_comes_back_goes_on_behind_what_was_kept(bus: Bus, stream: str) -> None:
    first, second = Heard(), Heard()
    async with reading(bus, stream, first):
        await publish(bus, stream, 1, 2)
        await until(lambda: len(first.kept) == 2)
        await asyncio.sleep(0.1)
    await publish(bus, stream, 3)
    async with reading(bus, stream, second):
        await until(lambda: len(second.kept) == 1)
    assert second.heard == [b"3"]


async def test_what_was_heard_but_not_kept_is_heard_again_without_delay(
    bus: Bus, stream: str
) -> None:
    first, second = Heard(), Heard()
    first.full = True
    async with reading(bus, stream, first):
        await publish(bus, stream, 1, 2, 3)
        await until(lambda: len(first.heard) == 3)
    async with reading(bus, stream, second):
        await until(lambda: second.kept == [b"1", b"2", b"3"])


async def test_a_reader_outlives_the_loss_of_its_consumer(bus: Bus, stream: str) -> None:
    sink = Heard()
    async with reading(bus, stream, sink):
        await publish(bus, stream, 1)
        await until(lambda: sink.kept == [b"1"])
        await bus.streams.delete_consumer(stream, "reader")
        await publish(bus, stream, 2)
        await until(lambda: b"2" in sink.kept)
