"""WebRTC's sound becomes AAC on the pictures' clock: browsers send Opus, HLS players want AAC."""

import threading
from collections.abc import Callable
from typing import Any, cast

import av
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.packet import Packet

VIDEO_RATE = 90_000
RATE = 48_000
FRAME = 1024
_BIT_RATE = 128_000
_PREFETCH = 0.05
"""Seconds that aiortc holds sound back longer than pictures."""
_SLACK = RATE // 25
_LAG = VIDEO_RATE // 2
_JUMP = RATE * 5
_NTP = 1 << 32


class Clock:
    """Knows which moment of the sound belongs to which picture.

    At first by their arrival; exactly, once the sender has told both times (RFC 3550, 6.4.1).
    Times are raw RTP times, unwrapped.
    """

    def __init__(self) -> None:
        self._arrived: dict[str, tuple[float, int]] = {}
        self._reports: dict[str, tuple[int, int]] = {}
        self._picture = 0

    def arrive(self, kind: str, seconds: float, time: int) -> None:
        """Note when a frame came, by any steady clock."""
        self._arrived.setdefault(kind, (seconds, time))
        if kind == "video":
            self._picture = time

    def report(self, kind: str, ntp: int, rtp: int) -> None:
        """Note a sender report: 64-bit NTP time and the RTP time of the same moment."""
        self._reports[kind] = (ntp, rtp)

    def to_video(self, time: int) -> int | None:
        """Return the video's time of a moment of the sound, or None before the first picture."""
        if not {"audio", "video"} <= self._arrived.keys():
            return None
        if {"audio", "video"} <= self._reports.keys():
            (ntp_a, rtp_a), (ntp_v, rtp_v) = self._reports["audio"], self._reports["video"]
            ahead = (ntp_a - ntp_v) / _NTP + _apart(time, rtp_a) / RATE
            return self._picture + _apart(rtp_v, self._picture) + round(ahead * VIDEO_RATE)
        (when_a, first_a), (when_v, first_v) = self._arrived["audio"], self._arrived["video"]
        ahead = when_a - when_v - _PREFETCH + (time - first_a) / RATE
        return first_v + round(ahead * VIDEO_RATE)


def _apart(time: int, other: int) -> int:
    """Return how much later a 32-bit RTP time is, whichever side of the wrap it is on."""
    return (time - other + (1 << 31)) % (1 << 32) - (1 << 31)


class Sound:
    """Encodes AAC without holes: silence fills what was lost, so that players never stall."""

    def __init__(self, clock: Clock, emit: Callable[[bytes, int], None]) -> None:
        self._clock = clock
        self._emit = emit
        self._lock = threading.Lock()
        self._encoder = av.CodecContext.create("aac", "w")
        self._encoder.sample_rate = RATE
        self._encoder.layout = "stereo"
        self._encoder.format = "fltp"
        self._encoder.bit_rate = _BIT_RATE
        self._encoder.open()
        self._resampler = AudioResampler("fltp", "stereo", RATE)
        self._fifo = AudioFifo()
        self._origin: int | None = None
        self._samples = 0
        self._frames = 0

    @property
    def config(self) -> bytes:
        """The AudioSpecificConfig."""
        return bytes(self._encoder.extradata or b"")

    def keep_up(self, video_time: int) -> None:
        """Fill with silence if the sound has fallen far behind the pictures."""
        with self._lock:
            if self._origin is None:
                self._origin = video_time
            behind = video_time - self._origin - self._samples * VIDEO_RATE // RATE
            if behind > _LAG:
                self._silence(min((behind - _LAG // 2) * RATE // VIDEO_RATE, _JUMP))

    def take(self, frame: AudioFrame, time: int) -> None:
        """Encode one decoded frame; `time` is its unwrapped RTP time."""
        at = self._clock.to_video(time)
        with self._lock:
            if at is None or self._origin is None:
                return
            wanted = (at - self._origin) * RATE // VIDEO_RATE
            if wanted - self._samples > _SLACK:
                self._silence(min(wanted - self._samples, _JUMP))
            elif wanted - self._samples < -_SLACK:
                return
            for part in self._resampler.resample(frame):
                self._write(part)

    def _silence(self, samples: int) -> None:
        frame = AudioFrame("fltp", "stereo", samples)
        frame.sample_rate = RATE
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        self._write(frame)

    def _write(self, frame: AudioFrame) -> None:
        frame.pts = None
        self._samples += frame.samples
        self._fifo.write(frame)
        while part := self._fifo.read(FRAME):
            part.pts = None
            packets = cast("list[Packet[Any]]", self._encoder.encode(part))
            for packet in packets:
                # The first frame that comes out holds the encoder's run-up, before the first sound.
                at = (self._frames - 1) * FRAME * VIDEO_RATE // RATE
                self._emit(bytes(packet), (self._origin or 0) + at)
                self._frames += 1
