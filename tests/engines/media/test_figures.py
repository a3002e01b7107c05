"""The room's staff see each second how the publisher is doing."""

import asyncio
from pathlib import Path

import httpx
import msgspec
import nats
import pytest

from tests.engines.media.support import Station, Web, push, settings_for, stop
from xinbo.engines.embedded import Nats
from xinbo.engines.media import serve

pytestmark = pytest.mark.anyio


async def test_figures_reach_the_room_also_after_the_bus_was_away(
    web: Web, clip: Path, tmp_path: Path, key: str
) -> None:
    bus = Nats(tmp_path / "nats")
    settings = settings_for(tmp_path / "data", web.port, nats_port=bus.port)
    serving = asyncio.create_task(serve(settings))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.media_port}") as http:
        station = Station(settings, http)
        await station.ready()
        publisher = await push(clip, station.rtmp(key), "-re", "-stream_loop", "-1", wait=False)
        await station.playable(key)
        with bus:
            listener = await nats.connect(bus.url)
            subscription = await listener.subscribe(f"room.show-{key}.staff")
            message = await subscription.next_msg(timeout=10)
            figures = msgspec.json.decode(message.data)
            await listener.close()
        await stop(publisher)
    serving.cancel()
    await asyncio.wait({serving})
    (told,) = web.told("publish", key)
    assert figures == {
        "t": "ingest",
        "bitrateKbps": figures["bitrateKbps"],
        "width": 320,
        "height": 180,
        "fps": pytest.approx(30, abs=10),
        "dropped": 0,
        "lastKeyframeMs": figures["lastKeyframeMs"],
        "protocol": "rtmp",
        "session": told["session"],
        "source": "main",
        "onAir": True,
    }
    assert 20 < figures["bitrateKbps"] < 2000
    assert 0 <= figures["lastKeyframeMs"] < 2500
