"""Two sources, one programme: the backup takes over, and nobody sees a hole."""

import asyncio
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.engines.media.support import (
    Playlist,
    Station,
    Web,
    push,
    settings_for,
    stop,
    track,
    until,
)
from tests.engines.media.whip import Camera
from xinbo.engines.media import serve

pytestmark = pytest.mark.anyio

LIVE = ("-re", "-stream_loop", "-1")


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of another camera: its own size and profile, and a keyframe in two seconds."""
    path = tmp_path_factory.mktemp("other") / "other.mp4"
    command = "ffmpeg -v error -f lavfi -i testsrc2=size=256x144:rate=15:duration=4"
    command += " -f lavfi -i sine=frequency=880:sample_rate=44100:duration=4"
    command += " -c:v libx264 -profile:v baseline -preset veryfast -g 30 -keyint_min 30"
    command += f" -sc_threshold 0 -pix_fmt yuv420p -c:a aac -ac 1 {path}"
    subprocess.run(command.split(), check=True)  # noqa: S603
    return path


async def both(
    station: Station, clip: Path, other: Path, key: str
) -> tuple[asyncio.subprocess.Process, asyncio.subprocess.Process]:
    """Have main on air, and the backup ready."""
    main = await push(clip, station.rtmp(key), *LIVE, wait=False)
    await station.playable(key)
    backup = await push(other, station.rtmp(key + "+backup"), *LIVE, wait=False)
    await until_ready(station, key)
    return main, backup


async def until_ready(station: Station, key: str, sources: int = 2) -> None:
    async def ready() -> bool:
        figures = await station.figures(key)
        return len(figures) == sources and all(one["playable"] for one in figures)

    await until(ready)


async def moved(station: Station, key: str, discontinuities: int = 1) -> Playlist:
    """Wait until the programme has moved, and return it whole."""

    async def there() -> bool:
        entries = (await station.playlist(key)).entries
        return sum(entry.discontinuity for entry in entries) >= discontinuities

    await until(there)
    return await station.playlist(key)


async def put_on_air(station: Station, key: str, source: str) -> httpx.Response:
    path = f"/programmes/stream-{key}/{source}"
    return await station.http.put(path, headers=station.web_headers)


async def on_air(station: Station, key: str) -> set[str]:
    return {one["source"] for one in await station.figures(key) if one["onAir"]}


async def test_the_backup_takes_over_within_three_seconds_when_main_is_killed(
    station: Station, web: Web, clip: Path, other: Path, key: str
) -> None:
    main, backup = await both(station, clip, other, key)
    await station.playable(key, segments=3)
    assert not any(entry.discontinuity for entry in (await station.playlist(key)).entries)
    main.kill()
    killed = time.monotonic()
    playlist = await moved(station, key)
    assert time.monotonic() - killed < 3
    assert await on_air(station, key) == {"backup"}
    await until(lambda: web.told("stopped", key))
    (stopped,) = web.told("stopped", key)
    assert (stopped["source"], stopped["onAir"], stopped["reason"]) == ("main", "backup", "ended")
    first = next(at for at, entry in enumerate(playlist.entries) if entry.discontinuity)
    before, after = playlist.entries[:first], playlist.entries[first:]
    assert track(await station.media(key, before), "video").size == (320, 180)
    assert track(await station.media(key, after), "video").size == (256, 144)
    await station.playable(key, segments=first + 3)
    assert not (await station.playlist(key)).ended
    await stop(main)
    await stop(backup)
    await until(lambda: len(web.told("stopped", key)) == 2)
    assert web.told("stopped", key)[1]["onAir"] == "none"
    replay = await station.playlist(key)
    recorded = sum(one["durationMs"] for one in web.told("stopped", key))
    assert replay.ended
    assert recorded == pytest.approx(replay.seconds * 1000, abs=50)


async def test_a_source_that_hangs_is_left_within_three_seconds(
    station: Station, web: Web, clip: Path, other: Path, key: str
) -> None:
    main, backup = await both(station, clip, other, key)
    main.send_signal(19)  # SIGSTOP: the connection is open, and nothing comes
    hung = time.monotonic()
    await moved(station, key)
    assert time.monotonic() - hung < 3
    await until(lambda: web.told("switched", key))
    (switched,) = web.told("switched", key)
    assert (switched["source"], switched["onAir"], switched["reason"]) == (
        "backup",
        "backup",
        "silence",
    )
    main.send_signal(18)
    await asyncio.sleep(2)
    assert await on_air(station, key) == {"backup"}, "what broke once does not flap back"
    await stop(backup)
    await moved(station, key, 2)
    assert await on_air(station, key) == {"main"}
    await stop(main)


async def test_a_main_that_comes_back_waits_for_the_command(
    station: Station, web: Web, clip: Path, other: Path, key: str
) -> None:
    main, backup = await both(station, clip, other, key)
    await stop(main)
    await moved(station, key)
    again = await push(clip, station.rtmp(key), *LIVE, wait=False)
    await until_ready(station, key)
    await asyncio.sleep(1)
    assert await on_air(station, key) == {"backup"}
    assert (await put_on_air(station, key, "main")).status_code == 204
    replay = await moved(station, key, 2)
    assert await on_air(station, key) == {"main"}
    assert len({entry.init for entry in replay.entries}) == 3
    await until(lambda: web.told("switched", key))
    (switched,) = web.told("switched", key)
    assert (switched["onAir"], switched["reason"]) == ("main", "command")
    await stop(again)
    await stop(backup)


async def test_the_programme_can_go_to_and_fro_between_sessions_that_go_on(
    station: Station, web: Web, clip: Path, other: Path, key: str
) -> None:
    """One recording, whatever was on air: ask #13 of those who were not given one."""
    main, backup = await both(station, clip, other, key)
    for times, source in enumerate(("backup", "main", "backup"), 1):
        assert (await put_on_air(station, key, source)).status_code == 204
        await moved(station, key, times)
        await asyncio.sleep(1.2)
    await stop(main)
    await stop(backup)
    await until(lambda: len(web.told("stopped", key)) == 2)
    replay = await station.playlist(key)
    starts = [at for at, entry in enumerate(replay.entries) if entry.discontinuity]
    assert len(starts) == 3
    sizes = [
        track(await station.media(key, replay.entries[begin:end]), "video").size
        for begin, end in zip([0, *starts], [*starts, None], strict=True)
    ]
    assert sizes == [(320, 180), (256, 144), (320, 180), (256, 144)]


async def test_only_web_may_switch_and_only_to_pictures_that_come(
    station: Station, clip: Path, key: str
) -> None:
    main = await push(clip, station.rtmp(key), *LIVE, wait=False)
    await station.playable(key)
    path = f"/programmes/stream-{key}/backup"
    assert (await station.http.put(path)).status_code == 401
    wrong = await station.http.put(path, headers={"Authorization": "Bearer " + key})
    assert (wrong.status_code, wrong.json()["type"]) == (403, "StreamKeyRefused")
    gone = await put_on_air(station, key, "backup")
    assert (gone.status_code, gone.json()["type"]) == (404, "NotPublishing")
    assert (await put_on_air(station, key, "sideways")).status_code == 405
    assert (await put_on_air(station, "nobody", "main")).status_code == 404
    assert (await put_on_air(station, key, "main")).status_code == 204
    assert await on_air(station, key) == {"main"}
    await stop(main)


async def test_a_backup_that_was_first_makes_way_for_main_unless_it_was_chosen(
    station: Station, web: Web, clip: Path, other: Path
) -> None:
    for chosen, then in (("main", "main"), ("backup", "backup")):
        key = web.new_key()
        web.preferred[key] = chosen
        backup = await push(other, station.rtmp(key + "+backup"), *LIVE, wait=False)
        await station.playable(key)
        assert await on_air(station, key) == {"backup"}
        main = await push(clip, station.rtmp(key), *LIVE, wait=False)
        await until_ready(station, key)
        assert await on_air(station, key) == {then}
        started: list[dict[str, Any]] = []
        await until(lambda key=key, started=started: len(told_all(web, key, started)) == 2)
        assert started[0]["onAir"] == "backup"
        assert (started[1]["onAir"], started[1].get("reason")) == (
            then,
            "preferred" if then == "main" else None,
        )
        await stop(main)
        await stop(backup)


def told_all(web: Web, key: str, into: list[dict[str, Any]]) -> list[dict[str, Any]]:
    into[:] = web.told("started", key)
    return into


async def test_a_camera_of_a_browser_takes_over_from_an_encoder(
    station: Station, clip: Path, key: str
) -> None:
    main = await push(clip, station.rtmp(key), *LIVE, wait=False)
    await station.playable(key)
    async with Camera(station.http, key + "+backup"):
        await until_ready(station, key)
        await stop(main)
        replay = await moved(station, key)
        first = next(at for at, entry in enumerate(replay.entries) if entry.discontinuity)
        media = await station.media(key, replay.entries[first:])
        assert track(media, "video").size == (320, 240)


async def test_ending_a_show_ends_both_sources(
    station: Station, web: Web, clip: Path, other: Path, key: str
) -> None:
    main, backup = await both(station, clip, other, key)
    path = f"/publishers/stream-{key}"
    assert (await station.http.delete(path, headers=station.web_headers)).status_code == 204
    await main.communicate()
    await backup.communicate()
    assert await station.figures(key) == []
    await until(lambda: len(web.told("stopped", key)) == 2)
    assert (await station.playlist(key)).ended


async def test_a_programme_of_two_sources_is_the_same_after_a_restart(
    web: Web, clip: Path, other: Path, tmp_path: Path, key: str
) -> None:
    settings = settings_for(tmp_path, web.port)

    async def replay(*, publish: bool) -> Playlist:
        serving = asyncio.create_task(serve(settings))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.media_port}") as http:
            station = Station(settings, http)
            await station.ready()
            if publish:
                main, backup = await both(station, clip, other, key)
                for times, source in enumerate(("backup", "main"), 1):
                    await put_on_air(station, key, source)
                    await moved(station, key, times)
                await stop(main)
                await stop(backup)
                await until(lambda: len(web.told("stopped", key)) == 2)
            found = await station.playlist(key)
        serving.cancel()
        await asyncio.wait({serving})
        return found

    before = await replay(publish=True)
    after = await replay(publish=False)
    assert after.text == before.text
