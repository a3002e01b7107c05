"""What goes to the bus: live messages at most once, behaviour in batches and tried again."""

import asyncio
import contextlib
import logging
from collections import deque
from datetime import datetime
from uuid import UUID

import msgspec

from xinbo.engines.bus import Bus
from xinbo.kit.ids import new_id

BATCH = 200
EVERY = 1.0
KEPT_BATCHES = 500
"""Batches kept while the bus is away: 100,000 events; older ones are then lost."""

KEPT_MESSAGES = 10_000
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


class Outbox:
    """Two queues with one task each, so that no socket ever waits for the bus."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._live: deque[tuple[str, bytes]] = deque(maxlen=KEPT_MESSAGES)
        self._ready = asyncio.Event()
        self._did: dict[UUID, list[Did]] = {}
        self._batches: deque[tuple[UUID, UUID, bytes]] = deque(maxlen=KEPT_BATCHES)
        self._batched = asyncio.Event()

    def publish(self, subject: str, message: bytes) -> None:
        """Send to whoever listens, at most once."""
        self._live.append((subject, message))
        self._ready.set()

    def did(self, merchant_id: UUID, event: Did) -> None:
        """Send a behaviour event to analytics, soon and with others."""
        events = self._did.setdefault(merchant_id, [])
        events.append(event)
        if len(events) >= BATCH:
            self._pack(merchant_id)

    async def work(self) -> None:
        """Send for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._send_live())
            group.create_task(self._pack_often())
            group.create_task(self._send_batches())

    async def finish(self) -> None:
        """Send what is left, if the bus takes it now."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(LAST_TRY):
                while self._live:
                    await self._bus.publish(*self._live.popleft())
                for merchant_id in list(self._did):
                    self._pack(merchant_id)
                while self._batches:
                    await self._send(*self._batches[0])
                    self._batches.popleft()

    async def _send_live(self) -> None:
        while True:
            await self._ready.wait()
            self._ready.clear()
            while self._live:
                subject, message = self._live.popleft()
                # Whatever is wrong with the bus, this message is of no use later.
                with contextlib.suppress(Exception):
                    await self._bus.publish(subject, message)

    async def _pack_often(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            for merchant_id in list(self._did):
                self._pack(merchant_id)

    def _pack(self, merchant_id: UUID) -> None:
        if events := self._did.pop(merchant_id, None):
            self._batches.append((merchant_id, new_id(), msgspec.json.encode(events)))
            self._batched.set()

    async def _send_batches(self) -> None:
        while True:
            await self._batched.wait()
            self._batched.clear()
            while self._batches:
                batch = self._batches[0]
                try:
                    await self._send(*batch)
                except Exception as away:  # noqa: BLE001 any of the bus's many ways to be away
                    log.warning("behaviour waits: %s", type(away).__name__)
                    await asyncio.sleep(EVERY)
                    continue
                if self._batches and self._batches[0] is batch:
                    self._batches.popleft()

    async def _send(self, merchant_id: UUID, batch_id: UUID, body: bytes) -> None:
        """Send a batch; its id makes a repeat harmless."""
        await self._bus.streams.publish(
            f"behaviour.{merchant_id}",
            body,
            timeout=ACK_WITHIN,
            headers={"Nats-Msg-Id": str(batch_id)},
        )
