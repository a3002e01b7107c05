"""A camera that publishes by WHIP, without a browser: aiortc, sending H.264 and Opus."""

import asyncio
import fractions
from typing import Self, override

import av
import httpx
from aiortc import (
    AudioStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
    VideoStreamTrack,
)


class Picture(VideoStreamTrack):
    """A grey picture that changes its shade and, when told, its size."""

    def __init__(self) -> None:
        super().__init__()
        self.size: tuple[int, int] = (320, 240)

    @override
    async def recv(self) -> av.VideoFrame:
        at, base = await self.next_timestamp()
        frame = av.VideoFrame(*self.size, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([at // 3000 % 200]) * plane.buffer_size)
        frame.pts, frame.time_base = at, fractions.Fraction(base)
        return frame


class Camera:
    """Publishes while its context lasts."""

    def __init__(
        self, http: httpx.AsyncClient, token: str, *, codec: str = "video/H264", sound: bool = True
    ) -> None:
        self._http = http
        self._codec = codec
        self._sound = sound
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
        self.picture = Picture()
        self.answer: httpx.Response | None = None
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))

    async def offer(self) -> str:
        """Make the offer, with one kind of video only."""
        video = self._peer.addTransceiver(self.picture, direction="sendonly")
        codecs = RTCRtpSender.getCapabilities("video").codecs
        video.setCodecPreferences([one for one in codecs if one.mimeType == self._codec])
        if self._sound:
            self._peer.addTransceiver(AudioStreamTrack(), direction="sendonly")
        await self._peer.setLocalDescription(await self._peer.createOffer())
        return self._peer.localDescription.sdp

    async def publish(self) -> httpx.Response:
        """Send the offer, and take the answer if there is one."""
        offer = await self.offer()
        answer = await self._http.post("/whip", content=offer, headers=self.headers, timeout=20)
        if answer.status_code == 201:
            remote = RTCSessionDescription(answer.text, "answer")
            await self._peer.setRemoteDescription(remote)
        return answer

    async def leave(self) -> httpx.Response:
        """End the session as WHIP wants it."""
        assert self.answer is not None
        return await self._http.delete(self.answer.headers["location"], headers=self.headers)

    async def __aenter__(self) -> Self:
        self.answer = await self.publish()
        assert self.answer.status_code == 201, self.answer.text
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up."""
        self.picture.stop()
        await self._peer.close()
        await asyncio.sleep(0)
