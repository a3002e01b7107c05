"""One session that publishes: what it sends goes to its recorder, and is counted."""

import asyncio
import time

from xinbo.engines.media._hooks import Kind
from xinbo.engines.media._recorder import Recorder, Segment
from xinbo.engines.media._types import Grant, Ingest

FASTEST_KBPS = 60_000
_BACKLOG = 8


def now_ms() -> int:
    """Return the wall clock in Unix milliseconds."""
    return time.time_ns() // 1_000_000


class Publisher:
    """One session: what it sends is cut into segments, and counted."""

    def __init__(self, protocol: Kind, session: str, grant: Grant, credential: str) -> None:
        self.protocol: Kind = protocol
        self.credential = credential
        self.session = session
        self.grant = grant
        self.began_ms = now_ms()
        self.segments = asyncio.Queue[Segment | None]()
        self.recorder = Recorder(self.segments.put_nowait, now_ms)
        self.playable = asyncio.Event()
        """Set when there is a segment that can be shown."""
        self.on_air = False
        """Whether the viewers see it, or it is held ready."""
        self.gone = asyncio.Event()
        """Set when all of it is recorded and another may take its place."""
        self.heard = time.monotonic()
        """When data last came, monotonic seconds."""
        self.lost = 0
        """Packets that never came; a protocol that numbers its packets counts them."""
        self.milliseconds = 0
        self.failure: Exception | None = None
        self.figures: Ingest = self._measure(1.0, 0, 0)
        self._end = asyncio.Event()
        self._seen = (time.monotonic(), 0, 0)

    def touch(self) -> None:
        """Note that data has come."""
        self.heard = time.monotonic()

    def end(self) -> None:
        """Ask whoever carries this publisher to hang up."""
        self._end.set()

    async def ended(self) -> None:
        """Wait until somebody has asked to hang up."""
        await self._end.wait()

    async def drained(self) -> None:
        """Wait while the disk is behind, so that the publisher waits too."""
        if self.segments.qsize() > _BACKLOG:
            await self.segments.join()

    def measure(self) -> Ingest:
        """Compute the figures since the last call; called each second."""
        before, seen_bytes, seen_frames = self._seen
        recorder, now = self.recorder, time.monotonic()
        self._seen = (now, recorder.bytes, recorder.frames)
        self.figures = self._measure(
            max(now - before, 0.001), recorder.bytes - seen_bytes, recorder.frames - seen_frames
        )
        if self.figures.bitrate_kbps > FASTEST_KBPS:
            self.end()
        return self.figures

    def _measure(self, seconds: float, size: int, frames: int) -> Ingest:
        width, height = self.recorder.size
        keyframe = self.recorder.keyframe_ms
        return Ingest(
            t="ingest" if self.on_air else "standby",
            bitrate_kbps=round(size * 8 / 1000 / seconds),
            width=width,
            height=height,
            fps=round(frames / seconds, 1),
            dropped=self.recorder.dropped + self.lost,
            last_keyframe_ms=None if keyframe is None else max(0, now_ms() - keyframe),
            protocol=self.protocol,
            session=self.session,
            source=self.grant.source,
            on_air=self.on_air,
        )
