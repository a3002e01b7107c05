"""NATS: live messages between processes, durable streams of facts and of behaviour.

Core messages are at most once: whoever missed one reads a snapshot again, so every message
carries the new state of what changed. Streams (JetStream) are at least once.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import nats
import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NobodyAnswered
from nats.js.api import (
    ConsumerConfig,
    DeliverPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.client import JetStreamContext

from xinbo.kit.errors import Unavailable

DAY = 86_400.0

ACK_WAIT = 10
"""Seconds after which messages that a killed process had taken come back."""

AT_ONCE = 20
AGAIN_AFTER = 0.5


class BusAway(Unavailable):
    """Raised when nobody answered a request on the bus in time."""


class Bus:
    """One connection to NATS, for one process."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.streams: JetStreamContext = client.jetstream()

    async def publish(self, subject: str, message: bytes) -> None:
        """Send to every listener, waiting for none of them."""
        await self.client.publish(subject, message)

    @asynccontextmanager
    async def listen(self, subject: str) -> AsyncGenerator[AsyncIterator[bytes]]:
        """Receive what is published on the subject from now on."""
        subscription = await self.client.subscribe(subject)
        await self.client.flush()
        try:
            yield (message.data async for message in subscription.messages)
        finally:
            await subscription.unsubscribe()

    async def subscribe(
        self, subject: str, heard: Callable[[str, bytes], Awaitable[None]]
    ) -> Callable[[], Awaitable[None]]:
        """Call `heard(subject, message)` for each message; return the way to stop."""

        async def call(message: Msg) -> None:
            await heard(message.subject, message.data)

        subscription = await self.client.subscribe(subject, cb=call)
        return subscription.unsubscribe

    async def ask(self, subject: str, question: bytes, *, patience: float = 2.0) -> bytes:
        """Send a request and return the answer; `BusAway` if none came within `patience` s."""
        try:
            reply = await self.client.request(subject, question, timeout=patience)
        except (NoRespondersError, NobodyAnswered):
            raise BusAway(of=subject) from None
        return reply.data

    async def answer(
        self, subject: str, respond: Callable[[bytes], Awaitable[bytes]]
    ) -> Callable[[], Awaitable[None]]:
        """Answer requests on the subject, sharing the work with others who answer it."""

        async def call(message: Msg) -> None:
            await message.respond(await respond(message.data))

        subscription = await self.client.subscribe(subject, queue=subject, cb=call)
        return subscription.unsubscribe

    async def open_streams(self) -> None:
        """Create the streams where they are missing. Harmless to repeat."""
        for name, subject, age in (
            ("FACTS", "facts.>", 7 * DAY),
            ("BEHAVIOUR", "behaviour.>", DAY),
            ("SAID", "said.>", 7 * DAY),
        ):
            config = StreamConfig(
                name=name,
                subjects=[subject],
                retention=RetentionPolicy.LIMITS,
                storage=StorageType.FILE,
                max_age=age,
                duplicate_window=600,
            )
            await self.streams.add_stream(config)

    async def consume(
        self, stream: str, subject: str, durable: str, take: Callable[[str, bytes], Awaitable[bool]]
    ) -> None:
        """Hand over a stream's messages for ever, from where `durable` left off.

        `take(subject, message)` says whether it is settled; if not, the message comes back. So
        does one that was handed over when the process died: taking twice must do no harm.
        """
        config = ConsumerConfig(
            durable_name=durable,
            filter_subject=subject,
            deliver_policy=DeliverPolicy.ALL,
            ack_wait=ACK_WAIT,
            max_ack_pending=200,
        )
        while True:
            with contextlib.suppress(nats.errors.Error, OSError):
                consumer = await self.streams.pull_subscribe(
                    subject, durable=durable, stream=stream, config=config
                )
                try:
                    await _hand_over(consumer, take)
                finally:
                    with contextlib.suppress(nats.errors.Error):
                        await consumer.unsubscribe()  # else hanging up waits 30 s for it
            await asyncio.sleep(AGAIN_AFTER)

    async def close(self) -> None:
        """Send what is waiting and hang up."""
        await self.client.drain()


async def _hand_over(
    consumer: JetStreamContext.PullSubscription, take: Callable[[str, bytes], Awaitable[bool]]
) -> None:
    while True:
        try:
            messages = await consumer.fetch(AT_ONCE, timeout=5)
        except TimeoutError:  # nats.errors.TimeoutError among them
            continue
        for message in messages:
            if await take(message.subject, message.data):
                await message.ack()
            else:
                await message.nak(delay=AGAIN_AFTER)


async def connect(url: str, *, name: str = "xinbo") -> Bus:
    """Connect, and reconnect for ever: a bus that restarts loses no process."""

    async def quiet(_: Exception) -> None:
        """Keep lost connections out of the log: reconnecting is the normal answer."""

    client = await nats.connect(
        url,
        name=name,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.2,
        error_cb=quiet,
        pending_size=8 * 1024 * 1024,
    )
    return Bus(client)
