"""The child of one WHIP session: WebRTC in, coded frames out.

aiortc decodes all video that it receives. This takes the coded pictures from it before that, which
its interface does not offer: hence the private names, and the pinned version.
"""

import asyncio
import os
import queue
import re
import sys
import threading
import time
from typing import Any, cast

import aioice.ice
import av
from aiortc import (
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCSessionDescription,
    rtcrtpreceiver,
)
from aiortc.codecs import CODECS, get_decoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import RtcpSrPacket
from av.error import FFmpegError

from xinbo.engines.media._child import die_with_parent
from xinbo.engines.media._whip_sound import Clock, Sound
from xinbo.engines.media._whip_wire import Kind, pack

_KEYFRAME_EACH = 1.0
_CONNECT_WITHIN = 20.0
_START_KBPS = 1500
"""Browsers begin at 300 kbit/s otherwise, and take half a minute to look good."""
_H264_FORMAT = re.compile(r"^(a=fmtp:\d+ .*packetization-mode=1.*?)(\r?)$", re.MULTILINE)

type Task = tuple[RTCRtpCodecParameters, JitterFrame] | None


class Out:
    """Writes frames to the parent, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pipe = sys.stdout.buffer

    def __call__(self, kind: Kind, body: bytes, at: int = 0) -> None:
        """Send one frame."""
        with self._lock:
            self._pipe.write(pack(kind, body, at))
            self._pipe.flush()


class Session:
    """One peer connection."""

    def __init__(self) -> None:
        self.out = Out()
        self.clock = Clock()
        self.sound = Sound(self.clock, lambda body, at: self.out(Kind.SOUND, body, at))
        # No STUN server: a server has its addresses, and nothing here should call out.
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))

    async def answer(self, offer: str) -> str:
        """Accept the offer."""
        await self.peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        for transceiver in self.peer.getTransceivers():
            transceiver.direction = "recvonly"
        await self.peer.setLocalDescription(await self.peer.createAnswer())
        text = self.peer.localDescription.sdp
        return _H264_FORMAT.sub(rf"\1;x-google-start-bitrate={_START_KBPS}\2", text)

    @property
    def has_sound(self) -> bool:
        """Whether the offer has sound."""
        return any(one.kind == "audio" for one in self.peer.getTransceivers())

    def picture(self, frame: JitterFrame) -> None:
        """Pass one coded picture on."""
        if frame.data:
            self.clock.arrive("video", time.monotonic(), frame.timestamp)
            self.out(Kind.PICTURE, frame.data, frame.timestamp)
            if self.has_sound:
                self.sound.keep_up(frame.timestamp)

    def work(
        self,
        loop: asyncio.AbstractEventLoop,
        tasks: "queue.Queue[Task]",
        done: "asyncio.Queue[None]",
        _broken: threading.Event,
    ) -> None:
        """Stand in for aiortc's decoder thread: one a track."""
        decoder = None
        while (task := tasks.get()) is not None:
            codec, frame = task
            if codec.name.upper() == "H264":
                self.picture(frame)
                continue
            self.clock.arrive("audio", time.monotonic(), frame.timestamp)
            decoder = decoder or get_decoder(codec)
            try:
                decoded = decoder.decode(frame)
            except FFmpegError:
                continue
            for part in decoded:
                if isinstance(part, av.AudioFrame):
                    self.sound.take(part, frame.timestamp)
        asyncio.run_coroutine_threadsafe(done.put(None), loop)

    async def watch(self) -> None:
        """Ask for a keyframe each second, and count what was lost, until the peer is gone."""
        began = time.monotonic()
        while self.peer.connectionState not in {"closed", "failed"}:
            if self.peer.connectionState != "connected":
                if time.monotonic() - began > _CONNECT_WITHIN:
                    break
                await asyncio.sleep(0.05)
                continue
            lost = 0
            for receiver in _video_receivers(self.peer):
                for source in receiver.getSynchronizationSources():
                    await _ask_keyframe(receiver, source.source)
                report = cast("dict[str, Any]", await receiver.getStats())
                lost += sum(getattr(row, "packetsLost", 0) for row in report.values())
            self.out(Kind.LOST, str(max(0, lost)).encode())
            await asyncio.sleep(_KEYFRAME_EACH)


class _RawTimes:
    """Stands in for aiortc's mapper, which starts each track at zero: here they must compare."""

    def __init__(self) -> None:
        self._last: int | None = None

    def map(self, timestamp: int) -> int:
        """Unwrap a 32-bit time."""
        if self._last is None:
            self._last = timestamp
        self._last += (timestamp - self._last + (1 << 31)) % (1 << 32) - (1 << 31)
        return self._last


def _video_receivers(peer: RTCPeerConnection) -> list[RTCRtpReceiver]:
    return [one.receiver for one in peer.getTransceivers() if one.kind == "video"]


async def _ask_keyframe(receiver: RTCRtpReceiver, source: int) -> None:
    """Send a picture loss indication (RFC 4585 6.3.1)."""
    await receiver._send_rtcp_pli(source)  # noqa: SLF001 - see the module's docstring


def _take_over(session: Session) -> None:
    """Put this module's parts in the place of aiortc's."""
    CODECS["audio"] = [codec for codec in CODECS["audio"] if codec.name == "opus"]
    passed = {codec.payloadType for codec in CODECS["video"] if codec.name == "H264"}
    CODECS["video"] = [
        codec
        for codec in CODECS["video"]
        if codec.payloadType in passed or codec.parameters.get("apt") in passed
    ]
    module: Any = rtcrtpreceiver
    module.decoder_worker = session.work
    module.TimestampMapper = _RawTimes
    receiver: Any = RTCRtpReceiver
    theirs = receiver._handle_rtcp_packet  # noqa: SLF001 - see the module's docstring

    async def handle(self: Any, packet: object) -> None:
        if isinstance(packet, RtcpSrPacket):
            info = packet.sender_info
            session.clock.report(self.track.kind, info.ntp_timestamp, info.rtp_timestamp)
        await theirs(self, packet)

    receiver._handle_rtcp_packet = handle  # noqa: SLF001
    # A laptop without a network has only its loopback address, and that is enough for a demo.
    addresses: Any = aioice.ice
    found = addresses.get_host_addresses

    def and_loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:  # noqa: FBT001 - as aioice calls it
        return [*found(use_ipv4, use_ipv6), *(["127.0.0.1"] if use_ipv4 else [])]

    addresses.get_host_addresses = and_loopback


async def run(offer: str) -> None:
    """Serve one offer until the browser leaves or the parent closes stdin."""
    session = Session()
    _take_over(session)
    try:
        answer = await session.answer(offer)
    except Exception as why:  # noqa: BLE001 - whatever is wrong with a stranger's SDP, say so
        session.out(Kind.REFUSED, f"{type(why).__name__}: {why}".encode()[:400])
        return
    session.out(Kind.ANSWER, answer.encode())
    if session.has_sound:
        session.out(Kind.SOUND_CONFIG, session.sound.config)
    dismissed = asyncio.create_task(asyncio.to_thread(sys.stdin.buffer.read))
    watching = asyncio.create_task(session.watch())
    await asyncio.wait({dismissed, watching}, return_when=asyncio.FIRST_COMPLETED)
    watching.cancel()
    await session.peer.close()
    # The thread that reads stdin would keep this process until the parent closes it.
    os._exit(0)


def main() -> None:
    """Read the offer from stdin and serve it."""
    die_with_parent()
    length = int.from_bytes(sys.stdin.buffer.read(4))
    offer = sys.stdin.buffer.read(length).decode()
    asyncio.run(run(offer))


if __name__ == "__main__":
    main()
