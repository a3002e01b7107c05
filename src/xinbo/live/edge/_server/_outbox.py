"""What goes to the bus: live messages at most once; behaviour and chat in batches, tried again."""

import asyncio
import contextlib
import logging
from collections import deque
from datetime import datetime
from uuid import UUID

import msgspec

from xinbo.engines.bus import Bus
from xinbo.kit.ids import new_id
from xinbo.live.chat import Said

BATCH = 200
DID_EVERY = 1.0
SAID_EVERY = 0.25
"""Seconds: the staff can act on a message once it is archived."""

KEPT_BATCHES = 500
"""Batches kept while the bus is away: 100,000 events; older ones are then lost."""

KEPT_MESSAGES = 10_000
AGAIN_AFTER = 1.0
ACK_WITHIN = 5.0
LAST_TRY = 2.0

log = logging.getLogger("xinbo.edge")


class Did(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Something a viewer did, as analytics takes it in."""

    id: UUID
    type: str
    at: datetime
    show_id: UUID
    viewer_id: UUID
    value: float | None = None
    props: dict[str, object] = {}


class Batches:
    """A durable stream's queue: what is for one subject goes in one message, until it is taken."""

    def __init__(self, bus: Bus, every: float) -> None:
        self._bus = bus
        self._every = every
        self._open: dict[str, list[object]] = {}
        self._packed: deque[tuple[str, UUID, bytes]] = deque(maxlen=KEPT_BATCHES)
        self._ready = asyncio.Event()

    def add(self, subject: str, item: object) -> None:
        """Send it soon, with others."""
        items = self._open.setdefault(subject, [])
        items.append(item)
        if len(items) >= BATCH:
            self._pack(subject)

    async def work(self) -> None:
        """Send for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pack_often())
            group.create_task(self._send_all())

    async def finish(self) -> None:
        """Send what is left."""
        for subject in list(self._open):
            self._pack(subject)
        while self._packed:
            await self._send(*self._packed[0])
            self._packed.popleft()

    async def _pack_often(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            for subject in list(self._open):
                self._pack(subject)

    def _pack(self, subject: str) -> None:
        if items := self._open.pop(subject, None):
            self._packed.append((subject, new_id(), msgspec.json.encode(items)))
            self._ready.set()

    async def _send_all(self) -> None:
        while True:
            await self._ready.wait()
            self._ready.clear()
            while self._packed:
                batch = self._packed[0]
                try:
                    await self._send(*batch)
                except Exception as away:  # noqa: BLE001 any of the bus's many ways to be away
                    log.warning("%s waits: %s", batch[0], type(away).__name__)
                    await asyncio.sleep(AGAIN_AFTER)
                    continue
                if self._packed and self._packed[0] is batch:
                    self._packed.popleft()

    async def _send(self, subject: str, batch_id: UUID, body: bytes) -> None:
        """Send a batch; its id makes a repeat harmless."""
        await self._bus.streams.publish(
            subject, body, timeout=ACK_WITHIN, headers={"Nats-Msg-Id": str(batch_id)}
        )


class Outbox:
    """Queues with a task each, so that no socket ever waits for the bus."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._live: deque[tuple[str, bytes]] = deque(maxlen=KEPT_MESSAGES)
        self._ready = asyncio.Event()
        self._did = Batches(bus, DID_EVERY)
        self._said = Batches(bus, SAID_EVERY)

    def publish(self, subject: str, message: bytes) -> None:
        """Send to whoever listens, at most once."""
        self._live.append((subject, message))
        self._ready.set()

    def did(self, merchant_id: UUID, event: Did) -> None:
        """Send a behaviour event to analytics, soon and with others."""
        self._did.add(f"behaviour.{merchant_id}", event)

    def said(self, merchant_id: UUID, said: Said) -> None:
        """Send what was said to the archive and to whoever reads along."""
        self._said.add(f"said.{merchant_id}.{said.show_id}", said)

    async def work(self) -> None:
        """Send for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._send_live())
            group.create_task(self._did.work())
            group.create_task(self._said.work())

    async def finish(self) -> None:
        """Send what is left, if the bus takes it now."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(LAST_TRY):
                while self._live:
                    await self._bus.publish(*self._live.popleft())
                await self._said.finish()
                await self._did.finish()

    async def _send_live(self) -> None:
        while True:
            await self._ready.wait()
            self._ready.clear()
            while self._live:
                subject, message = self._live.popleft()
                # Whatever is wrong with the bus, this message is of no use later.
                with contextlib.suppress(Exception):
                    await self._bus.publish(subject, message)
