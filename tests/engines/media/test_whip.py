"""WHIP in, HLS out, with aiortc as the browser."""

import httpx
import pytest

from tests.engines.media.support import Station, Web, track, until
from tests.engines.media.whip import Camera

pytestmark = pytest.mark.anyio


async def test_a_camera_can_be_watched(station: Station, web: Web, key: str) -> None:
    async with Camera(station.http, key) as camera:
        answer = camera.answer
        assert answer is not None
        assert answer.headers["content-type"] == "application/sdp"
        assert answer.headers["location"].startswith("/whip/")
        assert "Location" in answer.headers["access-control-expose-headers"]
        live = await station.playable(key, segments=3)
        await until(lambda: web.told("started", key))
        (figures,) = await station.figures(key)
        left = await camera.leave()
        assert left.status_code == 200
    assert (figures["protocol"], figures["width"], figures["height"]) == ("whip", 320, 240)
    assert web.told("publish", key)[0]["protocol"] == "whip"
    await until(lambda: web.told("stopped", key))
    media = await station.media(key, live.entries)
    picture, sound = track(media, "video"), track(media, "audio")
    assert (picture.codec, picture.size) == ("h264", (320, 240))
    assert sound.codec == "aac"
    assert abs(picture.times[-1] - sound.times[-1]) < 0.5
    steps = [after - before for before, after in zip(sound.times, sound.times[1:], strict=False)]
    assert max(steps) < 0.03
    assert [entry.seconds for entry in live.entries[1:]] == pytest.approx(
        [1] * len(live.entries[1:]), abs=0.35
    )


async def test_a_camera_without_a_microphone_can_be_watched(station: Station, key: str) -> None:
    async with Camera(station.http, key, sound=False):
        live = await station.playable(key)
        media = await station.media(key, live.entries[:1])
        with pytest.raises(IndexError):
            track(media, "audio")
        assert track(media, "video").size == (320, 240)


async def test_a_new_picture_size_is_a_new_chapter(station: Station, key: str) -> None:
    async with Camera(station.http, key) as camera:
        await station.playable(key)
        camera.picture.size = (640, 480)

        async def changed() -> bool:
            return any(entry.discontinuity for entry in (await station.playlist(key)).entries)

        await until(changed)
        entries = (await station.playlist(key)).entries
    first = next(number for number, entry in enumerate(entries) if entry.discontinuity)
    before = await station.media(key, entries[:first])
    after = await station.media(key, entries[first:])
    assert track(before, "video").size == (320, 240)
    assert track(after, "video").size == (640, 480)


async def test_only_good_tokens_may_publish(station: Station, web: Web, key: str) -> None:
    camera = Camera(station.http, "wrong")
    refused = await camera.publish()
    assert (refused.status_code, refused.json()["type"]) == (403, "StreamKeyRefused")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["access-control-allow-origin"] == "*"
    del camera.headers["Authorization"]
    nobody = await station.http.post("/whip", content=b"v=0", headers=camera.headers)
    assert (nobody.status_code, nobody.json()["type"]) == (401, "TokenRequired")
    assert nobody.headers["www-authenticate"] == "Bearer"
    await camera.close()
    assert await station.figures(key) == []


async def test_a_second_camera_is_refused_and_only_its_owner_ends_the_first(
    station: Station, key: str
) -> None:
    async with Camera(station.http, key + "+1") as first:
        await station.playable(key)
        second = Camera(station.http, key + "+2")
        refused = await second.publish()
        assert (refused.status_code, refused.json()["type"]) == (409, "AlreadyPublishing")
        assert first.answer is not None
        path = first.answer.headers["location"]
        stranger = await station.http.delete(path, headers=second.headers)
        assert stranger.status_code == 403
        await second.close()
        assert len(await station.figures(key)) == 1
        assert (await first.leave()).status_code == 200
        assert (await first.leave()).status_code == 404


async def test_an_offer_must_be_sdp_with_h264(station: Station, web: Web, key: str) -> None:
    camera = Camera(station.http, key, codec="video/VP8")
    without = await camera.publish()
    assert (without.status_code, without.json()["type"]) == (406, "NoH264")
    await camera.close()
    json = {**camera.headers, "Content-Type": "application/json"}
    for headers, body, status, kind in (
        (json, b"{}", 415, "OfferTypeRefused"),
        (camera.headers, b"hello", 400, "OfferRefused"),
        (camera.headers, b"v=0\r\nm=video 9 X 1\r\na=rtpmap:1 H264/90000\r\n", 400, "OfferRefused"),
        (camera.headers, b"v=0" + bytes(70_000), 413, "TooLong"),
    ):
        answer = await station.http.post("/whip", content=body, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (status, kind)
    assert await station.figures(key) == []


async def test_a_browser_may_ask_first(station: Station) -> None:
    asked = {
        "Origin": "http://console.test",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer: httpx.Response = await station.http.options("/whip", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert "authorization" in allowed
    assert "content-type" in allowed
    assert "DELETE" in answer.headers["access-control-allow-methods"]


async def test_a_page_that_is_closed_ends_its_session(station: Station, web: Web, key: str) -> None:
    async with Camera(station.http, key):
        await station.playable(key)
    await until(lambda: web.told("stopped", key), seconds=10)
    assert await station.figures(key) == []


async def test_web_can_end_a_camera(station: Station, web: Web, key: str) -> None:
    async with Camera(station.http, key):
        await station.playable(key)
        path = f"/publishers/stream-{key}"
        assert (await station.http.delete(path, headers=station.web_headers)).status_code == 204
        await until(lambda: web.told("stopped", key))
        assert await station.figures(key) == []
