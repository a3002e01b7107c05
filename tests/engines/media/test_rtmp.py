"""RTMP in, HLS out, with ffmpeg as the publisher."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.engines.media.support import Station, Web, push, stop, track, until
from xinbo.engines.media import _desk, _hooks, publish_file

pytestmark = pytest.mark.anyio


async def test_what_is_published_comes_out_bit_for_bit(
    station: Station, web: Web, clip: Path, key: str
) -> None:
    await push(clip, station.rtmp(key))
    await until(lambda: web.told("stopped", key))
    replay = await station.playlist(key)
    media = await station.media(key, replay.entries)
    for kind in ("video", "audio"):
        sent, came = track(clip, kind), track(media, kind)
        assert came.codec == sent.codec
        assert came.setup == sent.setup
        assert came.size == sent.size
        assert came.packets == sent.packets[-len(came.packets) :]
        assert len(sent.packets) - len(came.packets) <= 1  # the encoder's run-up, before time zero
        begun = [time - came.times[0] for time in came.times]
        assert begun == pytest.approx(
            [time - sent.times[0] for time in sent.times][: len(begun)], abs=0.012
        )


async def test_web_is_told_when_a_show_can_be_watched_and_when_it_is_over(
    station: Station, web: Web, clip: Path, key: str
) -> None:
    await push(clip, station.rtmp(key))
    await until(lambda: web.told("stopped", key))
    assert [body["action"] for body in web.about(key)] == ["publish", "started", "stopped"]
    assert web.heard[0]["action"] == "restarted"
    asked, started, stopped = web.about(key)
    assert (asked["protocol"], asked["credential"]) == ("rtmp", key)
    assert started["streamId"] == stopped["streamId"] == f"stream-{key}"
    assert started["session"] == stopped["session"] == asked["session"]
    assert (started["width"], started["height"], started["protocol"]) == (320, 180, "rtmp")
    assert stopped["durationMs"] == pytest.approx(3000, abs=100)
    assert web.tokens == {f"Bearer {station.settings.hook_token}"}


async def test_a_replay_has_every_segment_and_ends(
    station: Station, web: Web, clip: Path, key: str
) -> None:
    await push(clip, station.rtmp(key))
    await until(lambda: web.told("stopped", key))
    replay = await station.playlist(key)
    assert replay.ended
    assert "#EXT-X-PLAYLIST-TYPE:VOD" in replay.text
    assert [round(entry.seconds) for entry in replay.entries] == [1, 1, 1]
    assert replay.seconds == pytest.approx(3, abs=0.1)
    for number, entry in enumerate(replay.entries):
        times = track(await station.media(key, [entry]), "video").times
        assert min(times) == pytest.approx(number, abs=0.1)


async def test_a_show_can_be_watched_from_its_first_segment_on(
    station: Station, clip: Path, key: str
) -> None:
    before = await station.http.get(f"/hls/playback-{key}/live.m3u8")
    assert before.status_code == 404
    assert before.headers["content-type"] == "application/problem+json"
    assert before.headers["cache-control"] == "no-store"
    assert before.json()["type"] == "NotOnAir"
    publisher = await push(clip, station.rtmp(key), "-re", "-stream_loop", "-1", wait=False)
    live = await station.playable(key)
    assert not live.ended
    assert (live.number("MEDIA-SEQUENCE"), live.number("TARGETDURATION")) == (0, 1)
    assert "#EXT-X-PROGRAM-DATE-TIME:" in live.text
    assert not (await station.playlist(key)).ended
    (figures,) = await station.figures(key)
    assert (figures["width"], figures["height"], figures["protocol"]) == (320, 180, "rtmp")
    await stop(publisher)


async def test_segments_can_be_kept_for_ever_and_fetched_in_parts(
    station: Station, web: Web, clip: Path, key: str
) -> None:
    await push(clip, station.rtmp(key))
    await until(lambda: web.told("stopped", key))
    entry = (await station.playlist(key)).entries[0]
    path = f"/hls/playback-{key}/{entry.uri}"
    whole = await station.http.get(path, headers={"Origin": "http://shop.test"})
    assert "immutable" in whole.headers["cache-control"]
    assert whole.headers["access-control-allow-origin"] == "*"
    part = await station.http.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
    tail = await station.http.get(path, headers={"Range": "bytes=-5"})
    assert tail.content == whole.content[-5:]
    beyond = await station.http.get(path, headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416
    head = await station.http.head(path)
    assert (head.content, int(head.headers["content-length"])) == (b"", len(whole.content))


@pytest.mark.parametrize(
    "path",
    [
        "/hls/playback/../../secret",
        "/hls/playback/x/..%2f..%2fsecret",
        "/hls/a%00/b/c",
    ],
)
async def test_nothing_but_recordings_can_be_fetched(station: Station, path: str) -> None:
    answer = await station.http.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_wrong_key_is_refused(station: Station, web: Web, clip: Path) -> None:
    before = set((station.settings.data / "media").iterdir())
    refused = await push(clip, station.rtmp("wrong"))
    assert refused.returncode != 0
    assert [body["action"] for body in web.about("wrong")] == ["publish"]
    assert set((station.settings.data / "media").iterdir()) == before


async def test_a_second_publisher_is_refused_and_the_first_goes_on(
    station: Station, clip: Path, key: str
) -> None:
    first = await push(clip, station.rtmp(key), "-re", "-stream_loop", "-1", wait=False)
    await station.playable(key)
    second = await push(clip, station.rtmp(key))
    assert second.returncode != 0
    await station.playable(key, segments=2)
    assert len(await station.figures(key)) == 1
    await stop(first)


async def test_a_publisher_that_reconnects_goes_on_under_the_same_address(
    station: Station, web: Web, clip: Path, key: str
) -> None:
    for time in (1, 2):
        await push(clip, station.rtmp(key))
        await until(lambda time=time: len(web.told("stopped", key)) == time)
    replay = await station.playlist(key)
    assert [entry.discontinuity for entry in replay.entries] == [False] * 3 + [True] + [False] * 2
    assert len({entry.init for entry in replay.entries}) == 2
    live = await station.playlist(key, "live")
    assert live.entries == replay.entries
    for _ in (3, 4):
        await push(clip, station.rtmp(key))
    await until(lambda: len(web.told("stopped", key)) == 4)
    live = await station.playlist(key, "live")
    assert (live.number("MEDIA-SEQUENCE"), live.number("DISCONTINUITY-SEQUENCE")) == (4, 1)
    assert len(live.entries) == 8


async def test_a_dead_connection_makes_way_for_its_owner(
    station: Station, web: Web, clip: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr(_desk, "SILENCE", 0.3)
    first = await push(clip, station.rtmp(key), "-re", "-stream_loop", "-1", wait=False)
    await station.playable(key)
    first.send_signal(19)  # SIGSTOP: the connection is open, and nothing comes
    await asyncio.sleep(0.5)
    second = await push(clip, station.rtmp(key))
    assert second.returncode == 0
    await until(lambda: len(web.told("stopped", key)) == 2)
    await stop(first)


async def test_junk_does_no_harm_to_a_stream_that_goes_on(
    station: Station, clip: Path, key: str
) -> None:
    publisher = await push(clip, station.rtmp(key), "-re", "-stream_loop", "-1", wait=False)
    await station.playable(key)
    hello = b"\x03" + bytes(1536)
    huge = b"\x03\0\0\0\xff\xff\xff\x14\0\0\0\0"
    deep = b"\x03" * 300
    command = b"\x03\0\0\0" + len(deep).to_bytes(3) + b"\x14\0\0\0\0" + deep
    for junk in (
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        os.urandom(4096),
        hello[:700],
        hello,
        hello + bytes(1536) + huge,
        hello + bytes(1536) + os.urandom(20_000),
        hello + bytes(1536) + command,
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", station.settings.rtmp_port)
        writer.write(junk)
        writer.write_eof()
        await reader.read()
        writer.close()
        await writer.wait_closed()
    await station.playable(key, segments=2)
    assert len(await station.figures(key)) == 1
    await stop(publisher)


async def test_web_can_end_a_publisher(station: Station, web: Web, clip: Path, key: str) -> None:
    publisher = await push(clip, station.rtmp(key), "-re", "-stream_loop", "-1", wait=False)
    await station.playable(key)
    path = f"/publishers/stream-{key}"
    assert (await station.http.delete(path)).status_code == 401
    wrong = await station.http.delete(path, headers={"Authorization": "Bearer " + key})
    assert (wrong.status_code, wrong.json()["type"]) == (403, "StreamKeyRefused")
    assert (await station.http.delete(path, headers=station.web_headers)).status_code == 204
    await publisher.communicate()
    await until(lambda: web.told("stopped", key))
    assert (await station.playlist(key)).ended
    gone = await station.http.delete(path, headers=station.web_headers)
    assert (gone.status_code, gone.json()["type"]) == (404, "NotPublishing")


async def test_a_publisher_waits_for_web_a_moment_and_is_then_refused(
    station: Station, web: Web, clip: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr(_hooks, "PATIENCE", 0.4)
    web.go_away()
    refused = await push(clip, station.rtmp(key))
    assert refused.returncode != 0
    monkeypatch.setattr(_hooks, "PATIENCE", 5)
    waiting = asyncio.create_task(push(clip, station.rtmp(key)))
    await asyncio.sleep(0.3)
    web.come_back()
    assert (await waiting).returncode == 0
    await until(lambda: web.told("stopped", key))


async def test_the_end_of_a_show_is_told_once_web_is_back(
    station: Station, web: Web, clip: Path, key: str
) -> None:
    publisher = await push(clip, station.rtmp(key), "-re", "-stream_loop", "-1", wait=False)
    await until(lambda: web.told("started", key))
    web.go_away()
    await stop(publisher)
    await asyncio.sleep(0.3)
    web.come_back()
    await until(lambda: web.told("stopped", key))


async def test_a_file_can_be_published_for_the_demo(
    station: Station, web: Web, clip: Path, key: str
) -> None:
    with pytest.raises(PermissionError):
        await publish_file(clip, station.rtmp("wrong"), loop=False)
    publishing = asyncio.create_task(publish_file(clip, station.rtmp(key)))
    await station.playable(key, segments=4)
    publishing.cancel()
    await asyncio.wait({publishing})
    await until(lambda: web.told("stopped", key))
    replay = await station.playlist(key)
    assert not any(entry.discontinuity for entry in replay.entries)


async def test_a_still_picture_is_made_of_the_first_keyframe(
    station: Station, web: Web, clip: Path, key: str
) -> None:
    await push(clip, station.rtmp(key))

    async def there() -> bool:
        answer = await station.http.get(f"/hls/playback-{key}/poster.jpg")
        return answer.status_code == 200 and answer.content.startswith(b"\xff\xd8")

    await until(there)
