"""RTMP's handshake and chunk stream (Adobe, "RTMP specification 1.0", 5.2 and 5.3), without I/O."""

import os
from collections.abc import Iterator

import msgspec

SET_CHUNK_SIZE, ABORT, ACK, WINDOW_ACK, PEER_BANDWIDTH = 1, 2, 3, 5, 6
AUDIO, VIDEO, DATA, COMMAND = 8, 9, 18, 20
OUR_CHUNK = 4096
_VERSION = 3
_BLOCK = 1536
_CHUNK_STREAMS = 16
_HEADER = (11, 7, 3, 0)
_EXTENDED = 0xFFFFFF
_ACK_EACH = 1_000_000


class WireRefused(ValueError):
    """Raised when the peer does not speak RTMP, or more of it than anyone needs."""


class Message(msgspec.Struct):
    """One whole message. `time` is in milliseconds of the publisher's clock, 32 bits."""

    kind: int
    time: int
    body: bytes


class _Stream:
    """The header that later chunks of one chunk stream may leave out."""

    __slots__ = ("body", "delta", "extended", "kind", "length", "time")

    def __init__(self) -> None:
        self.time = self.delta = self.length = self.kind = 0
        self.extended = False
        self.body = bytearray()


class Wire:
    """Turns bytes into messages. Holds never more than `limit` bytes of unfinished ones."""

    def __init__(self) -> None:
        self.limit = 1 << 16
        """Grows once the publisher has shown a good key."""
        self.received = 0
        self._acknowledged = 0
        self._out = bytearray()
        self._in = bytearray()
        self._streams: dict[int, _Stream] = {}
        self._chunk_size = 128
        self._whole: Message | None = None
        self._held = 0
        self._steps = 0

    @property
    def greeted(self) -> bool:
        """Whether the handshake is done."""
        return self._steps == 2  # noqa: PLR2004 - C0 with C1, then C2

    def outgoing(self) -> bytes:
        """Take what has to be sent to the peer."""
        out = bytes(self._out)
        self._out.clear()
        return out

    def feed(self, data: bytes) -> Iterator[Message]:
        """Take bytes as they come, and give the messages that they complete."""
        self._in += data
        self.received += len(data)
        if not self.greeted and not self._greet():
            return
        while self._chunk():
            if (message := self._whole) and not self._control(message):
                yield message
        if self.received - self._acknowledged > _ACK_EACH:
            self._acknowledged = self.received
            self.send(ACK, (self.received & 0xFFFFFFFF).to_bytes(4))

    def send(self, kind: int, body: bytes, *, channel: int = 2, stream: int = 0) -> None:
        """Queue a message for the peer."""
        self._out += bytes([channel, 0, 0, 0]) + len(body).to_bytes(3) + bytes([kind])
        self._out += stream.to_bytes(4, "little") + body[:OUR_CHUNK]
        for at in range(OUR_CHUNK, len(body), OUR_CHUNK):
            self._out += bytes([0xC0 | channel]) + body[at : at + OUR_CHUNK]

    def _greet(self) -> bool:
        if self._in and self._in[0] != _VERSION and self._steps == 0:
            raise WireRefused("this is not RTMP")
        if self._steps == 0 and len(self._in) > _BLOCK:
            theirs = bytes(self._in[1 : 1 + _BLOCK])
            del self._in[: 1 + _BLOCK]
            self._out += bytes([_VERSION]) + bytes(8) + os.urandom(_BLOCK - 8) + theirs
            self._steps = 1
        if self._steps == 1 and len(self._in) >= _BLOCK:
            del self._in[:_BLOCK]
            self._steps = 2
        return self.greeted

    def _chunk(self) -> bool:
        """Read one chunk, and the message that it completes; False if it is not all here."""
        self._whole = None
        found = self._basic_header()
        if found is None:
            return False
        form, number, at = found
        known = self._streams.get(number)
        if known is None and (form == 3 or len(self._streams) >= _CHUNK_STREAMS):  # noqa: PLR2004
            raise WireRefused("a chunk stream starts without a header, or there are too many")
        stream = known or _Stream()
        header = bytes(self._in[at : at + _HEADER[form]])
        at += _HEADER[form]
        length = int.from_bytes(header[3:6]) if form < 2 else stream.length  # noqa: PLR2004
        time = int.from_bytes(header[:3])
        extended = time == _EXTENDED if header else stream.extended
        if extended:
            time = int.from_bytes(self._in[at : at + 4])
            at += 4
        if header and stream.body:
            raise WireRefused("a message starts inside another")
        size = min(self._chunk_size, length - len(stream.body))
        if self._held + length - len(stream.body) > self.limit:
            raise WireRefused("the message is too long")
        if len(self._in) < at + size:
            return False
        self._streams[number] = stream
        self._apply(stream, form, header, time, extended=extended)
        stream.body += self._in[at : at + size]
        self._held += size
        del self._in[: at + size]
        if len(stream.body) < stream.length:
            return True
        self._held -= len(stream.body)
        self._whole = Message(stream.kind, stream.time & 0xFFFFFFFF, bytes(stream.body))
        stream.body.clear()
        return True

    def _basic_header(self) -> tuple[int, int, int] | None:
        """Read format, chunk stream and the header's own length, if all of it is here."""
        head = self._in[:3]
        if not head:
            return None
        form, number, at = head[0] >> 6, head[0] & 63, 1
        if number < 2:  # noqa: PLR2004 - 0 and 1 say that one or two more bytes follow
            at += number + 1
            number = 64 + int.from_bytes(head[1:at], "little")
        return (form, number, at) if len(self._in) >= at + _HEADER[form] else None

    def _apply(
        self, stream: _Stream, form: int, header: bytes, time: int, *, extended: bool
    ) -> None:
        if header:
            stream.extended = extended
            stream.delta = 0 if form == 0 else time
            stream.time = time if form == 0 else stream.time + time
            if form < 2:  # noqa: PLR2004
                stream.length, stream.kind = int.from_bytes(header[3:6]), header[6]
        elif not stream.body:
            stream.time += stream.delta

    def _control(self, message: Message) -> bool:
        """Obey what steers the chunk stream itself; say whether the message was such."""
        value = int.from_bytes(message.body[:4])
        if message.kind == SET_CHUNK_SIZE:
            if not 0 < value <= 0x7FFFFFFF:  # noqa: PLR2004
                raise WireRefused("the chunk size is impossible")
            self._chunk_size = min(value, 0xFFFFFF)
        elif message.kind == ABORT and (stream := self._streams.get(value)):
            self._held -= len(stream.body)
            stream.body.clear()
        return message.kind in {SET_CHUNK_SIZE, ABORT, ACK, WINDOW_ACK, PEER_BANDWIDTH}
