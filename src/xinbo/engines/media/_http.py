"""The HTTP door: playlists and segments for everyone, WHIP for publishers, a desk for web."""

import asyncio
import contextlib
import hmac
import re
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import msgspec

from xinbo.engines.media import _playlists as playlists
from xinbo.engines.media._desk import Desk
from xinbo.engines.media._publisher import Publisher, now_ms
from xinbo.engines.media._store import Library, Playback
from xinbo.engines.media._types import (
    NotOnAir,
    NotRecorded,
    OfferTypeRefused,
    StreamKeyRefused,
    TokenRequired,
    TooLong,
)
from xinbo.engines.media._whip import WhipDoor
from xinbo.kit.errors import NotFound, XinboError

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
type Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LONGEST_BODY = 1 << 16
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_FOR_EVER = "public, max-age=31536000, immutable"
_CORS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Location, Content-Length, Content-Range, Retry-After",
}
_PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, POST, DELETE, OPTIONS",
    "access-control-allow-headers": "Authorization, Content-Type, Range",
    "access-control-max-age": "86400",
}
_TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".jpg": "image/jpeg", ".mp4": "video/mp4"}


class RouteNotFound(NotFound):
    """Raised when there is nothing at this address."""


class MethodRefused(XinboError):
    """Raised when the address knows no such method."""

    status = 405


class RangeRefused(XinboError):
    """Raised when the bytes asked for are not there."""

    status = 416


class Reply(msgspec.Struct):
    """A response: everything fits in memory, the longest is one segment."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = {}


class Request:
    """What the routes need of a request."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.headers = {name.decode(): value.decode("latin1") for name, value in scope["headers"]}
        self._receive = receive

    def token(self) -> str:
        """Return the bearer token."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise TokenRequired
        return token.strip()

    async def body(self) -> bytes:
        """Read all of the body, if it is of a reasonable length."""
        data = b""
        while True:
            part = await self._receive()
            data += part.get("body", b"")
            if len(data) > _LONGEST_BODY:
                raise TooLong(limit=_LONGEST_BODY)
            if not part.get("more_body"):
                return data


class HttpDoor:
    """The ASGI application."""

    def __init__(self, library: Library, desk: Desk, whip: WhipDoor, token: str) -> None:
        self._library = library
        self._desk = desk
        self._whip = whip
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            reply = await self._route(request)
        except XinboError as refusal:
            reply = _problem(refusal)
        headers = _CORS | {"content-length": str(len(reply.body))} | reply.headers
        raw = [(name.encode(), value.encode("latin1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": raw})
        body = b"" if request.method == "HEAD" else reply.body
        await send({"type": "http.response.body", "body": body})

    async def _route(self, request: Request) -> Reply:  # noqa: C901, PLR0911 - one case a route
        if request.method == "OPTIONS":
            return Reply(204, headers=dict(_PREFLIGHT))
        match (request.method, request.path.strip("/").split("/")):
            case ("GET" | "HEAD", ["healthz"]):
                return _json({"status": "ok"})
            case ("GET" | "HEAD", ["hls", playback, file]):
                return await self._front(playback, file)
            case ("GET" | "HEAD", ["hls", playback, session, file]):
                path = self._library.path(playback, session, file)
                return await self._file(request, path, _FOR_EVER)
            case ("POST", ["whip"]):
                return await self._publish(request)
            case ("DELETE", ["whip", session]):
                await self._whip.end(session, request.token())
                return Reply(200)
            case ("GET", ["status"]):
                self._only_web(request)
                return _json({"publishers": [_figures(one) for one in self._desk.publishers]})
            case ("DELETE", ["publishers", stream_id]):
                self._only_web(request)
                await self._desk.end(stream_id)
                return Reply(204)
            case ("PUT", ["programmes", stream_id, "main" | "backup" as source]):
                self._only_web(request)
                await self._desk.switch(stream_id, source)
                return Reply(204)
            case ("GET" | "HEAD", _):
                raise RouteNotFound
            case (_, ["healthz" | "status" | "whip" | "hls" | "publishers" | "programmes", *_]):
                raise MethodRefused(method=request.method[:20])
            case _:
                raise RouteNotFound

    async def _front(self, playback_id: str, file: str) -> Reply:
        """Serve what is about the whole playback: its playlists and its poster."""
        playback = await self._library.find(playback_id)
        if file == "poster.jpg":
            path = playback.folder / file if playback else None
            return await self._file(None, path, "public, max-age=10")
        text = _playlist(playback, file)
        headers = {"content-type": _TYPES[".m3u8"], "cache-control": "no-store"}
        return Reply(200, text.encode(), headers)

    async def _file(self, request: Request | None, path: Path | None, cache: str) -> Reply:
        data = self._library.fresh(path) if path else None
        if data is None and path:
            with contextlib.suppress(OSError):
                data = await asyncio.to_thread(path.read_bytes)
        if data is None or path is None:
            raise NotRecorded
        headers = {
            "content-type": _TYPES.get(path.suffix, "video/iso.segment"),
            "cache-control": cache,
            "accept-ranges": "bytes",
        }
        wanted = request.headers.get("range") if request else None
        return _part(data, wanted, headers) if wanted else Reply(200, data, headers)

    async def _publish(self, request: Request) -> Reply:
        token = request.token()
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/sdp":
            raise OfferTypeRefused(expected="application/sdp")
        offer = (await request.body()).decode(errors="replace")
        session, answer = await self._whip.publish(token, offer)
        headers = {
            "content-type": "application/sdp",
            "location": f"/whip/{session}",
            "cache-control": "no-store",
        }
        return Reply(201, answer.encode(), headers)

    def _only_web(self, request: Request) -> None:
        if not hmac.compare_digest(request.token().encode(), self._token.encode()):
            raise StreamKeyRefused


def _playlist(playback: Playback | None, file: str) -> str:
    entries = playback.entries if playback else []
    match file:
        case "live.m3u8":
            text, refusal = playlists.live(entries, now_ms()), NotOnAir
        case "replay.m3u8":
            ended = not (playback and playback.on_air)
            text, refusal = playlists.replay(entries, ended=ended), NotRecorded
        case _:
            raise RouteNotFound
    if text is None:
        raise refusal
    return text


def _figures(publisher: Publisher) -> dict[str, object]:
    grant = publisher.grant
    whose = {
        "streamId": grant.stream_id,
        "showId": grant.show_id,
        "playbackId": grant.playback_id,
        "playable": publisher.playable.is_set(),
        "durationMs": publisher.milliseconds,
    }
    # The figures are a second old; who is on air is told as it is.
    return whose | msgspec.to_builtins(publisher.figures) | {"onAir": publisher.on_air}


def _part(data: bytes, wanted: str, headers: dict[str, str]) -> Reply:
    """Cut one range out (RFC 9110, 14.2); several ranges at once are answered with the whole."""
    found = _RANGE.fullmatch(wanted.strip())
    if not found or found.groups() == ("", ""):
        return Reply(200, data, headers)
    first, last = found.groups()
    begin = int(first) if first else max(0, len(data) - int(last))
    end = min(int(last) + 1, len(data)) if first and last else len(data)
    if begin >= end:
        raise RangeRefused(length=len(data))
    headers["content-range"] = f"bytes {begin}-{end - 1}/{len(data)}"
    return Reply(206, data[begin:end], headers)


def _problem(refusal: XinboError) -> Reply:
    facts = {_camel(name): fact for name, fact in refusal.facts.items()}
    reply = _json({"type": refusal.code(), "status": refusal.status} | facts)
    reply.status = refusal.status
    reply.headers["content-type"] = "application/problem+json"
    if "retry_after" in refusal.facts:
        reply.headers["retry-after"] = str(refusal.facts["retry_after"])
    if refusal.status == TokenRequired.status:
        reply.headers["www-authenticate"] = "Bearer"
    return reply


def _json(value: object) -> Reply:
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return Reply(200, msgspec.json.encode(value), headers)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)
