"""The media process is killed, and nothing that was recorded is lost."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.engines.media.support import Station, Web, push, settings_for, stop, until
from tests.engines.media.whip import Camera

pytestmark = pytest.mark.anyio

PROGRAM = (
    "import asyncio; from xinbo.engines.media import serve;"
    "from xinbo.engines.settings import Settings; asyncio.run(serve(Settings.load()))"
)


@pytest.fixture
async def away(web: Web, tmp_path: Path) -> AsyncIterator[Station]:
    """The address of a media process that does not run yet."""
    settings = settings_for(tmp_path, web.port)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.media_port}") as http:
        yield Station(settings, http)


@contextmanager
def _process(station: Station) -> Generator[subprocess.Popen[bytes]]:
    settings = station.settings
    own = {
        "XINBO_DATA": str(settings.data),
        "XINBO_WEB_PORT": str(settings.web_port),
        "XINBO_MEDIA_PORT": str(settings.media_port),
        "XINBO_RTMP_PORT": str(settings.rtmp_port),
        "XINBO_NATS_PORT": "1",
        "XINBO_SECRET": settings.secret,
    }
    with subprocess.Popen([sys.executable, "-c", PROGRAM], env=os.environ | own) as process:  # noqa: S603
        try:
            yield process
        finally:
            process.kill()


async def test_a_kill_loses_no_recording_and_not_the_address(
    away: Station, web: Web, clip: Path, key: str
) -> None:
    with _process(away) as process:
        await away.ready()
        publisher = await push(clip, away.rtmp(key), "-re", "-stream_loop", "-1", wait=False)
        await away.playable(key, segments=2)
        process.send_signal(signal.SIGKILL)
        process.wait()
        await stop(publisher)
    with _process(away):
        await away.ready()
        before = await away.playlist(key)
        assert len(before.entries) >= 2
        assert before.ended
        await until(lambda: web.told("stopped", key))
        actions = [body["action"] for body in web.heard]
        assert actions[-2:] == ["restarted", "stopped"]
        assert web.heard[-1]["session"] == web.told("started", key)[0]["session"]
        assert web.heard[-1]["durationMs"] == pytest.approx(before.seconds * 1000, abs=5)
        await push(clip, away.rtmp(key))
        await until(lambda: len(web.told("stopped", key)) == 2)
        after = await away.playlist(key)
        assert after.entries[: len(before.entries)] == before.entries
        assert after.entries[len(before.entries)].discontinuity
        live = await away.playlist(key, "live")
        assert live.entries == after.entries


async def test_a_kill_leaves_no_child_behind(away: Station, key: str) -> None:
    with _process(away) as process:
        await away.ready()
        async with Camera(away.http, key):
            (child,) = _children(process.pid)
            process.send_signal(signal.SIGKILL)
            process.wait()
            await until(lambda: not Path(f"/proc/{child}").exists())


async def test_a_process_that_is_asked_to_end_closes_its_recordings(
    away: Station, web: Web, clip: Path, key: str
) -> None:
    with _process(away) as process:
        await away.ready()
        publisher = await push(clip, away.rtmp(key), "-re", "-stream_loop", "-1", wait=False)
        await away.playable(key)
        process.send_signal(signal.SIGINT)
        await asyncio.to_thread(process.wait, 10)
        await stop(publisher)
    assert web.told("stopped", key)
    sessions = list((away.settings.data / "media").glob("*/*/session.json"))
    assert len(sessions) == 1
    assert b'"reported":true' in sessions[0].read_bytes()


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    found = [int(one) for one in text.split()]
    return [one for one in found if b"_whip_child" in Path(f"/proc/{one}/cmdline").read_bytes()]
