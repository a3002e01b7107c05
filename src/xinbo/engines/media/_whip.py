"""The WHIP door (RFC 9725): a browser publishes its camera with one HTTP request.

WebRTC is spoken by one child process a session, because it needs C libraries that read what
strangers send. The child passes H.264 on as it came; the frames are read and recorded here.
"""

import asyncio
import contextlib
import hmac
import logging
import re
from asyncio.subprocess import Process

from xinbo.engines.media import _h264 as h264
from xinbo.engines.media import _whip_wire as wire
from xinbo.engines.media._child import spawn
from xinbo.engines.media._desk import Desk
from xinbo.engines.media._fmp4 import AudioConfig
from xinbo.engines.media._publisher import Publisher
from xinbo.engines.media._rtmp import IDLE
from xinbo.engines.media._types import NoH264, NotPublishing, OfferRefused, StreamKeyRefused

log = logging.getLogger("xinbo.media")

_ANSWER_WITHIN = 15.0
_LEAVE_WITHIN = 3.0
_H264 = re.compile(r"^a=rtpmap:\d+ H264/90000\s*$", re.MULTILINE | re.IGNORECASE)
_VIDEO = re.compile(r"^m=video [1-9]", re.MULTILINE)
_LEFT_OUT = {h264.AUD, h264.SPS, h264.PPS}


class WhipDoor:
    """Knows the WHIP sessions of this process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sessions: dict[str, Publisher] = {}
        self._talks: set[asyncio.Task[None]] = set()

    async def publish(self, token: str, offer: str) -> tuple[str, str]:
        """Put a publisher on air; return its session and the SDP answer, or raise a refusal."""
        if not offer.startswith("v=0"):
            raise OfferRefused(reason="this is not SDP")
        if not (_VIDEO.search(offer) and _H264.search(offer)):
            raise NoH264(expected="H264/90000")
        answered: asyncio.Future[tuple[str, str]] = asyncio.get_running_loop().create_future()
        talk = asyncio.create_task(self._serve(token, offer, answered))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)
        try:
            return await asyncio.shield(answered)
        except asyncio.CancelledError:
            talk.cancel()
            raise

    async def end(self, session: str, token: str) -> None:
        """End a session; its own token is needed."""
        publisher = self._sessions.get(session)
        if publisher is None:
            raise NotPublishing(session=session[:64])
        if not hmac.compare_digest(publisher.credential.encode(), token.encode()):
            raise StreamKeyRefused
        publisher.end()
        await publisher.gone.wait()

    async def close(self) -> None:
        """Wait for the sessions that the desk has ended."""
        if self._talks:
            await asyncio.wait(self._talks, timeout=_LEAVE_WITHIN + 1)
        for talk in self._talks:
            talk.cancel()

    async def _serve(
        self, token: str, offer: str, answered: asyncio.Future[tuple[str, str]]
    ) -> None:
        try:
            async with self._desk.publish("whip", token) as publisher:
                self._sessions[publisher.session] = publisher
                try:
                    await _carry(publisher, offer, answered)
                finally:
                    del self._sessions[publisher.session]
        except (OSError, ValueError, TimeoutError, EOFError) as why:
            log.info("whip: %s", str(why) or type(why).__name__)
            if not answered.done():
                answered.set_exception(OfferRefused(reason=str(why)[:200]))
        except Exception as why:
            if answered.done():
                raise
            answered.set_exception(why)
        finally:
            if not answered.done():
                answered.cancel()


async def _carry(
    publisher: Publisher, offer: str, answered: asyncio.Future[tuple[str, str]]
) -> None:
    """Run the child of one session until it, the publisher or the desk ends it."""
    child = await spawn("xinbo.engines.media._whip_child", talks=True)
    if child.stdin is None or child.stdout is None:
        raise OSError("the child has no pipes")
    ending = asyncio.create_task(publisher.ended())
    try:
        child.stdin.write(len(offer.encode()).to_bytes(4) + offer.encode())
        async with asyncio.timeout(_ANSWER_WITHIN):
            kind, _, answer = await _frame(child.stdout)
        if kind != wire.Kind.ANSWER:
            raise ValueError(answer.decode(errors="replace"))
        answered.set_result((publisher.session, answer.decode()))
        log.info("whip: on air as session %s", publisher.session)
        listening = asyncio.create_task(_listen(child.stdout, publisher))
        await asyncio.wait({listening, ending}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        await asyncio.wait({listening})
        if not listening.cancelled() and (why := listening.exception()):
            raise why
    finally:
        ending.cancel()
        await _dismiss(child)


async def _dismiss(child: Process) -> None:
    """Let the child say goodbye to the browser, for a moment."""
    with contextlib.suppress(OSError):
        if child.stdin:
            child.stdin.close()
    try:
        async with asyncio.timeout(_LEAVE_WITHIN):
            # Its pipe has to be emptied, or it could not leave.
            while child.stdout and await child.stdout.read(wire.LONGEST):
                pass
            await child.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def _listen(pipe: asyncio.StreamReader, publisher: Publisher) -> None:
    pictures = _Pictures(publisher)
    while True:
        async with asyncio.timeout(IDLE):
            kind, time, body = await _frame(pipe)
            while kind not in {wire.Kind.PICTURE, wire.Kind.SOUND}:
                pictures.take(kind, time, body)
                kind, time, body = await _frame(pipe)
        publisher.touch()
        pictures.take(kind, time, body)
        await publisher.drained()


async def _frame(pipe: asyncio.StreamReader) -> tuple[int, int, bytes]:
    try:
        kind, length, time = wire.HEADER.unpack(await pipe.readexactly(wire.HEADER.size))
        if length > wire.LONGEST:
            raise ValueError("a frame is too long")
        return kind, time, await pipe.readexactly(length)
    except asyncio.IncompleteReadError:
        raise EOFError("the browser is gone") from None


class _Pictures:
    """Turns the child's frames into the recorder's."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._sets: dict[int, bytes] = {}

    def take(self, kind: int, time: int, body: bytes) -> None:
        """Hand one frame on."""
        recorder = self._publisher.recorder
        match kind:
            case wire.Kind.PICTURE:
                self._picture(time, body)
            case wire.Kind.SOUND_CONFIG:
                recorder.set_audio(AudioConfig.read(body))
            case wire.Kind.SOUND:
                recorder.audio(time, body)
            case wire.Kind.LOST:
                self._publisher.lost = int(body)
            case _:
                raise ValueError("the child speaks in riddles")

    def _picture(self, time: int, body: bytes) -> None:
        nals = h264.split(body)
        sets = {h264.kind(nal): nal for nal in nals if h264.kind(nal) in {h264.SPS, h264.PPS}}
        if sets and sets != self._sets:
            self._sets |= sets
            if len(self._sets) == 2:  # noqa: PLR2004 - one of each
                config = h264.config_of(self._sets[h264.SPS], self._sets[h264.PPS])
                self._publisher.recorder.set_video(config)
        kept = [nal for nal in nals if h264.kind(nal) not in _LEFT_OUT]
        if kept:
            sync = any(h264.kind(nal) == h264.IDR for nal in kept)
            self._publisher.recorder.video(time, h264.to_avc(kept), shift=0, sync=sync)
