"""Real edge processes, and viewers that are real WebSocket clients."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from xinbo.engines.bus import Bus
from xinbo.engines.embedded import Nats, free_port
from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import fd_variable
from xinbo.live.edge import RoomRole
from xinbo.live.edge._rules import Claims, sign

PATIENCE = 60.0
MERCHANT = UUID(int=7)
SRC = Path(__file__).parents[3] / "src"

type Message = dict[str, Any]


class Viewer:
    """Someone in a room: keeps all that was heard, in order."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[Message] = []
        self.frames: list[Message] = []
        self.closed: int | None = None
        self._new = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    async def say(self, **message: object) -> None:
        await self.socket.send(json.dumps(message, default=str))

    async def until(
        self, t: str, fits: Callable[[Message], bool] = lambda _: True, *, since: int = 0
    ) -> Message:
        """Return the first message of the type that fits, heard already or to come.

        `since` leaves out as many of the messages heard first.
        """
        async with asyncio.timeout(PATIENCE):
            while True:
                self._new.clear()
                for message in self.heard[since:]:
                    if message["t"] == t and fits(message):
                        return message
                if self.closed is not None:
                    raise AssertionError(f"closed with {self.closed} before {t}: {self.heard}")
                await self._new.wait()

    def all(self, t: str) -> list[Message]:
        return [message for message in self.heard if message["t"] == t]

    async def end(self) -> int:
        """Wait for the end; return its code."""
        async with asyncio.timeout(PATIENCE):
            await self._listening
        assert self.closed is not None
        return self.closed

    async def leave(self) -> None:
        await self.socket.close()
        await self._listening

    async def _listen(self) -> None:
        try:
            async for text in self.socket:
                frame = json.loads(text)
                self.frames.append(frame)
                self.heard += frame["m"]
                self._new.set()
        except ConnectionClosed:
            pass
        self.closed = self.socket.close_code
        self._new.set()


class EdgeProcess:
    """`xinbo edge`, as the supervisor would run it."""

    def __init__(
        self, settings: dict[str, str], port: int, shared: socket.socket | None = None
    ) -> None:
        self.port = port
        self._fds = (shared.fileno(),) if shared else ()
        settings |= {fd_variable("edge"): str(fd) for fd in self._fds}
        self._env = os.environ | settings | {"XINBO_EDGE_PORT": str(port), "PYTHONPATH": str(SRC)}
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "xinbo", "edge"]
        self._child = subprocess.Popen(command, env=self._env, pass_fds=self._fds)  # noqa: S603
        until = time.monotonic() + PATIENCE
        while not self.healthy():
            assert self._child.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)

    def healthy(self) -> bool:
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/healthz")
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and answer.text == "ok\n"

    def end(self, number: int = signal.SIGTERM) -> None:
        if self._child:
            self._child.send_signal(number)
            self._child.wait(PATIENCE)
            self._child = None


class House:
    """One bus, some edges, one show."""

    def __init__(self, nats: Nats, folder: Path) -> None:
        self.nats = nats
        self.show = uuid4()
        self.edges: list[EdgeProcess] = []
        self._env = {"XINBO_DATA": str(folder), "XINBO_NATS_URL": nats.url, "XINBO_SECRET": "s"}
        self.key = settings_of(self._env).key("tickets")
        self.bus: Bus

    def add_edge(self, shared: socket.socket | None = None) -> EdgeProcess:
        port = shared.getsockname()[1] if shared else free_port()
        edge = EdgeProcess(dict(self._env), port, shared)
        self.edges.append(edge)
        edge.start()
        return edge

    def claims(self, name: str = "小雨", role: str = "shopper", **fields: Any) -> Claims:
        given: dict[str, Any] = {
            "show_id": self.show,
            "merchant_id": MERCHANT,
            "viewer_id": uuid4(),
            "issued": int(time.time()),
        }
        given |= {"name": name, "role": RoomRole(role)}
        return Claims(**(given | fields))

    def url(self, edge: EdgeProcess, ticket: str) -> str:
        return f"ws://127.0.0.1:{edge.port}/room?ticket={ticket}"

    @asynccontextmanager
    async def viewer(
        self, claims: Claims | None = None, edge: EdgeProcess | None = None, **options: Any
    ) -> AsyncGenerator[Viewer]:
        """Be in the room; the hello has been heard."""
        url = self.url(edge or self.edges[0], sign(claims or self.claims(), self.key))
        async with connect(url, max_size=None, **options) as socket:
            viewer = Viewer(socket)
            await viewer.until("hello")
            yield viewer
            with contextlib.suppress(ConnectionClosed):
                await viewer.leave()

    async def fact(self, name: str, **payload: object) -> None:
        """Publish a fact as the relay does."""
        fact = {"id": str(uuid4()), "type": name, "payload": {"showId": str(self.show), **payload}}
        await self.bus.publish(f"facts.{MERCHANT}.{name}", json.dumps(fact, default=str).encode())

    async def publish(self, lane: str, message: object) -> None:
        await self.bus.publish(f"room.{self.show}.{lane}", json.dumps(message).encode())


def settings_of(env: dict[str, str]) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        return Settings.load()
