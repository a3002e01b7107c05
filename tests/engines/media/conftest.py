"""Fixtures of the media tests: a real media process, real publishers, and a small real web."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.engines.media.support import Station, Web, settings_for
from xinbo.engines.media import serve


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of H.264 with B-frames and AAC, a keyframe each second."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    picture = "testsrc=size=320x180:rate=30:duration=3"
    sound = "sine=frequency=440:sample_rate=48000:duration=3"
    command = f"ffmpeg -v error -f lavfi -i {picture} -f lavfi -i {sound}"
    command += " -c:v libx264 -preset veryfast -bf 2 -g 30 -keyint_min 30 -sc_threshold 0"
    command += f" -pix_fmt yuv420p -c:a aac -ac 2 {path}"
    subprocess.run(command.split(), check=True)  # noqa: S603
    return path


@pytest.fixture(scope="session")
def web() -> Iterator[Web]:
    """A web that lets keys in that begin with `good`."""
    with Web() as web:
        yield web


@pytest.fixture
def key(web: Web) -> str:
    """A good key that no other test uses."""
    return web.new_key()


@pytest.fixture(scope="session")
async def station(
    web: Web, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[Station]:
    """A media process in this event loop."""
    settings = settings_for(tmp_path_factory.mktemp("station"), web.port)
    serving = asyncio.create_task(serve(settings))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.media_port}") as http:
        station = Station(settings, http)
        await station.ready()
        yield station
    serving.cancel()
    await asyncio.wait({serving})
