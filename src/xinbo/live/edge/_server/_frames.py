"""The beat of a room: what happened goes out as one frame, built once, at most ten a second."""

import asyncio
import logging
import time
from collections.abc import Callable

from xinbo.engines.sockets import Socket, prebuilt, send_all
from xinbo.live.edge._server import _wire
from xinbo.live.edge._server._visit import Visit

PERIOD = 0.1
"""Seconds between two frames. The first after a pause goes out at once."""

REST = 1.5
"""Where sending to everyone takes long, frames come at this multiple of it: fewer, not later."""

SLICE = 1000
"""Sockets served before others get a turn on the loop."""

MOST_WAITING = 1 << 20
"""Bytes that a slow reader may be behind."""

MOST_PENDING = 2000
"""Messages in one frame; what is beyond comes in the next."""

LAST_WINS = frozenset(
    {"stage", "video", "viewers", "likes", "joins", "numbers", "ingest", "show", "load", "seats"}
)
"""Messages that carry a whole state: within a frame only the last one of each counts."""


log = logging.getLogger("xinbo.edge")


class Lane:
    """Messages that wait for the next frame."""

    __slots__ = ("listed", "states")

    def __init__(self) -> None:
        self.listed: list[bytes] = []
        self.states: dict[str, bytes] = {}

    def add(self, t: str, message: bytes) -> None:
        """Add a message of type `t`."""
        if t in LAST_WINS:
            self.states[t] = message
        else:
            self.listed.append(message)

    def take(self) -> list[bytes]:
        """Empty the lane."""
        taken = [*self.listed[:MOST_PENDING], *self.states.values()]
        self.listed, self.states = self.listed[MOST_PENDING:], {}
        return taken


class Frames:
    """Sends the room's frames to its audience and, with what only staff may see, to its staff."""

    def __init__(self) -> None:
        self.audience: dict[Socket, Visit] = {}
        self.staff: dict[Socket, Visit] = {}
        self.number = 0
        self._public = Lane()
        self._private = Lane()
        self._wanted = asyncio.Event()
        self._built: list[Callable[[], None]] = []

    def add(self, t: str, message: bytes, *, then: Callable[[], None] | None = None) -> None:
        """Send to everyone; call `then` when the frame is built."""
        self._public.add(t, message)
        if then:
            self._built.append(then)
        self._wanted.set()

    def add_private(self, t: str, message: bytes) -> None:
        """Send to the staff alone."""
        self._private.add(t, message)
        self._wanted.set()

    def frame(self, parts: list[bytes] | tuple[bytes, ...]) -> bytes:
        """Put messages into a frame of now."""
        return _wire.frame(self.number, time.time_ns() // 1_000_000, parts)

    async def work(self) -> None:
        """Send frames for ever."""
        loop = asyncio.get_running_loop()
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            began = loop.time()
            try:
                await self._send()
            except Exception:
                log.exception("a frame failed")
            took = loop.time() - began
            await asyncio.sleep(max(PERIOD, took * REST) - took)

    async def _send(self) -> None:
        public, private = self._public.take(), self._private.take()
        if self._public.listed or self._private.listed:
            self._wanted.set()
        self.number += 1
        built, self._built = self._built, []
        for then in built:
            then()
        if public:
            await self._send_to(self.audience, public)
        if self.staff and (public or private):
            await self._send_to(self.staff, public + private)

    async def _send_to(self, sockets: dict[Socket, Visit], parts: list[bytes]) -> None:
        message = prebuilt(self.frame(parts))
        everyone = tuple(sockets)
        for start in range(0, len(everyone), SLICE):
            for socket in send_all(everyone[start : start + SLICE], message, MOST_WAITING):
                if visit := sockets.get(socket):
                    visit.bye("slow")
            if start + SLICE < len(everyone):
                await asyncio.sleep(0)
