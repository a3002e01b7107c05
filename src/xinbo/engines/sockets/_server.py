"""picows behind a small interface of our own."""

import asyncio
import logging
import socket
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from enum import IntEnum
from http import HTTPStatus
from typing import Protocol, override
from urllib.parse import parse_qsl, urlsplit

import msgspec
from picows import (
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,  # pyright: ignore[reportUnknownVariableType] half typed
)

HEADROOM = 14
"""Bytes before a prebuilt message, in which picows writes the frame's header."""

SEND_BUFFER = 128 * 1024
"""Bytes that the kernel holds for a slow reader before our own buffer begins to grow."""

READ_BUFFER = 512
"""Bytes a connection starts with: what clients say is short."""

BACKLOG = 4096
LAST_WORDS = 5.0
"""Seconds that a closing socket has for what is still to be sent."""

DEAD_AFTER = 20.0
"""Seconds of silence until we ask, and then seconds until no answer means that it is gone."""

log = logging.getLogger("xinbo.sockets")
chatter = logging.getLogger("xinbo.sockets.picows")
chatter.setLevel(logging.CRITICAL)  # what strangers send is not our fault, nor news


class CloseCode(IntEnum):
    """Why a socket is closed (RFC 6455, 7.4.1)."""

    OK = 1000
    GOING_AWAY = 1001
    UNSUPPORTED = 1003
    POLICY = 1008
    TOO_BIG = 1009
    BROKEN = 1011
    RESTART = 1012
    LATER = 1013


class Request(msgspec.Struct, frozen=True):
    """What a connection asks for in its HTTP request."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Case does not matter."""


class Answer(msgspec.Struct, frozen=True):
    """An answer over plain HTTP; the connection is closed after it."""

    status: int
    body: bytes


class Peer(Protocol):
    """Who handles a connection. Nothing here may block or raise."""

    def opened(self, socket: "Socket") -> None:
        """Begin: from now on the socket can send."""
        ...

    def heard(self, data: bytes) -> None:
        """Take a whole text message."""
        ...

    def closed(self) -> None:
        """Forget the socket; called once for each `opened`."""
        ...


type Accept = Callable[[Request], Peer | Answer]


class Socket(WSListener):
    """One open WebSocket."""

    __slots__ = ("_largest", "_parts", "_peer", "_transport", "_wire", "address")

    _transport: WSTransport
    _wire: asyncio.Transport

    def __init__(self, peer: Peer, largest: int) -> None:
        self.address = ""
        """The other side's network address."""
        self._peer = peer
        self._largest = largest
        self._parts = b""

    @property
    def waiting(self) -> int:
        """Bytes that the other side has not taken yet, beyond what the kernel holds."""
        return self._wire.get_write_buffer_size()

    def send(self, message: bytes) -> None:
        """Send a text message to this one alone. Does nothing once the socket is closed."""
        self._transport.send(WSMsgType.TEXT, message)

    def close(self, code: CloseCode, reason: str = "") -> None:
        """Say goodbye, and hang up at the latest in `LAST_WORDS` seconds."""
        if self._transport.is_close_frame_sent:
            return
        self._transport.send_close(WSCloseCode(code), reason.encode())
        asyncio.get_running_loop().call_later(LAST_WORDS, self.abort)

    def abort(self) -> None:
        """Hang up at once; what waits is lost."""
        self._transport.disconnect(graceful=False)

    @override
    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._wire = transport.underlying_transport
        peer = self._wire.get_extra_info("peername")
        self.address = str(peer[0]) if peer else ""
        self._guarded(lambda: self._peer.opened(self))

    @override
    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if kind is WSMsgType.TEXT or kind is WSMsgType.CONTINUATION:
            self._take(frame)
        elif kind is WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif kind is WSMsgType.BINARY:
            self.close(CloseCode.UNSUPPORTED)

    @override
    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._guarded(self._peer.closed)

    def _take(self, frame: WSFrame) -> None:
        message = self._parts + frame.get_payload_as_bytes()
        if len(message) > self._largest:
            self.close(CloseCode.TOO_BIG)
        elif not frame.fin:
            self._parts = message
        elif not self._transport.is_close_frame_sent:
            self._parts = b""
            self._guarded(lambda: self._peer.heard(message))

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception:
            log.exception("a peer failed")
            self.close(CloseCode.BROKEN)


def prebuilt(message: bytes) -> bytearray:
    """Return a message ready for `send_all`: it is copied once, here."""
    return bytearray(HEADROOM) + message


def send_all(sockets: Iterable[Socket], message: bytearray, most_waiting: int) -> list[Socket]:
    """Send a prebuilt text message to each, and return those that have fallen too far behind.

    A socket with more than `most_waiting` bytes in its buffer gets nothing more.
    """
    kind, headroom, slow = WSMsgType.TEXT, HEADROOM, list[Socket]()
    for each in sockets:
        if each._wire.get_write_buffer_size() > most_waiting:  # noqa: SLF001 the inner loop
            slow.append(each)
        else:
            each._transport.send_reuse_external_bytearray(kind, message, headroom)  # noqa: SLF001
    return slow


@asynccontextmanager
async def serve(
    accept: Accept, listener: socket.socket, *, largest: int
) -> AsyncGenerator[asyncio.Server]:
    """Serve on a bound socket until left; messages over `largest` bytes close their socket.

    Leaving stops listening; sockets that are still open are the caller's to close.
    """

    def route(request: WSUpgradeRequest) -> WSListener | WSUpgradeResponseWithListener:
        try:
            found = accept(_request(request))
        except Exception:
            log.exception("a request failed")
            found = Answer(HTTPStatus.INTERNAL_SERVER_ERROR, b"")
        return _response(found) if isinstance(found, Answer) else Socket(found, largest)

    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    server = await ws_create_server(
        route,
        sock=listener,
        backlog=BACKLOG,
        max_frame_size=largest,
        read_buffer_init_size=READ_BUFFER,
        websocket_handshake_timeout=10,
        enable_auto_ping=True,
        auto_ping_idle_timeout=DEAD_AFTER,
        auto_ping_reply_timeout=DEAD_AFTER,
        logger_name=chatter,
    )
    try:
        yield server
    finally:
        server.close()


def _request(request: WSUpgradeRequest) -> Request:
    url = urlsplit(request.path.decode("latin-1"))
    return Request(url.path, dict(parse_qsl(url.query)), request.headers)


def _response(answer: Answer) -> WSUpgradeResponseWithListener:
    if answer.status == HTTPStatus.OK:
        response = WSUpgradeResponse.create_ok_response(answer.body)
    else:
        response = WSUpgradeResponse.create_error_response(answer.status, answer.body)
    return WSUpgradeResponseWithListener(response, None)
