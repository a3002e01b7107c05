"""The analytics side of the worker: keep, count, tell, answer."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from xinbo.analytics.collect import Observed
from xinbo.analytics.metrics._service._board import Board, Keeper
from xinbo.analytics.metrics._service._kept import (
    Key,
    deeds,
    facts,
    keep_deeds,
    keep_facts,
    prepare,
)
from xinbo.analytics.metrics._service._tally import Tally
from xinbo.analytics.metrics._types import Likes, Question
from xinbo.engines.bus import Bus
from xinbo.engines.events import Fact
from xinbo.engines.olap import feed, open_store
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database, system
from xinbo.kit.ids import NIL
from xinbo.live import shows

log = logging.getLogger("xinbo.analytics")

SECOND = 1.0


@asynccontextmanager
async def serve_analytics(
    settings: Settings, database: Database, bus: Bus
) -> AsyncGenerator[Board]:
    """Keep and count until left. One process per data folder may do so.

    Both streams go into the store; the shows on air are counted in memory, told to their staff
    each second, and answered for on `analytics.*`.
    """
    async with (
        await open_store(settings.data / "analytics", settings.clickhouse_url) as store,
        asyncio.TaskGroup() as group,
    ):
        name = await prepare(store)
        board = Board(store)
        behaviour = Keeper[Observed](board, deeds, partial(keep_deeds, store))
        of_record = Keeper[Fact](board, facts, partial(keep_facts, store))
        stops = await _answer(board, bus)
        tasks = [
            group.create_task(_resume(board, database)),
            group.create_task(feed(bus, behaviour, stream="BEHAVIOUR", name=name)),
            group.create_task(feed(bus, of_record, stream="FACTS", name=name)),
            group.create_task(_tell(board, bus)),
        ]
        try:
            yield board
        finally:
            for task in tasks:
                task.cancel()
            board.close()
            for stop in stops:
                await stop()


async def _resume(board: Board, database: Database) -> None:
    """Bring the shows that are on air into memory."""
    async with database.begin(system(NIL)) as tx:
        on_air = await shows.on_air(tx)
    for key in on_air:
        tally = await board.tally(key)
        tally.on_air |= not tally.turned


async def _tell(board: Board, bus: Bus) -> None:
    """Send each lively show's numbers to its staff, once a second."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        for numbers in board.lively(datetime.now(UTC)):
            message = {"t": "numbers"} | msgspec.to_builtins(numbers)
            await bus.publish(f"room.{numbers.show_id}.staff", msgspec.json.encode(message))
        due = max(due + SECOND, loop.time())
        await asyncio.sleep(due - loop.time())


async def _answer(board: Board, bus: Bus) -> list[Callable[[], Awaitable[None]]]:
    """Answer the web processes' questions, and the edges'."""

    def on(view: Callable[[Tally, UUID, datetime], object]) -> Callable[[bytes], Awaitable[bytes]]:
        async def respond(data: bytes) -> bytes:
            question = msgspec.json.decode(data, type=Question)
            key: Key = (question.merchant_id, question.show_id)
            tally = await board.tally(key)
            return msgspec.json.encode(view(tally, question.show_id, datetime.now(UTC)))

        return respond

    async def likes(message: Any) -> None:
        """Say how many hearts a room has; its id is the end of the subject."""
        try:
            show_id = UUID(message.subject.rpartition(".")[2])
        except ValueError:
            return
        await message.respond(msgspec.json.encode(Likes(likes=await board.likes(show_id))))

    subscription = await bus.client.subscribe("analytics.likes.*", queue="analytics", cb=likes)
    return [
        await bus.answer("analytics.numbers", on(Tally.numbers)),
        await bus.answer("analytics.chart", on(lambda tally, _, now: tally.chart(now))),
        await bus.answer("analytics.products", on(lambda tally, _, __: tally.products())),
        subscription.unsubscribe,
    ]
