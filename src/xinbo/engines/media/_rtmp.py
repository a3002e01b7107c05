"""The RTMP door: OBS, phones and encoders publish here with a stream key."""

import asyncio
import contextlib
import logging
import socket
from asyncio import StreamReader, StreamWriter

from xinbo.engines.media import _amf as amf
from xinbo.engines.media import _rtmp_wire as rtmp
from xinbo.engines.media._desk import Desk
from xinbo.engines.media._flv import take_audio, take_video
from xinbo.engines.media._publisher import Publisher
from xinbo.engines.media._types import AlreadyPublishing, PublisherRefused, StreamKeyRefused

log = logging.getLogger("xinbo.media")

GREETING = 5.0
"""Seconds for the handshake."""
ARRIVAL = 15.0
"""Seconds from the handshake to a `publish` command."""
IDLE = 15.0
"""Seconds without a byte after which a publisher counts as gone."""
_MOST_WAITING = 200
_BIGGEST = 8 << 20
_READ = 1 << 16
_DONE = {"deleteStream", "FCUnpublish", "closeStream"}


class _Goodbye(Exception):
    """Raised to end a conversation that has come to its end."""


class RtmpDoor:
    """Listens on one port for any number of publishers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self._waiting = 0

    async def open(self, listener: socket.socket) -> None:
        """Begin to accept."""
        self._server = await asyncio.start_server(self._accept, sock=listener, limit=_READ)

    async def close(self) -> None:
        """Stop listening; hang up on those who have not published."""
        if self._server:
            self._server.close()
        for talk in self._talks:
            talk.cancel()
        if self._talks:
            await asyncio.wait(self._talks, timeout=5)

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        if self._waiting >= _MOST_WAITING:
            writer.transport.abort()
            return
        talk = asyncio.create_task(self._serve(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        talk = _Talk(reader, writer)
        try:
            self._waiting += 1
            try:
                key = await talk.arrive()
            finally:
                self._waiting -= 1
            try:
                async with self._desk.publish("rtmp", key) as publisher:
                    await talk.publish(publisher)
            except PublisherRefused as refusal:
                await talk.refuse(refusal)
        except (OSError, ValueError, TimeoutError, EOFError, _Goodbye) as why:
            log.info("rtmp %s: %s", talk.peer, str(why) or type(why).__name__)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


class _Talk:
    """One connection."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.peer = writer.get_extra_info("peername")
        self._reader = reader
        self._writer = writer
        self._wire = rtmp.Wire()
        self._early: list[rtmp.Message] = []

    async def arrive(self) -> str:
        """Greet, and return the key that the peer wants to publish with."""
        async with asyncio.timeout(GREETING):
            while not self._wire.greeted:
                self._early += await self._hear()
        async with asyncio.timeout(ARRIVAL):
            while True:
                while self._early:
                    key = self._command(self._early.pop(0))
                    await self._send()
                    if key is not None:
                        return key
                self._early += await self._hear()

    async def publish(self, publisher: Publisher) -> None:
        """Record until the peer ends, falls silent or is asked to leave."""
        self._status("status", "NetStream.Publish.Start", "on air")
        await self._send()
        self._wire.limit = _BIGGEST
        log.info("rtmp %s: on air as session %s", self.peer, publisher.session)
        listening = asyncio.create_task(self._listen(publisher))
        ending = asyncio.create_task(publisher.ended())
        try:
            await asyncio.wait({listening, ending}, return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                await listening
            else:
                self._status("status", "NetStream.Unpublish.Success", "the show has ended")
                await self._send()
        except ValueError as why:
            self._status("error", "NetStream.Publish.Rejected", str(why))
            await self._send()
            raise
        finally:
            ending.cancel()
            listening.cancel()
            await asyncio.wait({ending, listening})

    async def refuse(self, refusal: PublisherRefused) -> None:
        """Say why not, in the words that OBS and ffmpeg know."""
        match refusal:
            case AlreadyPublishing():
                code, words = "NetStream.Publish.BadName", "somebody is on air with this key"
            case StreamKeyRefused():
                code, words = "NetStream.Publish.Denied", "this stream key is not in force"
            case _:
                code, words = "NetStream.Publish.Failed", "try again in a moment"
        log.info("rtmp %s: refused: %s", self.peer, refusal.code())
        self._status("error", code, words)
        await self._send()

    async def _listen(self, publisher: Publisher) -> None:
        messages, self._early = self._early, []
        while True:
            for message in messages:
                self._take(publisher, message)
            await publisher.drained()
            await self._send()
            async with asyncio.timeout(IDLE):
                messages = await self._hear()
            publisher.touch()

    def _take(self, publisher: Publisher, message: rtmp.Message) -> None:
        if message.kind == rtmp.VIDEO:
            take_video(publisher.recorder, message.time, message.body)
        elif message.kind == rtmp.AUDIO:
            take_audio(publisher.recorder, message.time, message.body)
        elif message.kind == rtmp.COMMAND and amf.decode(message.body)[:1][0] in _DONE:
            raise _Goodbye("the publisher has ended")

    async def _hear(self) -> list[rtmp.Message]:
        data = await self._reader.read(_READ)
        if not data:
            raise EOFError("the publisher hung up")
        messages = list(self._wire.feed(data))
        await self._send()
        return messages

    async def _send(self) -> None:
        if out := self._wire.outgoing():
            self._writer.write(out)
            async with asyncio.timeout(GREETING):
                await self._writer.drain()

    def _command(self, message: rtmp.Message) -> str | None:
        """Answer a command; return the key once it is `publish`."""
        if message.kind != rtmp.COMMAND:
            return None
        values = amf.decode(message.body)
        name, number = (*values, None, None)[:2]
        if name == "connect":
            self._welcome(number)
        elif name == "createStream":
            self._wire.send(rtmp.COMMAND, amf.encode("_result", number, None, 1.0), channel=3)
        elif name == "publish":
            key = values[3] if len(values) > 3 else None  # noqa: PLR2004
            return key.split("?")[0] if isinstance(key, str) else ""
        elif name == "play":
            self._status("error", "NetStream.Play.Failed", "playback is by HLS")
        elif name in _DONE:
            raise _Goodbye("the peer left before it published")
        return None

    def _welcome(self, number: amf.Value) -> None:
        self._wire.send(rtmp.WINDOW_ACK, (2_500_000).to_bytes(4))
        self._wire.send(rtmp.PEER_BANDWIDTH, (2_500_000).to_bytes(4) + b"\2")
        self._wire.send(rtmp.SET_CHUNK_SIZE, rtmp.OUR_CHUNK.to_bytes(4))
        server: amf.Value = {"fmsVer": "FMS/3,5,7", "capabilities": 31.0}
        words: amf.Value = {
            "level": "status",
            "code": "NetConnection.Connect.Success",
            "description": "welcome",
            "objectEncoding": 0.0,
        }
        self._wire.send(rtmp.COMMAND, amf.encode("_result", number, server, words), channel=3)

    def _status(self, level: str, code: str, description: str) -> None:
        words: amf.Value = {"level": level, "code": code, "description": description}
        body = amf.encode("onStatus", 0.0, None, words)
        self._wire.send(rtmp.COMMAND, body, channel=5, stream=1)
