"""The media process: its doors, its desk, and the figures it tells the rooms."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import msgspec
import uvicorn
from nats.aio.client import Client
from nats.errors import Error as NatsError

from xinbo.engines.media._desk import Desk
from xinbo.engines.media._hooks import HttpHooks
from xinbo.engines.media._http import HttpDoor
from xinbo.engines.media._rtmp import RtmpDoor
from xinbo.engines.media._store import Library
from xinbo.engines.media._whip import WhipDoor
from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import listen

log = logging.getLogger("xinbo.media")


class _Server(uvicorn.Server):
    """uvicorn, without its hands on this process's signals."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


async def serve(settings: Settings) -> None:
    """Run until cancelled; recordings are closed before it returns. Raises `PortBusy`."""
    hooks = HttpHooks(settings.web_url, settings.hook_token)
    library = Library(settings.data / "media")
    desk = Desk(library, hooks)
    rtmp, whip = RtmpDoor(desk), WhipDoor(desk)
    config = uvicorn.Config(
        HttpDoor(library, desk, whip, settings.hook_token),
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    http = _Server(config)
    with (
        listen(settings.host, settings.rtmp_port) as rtmp_socket,
        listen(settings.host, settings.media_port) as http_socket,
    ):
        await desk.recover()
        await rtmp.open(rtmp_socket)
        serving = asyncio.create_task(http.serve([http_socket]))
        telling = asyncio.create_task(_tell_rooms(desk, settings.bus_url))
        watching = asyncio.create_task(desk.watch())
        try:
            await asyncio.wait({serving})
        finally:
            telling.cancel()
            watching.cancel()
            await desk.close()
            await rtmp.close()
            await whip.close()
            http.should_exit = True
            await asyncio.wait({serving, telling, watching})
            await hooks.close()
    await serving


async def _tell_rooms(desk: Desk, url: str) -> None:
    """Publish each publisher's figures to its room's staff, once a second."""
    async with _bus(url) as bus:
        while True:
            await asyncio.sleep(1)
            for publisher in desk.publishers:
                figures = publisher.measure()
                if bus.is_connected:
                    with contextlib.suppress(NatsError, OSError):
                        subject = f"room.{publisher.grant.show_id}.staff"
                        await bus.publish(subject, msgspec.json.encode(figures))


@asynccontextmanager
async def _bus(url: str) -> AsyncGenerator[Client]:
    """Hold a connection that mends itself; everything works without it but the figures."""
    bus = Client()

    async def quiet(error: Exception) -> None:
        log.debug("nats: %s", error)

    async def connect() -> None:
        while not bus.is_connected:
            with contextlib.suppress(NatsError, OSError):
                await bus.connect(
                    url,
                    error_cb=quiet,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=1,
                    connect_timeout=2,
                    name="media",
                )
                return
            await asyncio.sleep(2)

    connecting = asyncio.create_task(connect())
    try:
        yield bus
    finally:
        connecting.cancel()
        with contextlib.suppress(NatsError, OSError):
            await bus.close()
