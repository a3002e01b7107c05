"""What the media tests share beside fixtures."""

import asyncio
import io
import itertools
import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self, override

import av
import httpx

from xinbo.engines.embedded import free_port
from xinbo.engines.settings import Settings


def settings_for(data: Path, web_port: int, nats_port: int = 1) -> Settings:
    """Return settings of a media process with ports of its own."""
    return Settings(
        data=data,
        host="127.0.0.1",
        web_port=web_port,
        edge_port=1,
        media_port=free_port(),
        rtmp_port=free_port(),
        postgres_port=1,
        nats_port=nats_port,
        postgres_url=None,
        nats_url=None,
        clickhouse_url=None,
        edge_urls=None,
        media_url=None,
        web_dist=data,
        secret="a secret of the tests",
        dev=True,
    )


class Web:
    """A real HTTP server that answers the hooks and remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.preferred: dict[str, str] = {}
        """The source that is to be on air, by key; main where nothing is said."""
        self._keys = itertools.count(1)
        self._server = self._bind(0)
        self.port = self._server.server_port

    def _bind(self, port: int) -> ThreadingHTTPServer:
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                web.tokens.add(self.headers["authorization"])
                status, answer = web._answer(body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            @override
            def log_message(self, format: str, *args: object) -> None:
                """Be quiet."""

        return ThreadingHTTPServer(("127.0.0.1", port), Handler)

    def _answer(self, body: dict[str, Any]) -> tuple[int, object]:
        self.heard.append(body)
        if body["action"] != "publish":
            return 200, None
        key = str(body["credential"])
        if not key.startswith("good"):
            return 403, {"type": "StreamKeyRefused", "status": 403}
        name, _, rest = key.partition("+")
        source = "backup" if rest.startswith("backup") else "main"
        return 200, {
            "streamId": f"stream-{name}",
            "playbackId": f"playback-{name}",
            "showId": f"show-{name}",
            "source": source,
            "preferred": source == self.preferred.get(name, "main"),
        }

    def new_key(self) -> str:
        """Return a key that is good, and was never used."""
        return f"good{next(self._keys)}"

    def about(self, key: str) -> list[dict[str, Any]]:
        """Return what was said of one key."""
        streams = {f"stream-{key}"}
        return [
            body
            for body in self.heard
            if body.get("streamId") in streams or str(body.get("credential")).split("+")[0] == key
        ]

    def told(self, action: str, key: str) -> list[dict[str, Any]]:
        """Return what was said of one kind about one key."""
        return [body for body in self.about(key) if body["action"] == action]

    def go_away(self) -> None:
        """Stop answering: connections are refused."""
        self._server.shutdown()
        self._server.server_close()

    def come_back(self) -> None:
        """Answer again, on the same port."""
        self._server = self._bind(self.port)
        self._start()

    def _start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,)).start()

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_away()


class Entry(NamedTuple):
    """One segment of a playlist."""

    init: str
    uri: str
    seconds: float
    discontinuity: bool


class Playlist:
    """A parsed playlist."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.ended = "#EXT-X-ENDLIST" in text
        self.entries: list[Entry] = []
        init, seconds, broken = "", 0.0, False
        for line in text.splitlines():
            if line.startswith("#EXT-X-MAP"):
                init = line.split('"')[1]
            elif line.startswith("#EXTINF"):
                seconds = float(line.split(":")[1].rstrip(","))
            elif line == "#EXT-X-DISCONTINUITY":
                broken = True
            elif line and not line.startswith("#"):
                self.entries.append(Entry(init, line, seconds, broken))
                broken = False

    def number(self, tag: str) -> int:
        """Return the number of a tag such as `MEDIA-SEQUENCE`."""
        found = re.search(rf"^#EXT-X-{tag}:(\d+)$", self.text, re.MULTILINE)
        assert found, tag
        return int(found[1])

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return sum(entry.seconds for entry in self.entries)


class Station:
    """A running media process, as its clients see it."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self.settings = settings
        self.http = http
        self.web_headers = {"Authorization": f"Bearer {settings.hook_token}"}

    def rtmp(self, key: str) -> str:
        """Return where to publish."""
        return f"rtmp://127.0.0.1:{self.settings.rtmp_port}/live/{key}"

    async def ready(self) -> None:
        """Wait until it serves."""

        async def answers() -> bool:
            with suppress(httpx.TransportError):
                return (await self.http.get("/healthz")).status_code == 200
            return False

        await until(answers)

    async def playlist(self, name: str, which: str = "replay") -> Playlist:
        """Fetch a playlist of the key `name`."""
        answer = await self.http.get(f"/hls/playback-{name}/{which}.m3u8")
        assert answer.status_code == 200, answer.text
        return Playlist(answer.text)

    async def playable(self, name: str, segments: int = 1) -> Playlist:
        """Wait until the live playlist has some segments."""

        async def there() -> bool:
            answer = await self.http.get(f"/hls/playback-{name}/live.m3u8")
            found = Playlist(answer.text).entries if answer.status_code == 200 else []
            return len(found) >= segments

        await until(there)
        return await self.playlist(name, "live")

    async def media(self, name: str, entries: list[Entry]) -> bytes:
        """Fetch segments that share an init segment, as one file."""
        assert len({entry.init for entry in entries}) == 1
        uris = [entries[0].init, *(entry.uri for entry in entries)]
        answers = [await self.http.get(f"/hls/playback-{name}/{uri}") for uri in uris]
        assert {answer.status_code for answer in answers} == {200}
        return b"".join(answer.content for answer in answers)

    async def figures(self, name: str) -> list[dict[str, Any]]:
        """Return who publishes with a key: at most one by each source."""
        answer = await self.http.get("/status", headers=self.web_headers)
        return [one for one in answer.json()["publishers"] if one["streamId"] == f"stream-{name}"]


async def push(
    clip: Path, url: str, *options: str, wait: bool = True
) -> asyncio.subprocess.Process:
    """Publish with ffmpeg as fast as it goes; `-re` as an option makes it real time."""
    command = ["ffmpeg", "-v", "error", *options, "-i", str(clip), "-c", "copy", "-f", "flv"]
    process = await asyncio.create_subprocess_exec(
        *command, "-flvflags", "no_duration_filesize", url, stderr=asyncio.subprocess.PIPE
    )
    if wait:
        await process.communicate()
    return process


async def stop(process: asyncio.subprocess.Process) -> None:
    """End a publisher."""
    with suppress(ProcessLookupError):
        process.kill()
    await process.communicate()


async def until(holds: Callable[[], Any], seconds: float = 15) -> None:
    """Wait for something to become true; it may be a coroutine function."""
    deadline = time.monotonic() + seconds
    while True:
        found = holds()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.03)


class Track(NamedTuple):
    """What a file holds of one kind."""

    codec: str
    setup: bytes
    packets: list[bytes]
    times: list[float]
    size: tuple[int, int]


def track(source: Path | bytes, kind: str) -> Track:
    """Read the coded packets of a file's video or audio."""
    opened = io.BytesIO(source) if isinstance(source, bytes) else source
    with av.open(opened, "r") as container:
        stream = container.streams.video[0] if kind == "video" else container.streams.audio[0]
        packets: list[Any] = [one for one in container.demux(stream) if one.size]
        context: Any = stream.codec_context
        return Track(
            codec=context.name,
            setup=bytes(context.extradata or b""),
            packets=[bytes(packet) for packet in packets],
            times=[float(packet.pts * packet.time_base) for packet in packets],
            size=(getattr(context, "width", 0), getattr(context, "height", 0)),
        )
