"""A stream's messages in batches, each acknowledged once it is kept."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
import nats.errors
import nats.js.errors
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from xinbo.engines.bus import Bus

log = logging.getLogger("xinbo.olap")

PERIOD = 1.0
"""Seconds that a message waits at most before it is kept."""

ENOUGH = 1000
"""Rows that are kept at once without waiting."""

FETCH = 500

FORGOTTEN = 8 * 86_400.0
"""Seconds after which NATS forgets a reader: by then the stream has lost what it missed."""


class Message(msgspec.Struct, frozen=True):
    """What came, and on which subject."""

    subject: str
    data: bytes


class Sink(Protocol):
    """Where a stream ends."""

    def hear(self, messages: Sequence[Message]) -> int:
        """Take messages as soon as they come; return how many rows wait to be kept."""
        ...

    async def keep(self) -> None:
        """Keep all that waits, for good."""
        ...


async def feed(bus: Bus, sink: Sink, *, stream: str, name: str) -> None:
    """Read the stream for ever, in order, from where `name` left off.

    What the sink hears it keeps a second later, or sooner when there is much, and only then is
    it acknowledged: whoever dies in between hears it again. There may be one reader of a name.
    """
    while True:
        try:
            consumer = await _open(bus, stream, name)
            try:
                await _read(consumer, sink)
            finally:
                with contextlib.suppress(nats.errors.Error):
                    await consumer.unsubscribe()  # else hanging up waits 30 s for it
        except (nats.errors.Error, OSError, TimeoutError) as away:
            log.warning("%s waits for %s: %s", name, stream, type(away).__name__)
            await sink.keep()  # nothing is acknowledged: it will be heard again, and count once
            await asyncio.sleep(0.5)


async def _open(bus: Bus, stream: str, name: str) -> Any:
    """Open the consumer behind the last message that was acknowledged.

    It is made again rather than taken up: what a killed reader had fetched and not acknowledged
    would otherwise come back only after `ack_wait`. If we die between the two, the next one
    starts from the beginning, which costs time and nothing else.
    """
    start = 1
    try:
        info = await bus.streams.consumer_info(stream, name)
        start = (info.ack_floor.stream_seq if info.ack_floor else 0) + 1
        await bus.streams.delete_consumer(stream, name)
    except nats.js.errors.NotFoundError:
        log.info("%s reads %s from its start", name, stream)
    config = ConsumerConfig(
        durable_name=name,
        ack_policy=AckPolicy.ALL,
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=start,
        ack_wait=120,
        max_ack_pending=-1,
        inactive_threshold=FORGOTTEN,
    )
    await bus.streams.add_consumer(stream, config)
    return await bus.streams.pull_subscribe_bind(name, stream)


async def _read(consumer: Any, sink: Sink) -> None:
    last: Any = None
    due = 0.0
    while True:
        wait = due - time.monotonic() if last else 5.0
        try:
            messages: list[Any] = await consumer.fetch(FETCH, timeout=max(wait, 0.02))
        except TimeoutError:  # nats.errors.TimeoutError among them
            messages = []
        waiting = 0
        if messages:
            waiting = sink.hear([Message(each.subject, each.data) for each in messages])
            due = due if last else time.monotonic() + PERIOD
            last = messages[-1]
        if last and (waiting >= ENOUGH or time.monotonic() >= due):
            await sink.keep()
            await last.ack()
            last = None
