"""From coded frames to segments: it decodes nothing, and holds one segment at most."""

from collections import deque
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

import msgspec

from xinbo.engines.media._fmp4 import (
    AAC_FRAME,
    VIDEO_RATE,
    AudioConfig,
    Sample,
    init_segment,
    media_segment,
)
from xinbo.engines.media._h264 import VideoConfig

SHORTEST = VIDEO_RATE * 9 // 10
"""A segment ends at the first keyframe after this; publishers send one each second or so."""
LONGEST = VIDEO_RATE * 20
BIGGEST = 64 << 20
_BREAK = VIDEO_RATE * 10
_RAGGED = VIDEO_RATE // 4
_AUDIO_SLACK = 0.1
_GAP = 1.8


class StreamRefused(ValueError):
    """Raised when the stream cannot be cut into segments: no keyframe for too long."""


class Segment(msgspec.Struct, frozen=True):
    """One segment, ready to be stored."""

    number: int
    """Counts from 1 within its session."""
    init: int
    """Which init segment it needs; counts from 0 within its session."""
    init_data: bytes | None
    """That init segment, with the first segment that needs it."""
    seconds: float
    at_ms: int
    """When its first picture arrived, Unix milliseconds."""
    data: bytes


class _Epoch(NamedTuple):
    """A stretch of one timeline and one set of decoder configurations."""

    video: VideoConfig
    audio: AudioConfig | None
    base: int
    """Decoding time of its first picture."""
    lead: int
    """How much later that picture is shown; taken off all, so that an epoch begins at zero."""
    at_ms: int


class Recorder:
    """Cuts one publisher's frames at keyframes and hands each segment to `emit`.

    A new picture size, a late or new sound track and a jump of the clock begin a new epoch: a new
    init segment, and a discontinuity in the playlist. `now_ms` is the wall clock.
    """

    def __init__(self, emit: Callable[[Segment], None], now_ms: Callable[[], int]) -> None:
        self._emit = emit
        self._now_ms = now_ms
        self._video_config: VideoConfig | None = None
        self._audio_config: AudioConfig | None = None
        self._epoch: _Epoch | None = None
        self._init: bytes | None = None
        self._inits = -1
        self._number = 0
        self._video: list[Sample] = []
        self._audio: list[Sample] = []
        self._audio_at: int | None = None
        self._held = 0
        self._first: int | None = None
        self._last: int | None = None
        self._steps: deque[int] = deque(maxlen=31)
        self.bytes = 0
        """All coded bytes so far."""
        self.frames = 0
        self.dropped = 0
        """Pictures missing or useless: gaps in the clock, and those without their keyframe."""
        self.keyframe_ms: int | None = None
        """When the last keyframe arrived, Unix milliseconds."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture; zeros before it is known."""
        config = self._video_config
        return (config.width, config.height) if config else (0, 0)

    def set_video(self, config: VideoConfig) -> None:
        """Say how the pictures from the next keyframe on are to be decoded."""
        self._video_config = config

    def set_audio(self, config: AudioConfig) -> None:
        """Say how the sound from the next keyframe on is to be decoded."""
        self._audio_config = config

    def video(self, time: int, data: bytes, *, shift: int, sync: bool) -> None:
        """Take one picture: four-byte lengths before its NAL units, times in 1/90000 s."""
        self.bytes += len(data)
        self.frames += 1
        if sync:
            self.keyframe_ms = self._now_ms()
        self._first = time if self._first is None else self._first
        if self._last is not None and not 0 <= time - self._last <= _BREAK:
            self._end_epoch()
            self._first = time
        elif self._last is not None:
            time = max(time, self._last + 1)
            self._count_gap(time - self._last)
        self._last = time
        if sync and self._video_config:
            self._keyframe(time, shift, self._video_config)
        if self._epoch is None:
            self.dropped += not sync
            self._guard(time - self._first, 0)
            return
        at = time - self._epoch.base
        if self._video:
            self._video[-1].duration = at - self._video[-1].time
            self._guard(at - self._video[0].time, len(data))
        self._video.append(Sample(data, at, 0, shift - self._epoch.lead, sync))

    def audio(self, time: int, data: bytes) -> None:
        """Take one AAC frame of 1024 samples; time in 1/90000 s of the video's clock."""
        self.bytes += len(data)
        if self._epoch is None or (config := self._epoch.audio) is None:
            return
        since = time - self._epoch.base - self._epoch.lead
        wanted = since * config.rate // VIDEO_RATE
        at = wanted if self._audio_at is None else self._audio_at
        if abs(wanted - at) > _AUDIO_SLACK * config.rate:
            # Rounded clocks jitter, so frames are counted; a real hole moves the count.
            if wanted < at or wanted > at + _BREAK:
                return
            if self._audio:
                self._audio[-1].duration = wanted - self._audio[-1].time
            at = wanted
        if at < 0:
            return
        self._guard(0, len(data))
        self._audio.append(Sample(data, at, AAC_FRAME))
        self._audio_at = at + AAC_FRAME

    def finish(self) -> None:
        """Emit what is held: the publisher is gone."""
        self._end_epoch()

    def _keyframe(self, time: int, shift: int, config: VideoConfig) -> None:
        epoch = self._epoch
        if epoch and (config, self._audio_config) == (epoch.video, epoch.audio):
            if time - epoch.base - self._video[0].time >= SHORTEST:
                self._cut(time - epoch.base)
            return
        # Even if the clock goes on: players place a new init segment by its first sample, so the
        # sound still on its way to the old one is given up.
        self._end_epoch()
        self._last = time
        self._epoch = _Epoch(config, self._audio_config, time, shift, self._now_ms())
        self._init = init_segment(config, self._audio_config)
        self._inits += 1

    def _cut(self, end: int, *, last: bool = False) -> None:
        """Emit a segment that ends at `end`, in 1/90000 s of the epoch; later sound waits."""
        if self._epoch is None:
            return
        video, self._video = self._video, []
        video[-1].duration = end - video[-1].time
        rate = self._epoch.audio.rate if self._epoch.audio else 0
        split = sum(last or sample.time * VIDEO_RATE < end * rate for sample in self._audio)
        audio, self._audio = self._audio[:split], self._audio[split:]
        if last and audio:
            # Players stall in a hole: the next epoch begins where the first track ends.
            sounds = (audio[-1].time + AAC_FRAME) * VIDEO_RATE // rate
            end = min(end, max(sounds, end - _RAGGED, (end + video[0].time) // 2))
        self._held = 0
        self._number += 1
        self._emit(
            Segment(
                number=self._number,
                init=self._inits,
                init_data=self._init,
                seconds=(end - video[0].time) / VIDEO_RATE,
                at_ms=self._epoch.at_ms + video[0].time * 1000 // VIDEO_RATE,
                data=media_segment(self._number, video, audio),
            )
        )
        self._init = None

    def _end_epoch(self) -> None:
        if self._video:
            step = int(median(self._steps)) if self._steps else VIDEO_RATE // 30
            self._cut(self._video[-1].time + step, last=True)
        self._epoch = None
        self._audio.clear()
        self._audio_at = None
        self._held = 0
        self._last = None
        self._steps.clear()

    def _count_gap(self, step: int) -> None:
        usual = median(self._steps) if self._steps else step
        if step > _GAP * usual:
            self.dropped += round(step / usual) - 1
        self._steps.append(step)

    def _guard(self, ticks: int, size: int) -> None:
        self._held += size
        if ticks > LONGEST or self._held > BIGGEST:
            raise StreamRefused("there is no keyframe")
