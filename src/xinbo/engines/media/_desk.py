"""The front desk: lets publishers in, keeps the list of who is on air, sees them off."""

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncGenerator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Literal

from xinbo.engines.media._hooks import PATIENCE, Hooks, Kind, Report
from xinbo.engines.media._poster import make_poster
from xinbo.engines.media._recorder import Recorder, Segment
from xinbo.engines.media._store import Library, SessionFacts, Writer
from xinbo.engines.media._types import (
    AlreadyPublishing,
    Grant,
    Ingest,
    NotPublishing,
    StorageFull,
    TooManyPublishers,
    WebAway,
)
from xinbo.kit.ids import new_id

SILENCE = 3.0
"""Seconds without data after which the same key may take over: its owner has reconnected."""
FASTEST_KBPS = 60_000
_MOST = 32
_MIN_FREE = 256 << 20
_REPORT_PATIENCE = 60.0
_BACKLOG = 8


def now_ms() -> int:
    """Return the wall clock in Unix milliseconds."""
    return time.time_ns() // 1_000_000


class Publisher:
    """One session on air: what it sends is recorded, and counted."""

    def __init__(self, protocol: Kind, session: str, grant: Grant, credential: str) -> None:
        self.protocol: Kind = protocol
        self.credential = credential
        self.session = session
        self.grant = grant
        self.began_ms = now_ms()
        self.segments = asyncio.Queue[Segment | None]()
        self.recorder = Recorder(self.segments.put_nowait, now_ms)
        self.playable = asyncio.Event()
        """Set when the first segment can be fetched."""
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
            bitrate_kbps=round(size * 8 / 1000 / seconds),
            width=width,
            height=height,
            fps=round(frames / seconds, 1),
            dropped=self.recorder.dropped + self.lost,
            last_keyframe_ms=None if keyframe is None else max(0, now_ms() - keyframe),
            protocol=self.protocol,
            session=self.session,
        )


class Desk:
    """Knows every publisher of this process."""

    def __init__(self, library: Library, hooks: Hooks) -> None:
        self.library = library
        self._hooks = hooks
        self._on_air: dict[str, Publisher] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._arriving = 0
        self._announced = False
        self._announcing = asyncio.Lock()

    @property
    def publishers(self) -> Iterable[Publisher]:
        """Who is on air now."""
        return tuple(self._on_air.values())

    @asynccontextmanager
    async def publish(self, protocol: Kind, credential: str) -> AsyncGenerator[Publisher]:
        """Have a publisher on air for as long as the context lasts, or raise a refusal."""
        if len(self._on_air) + self._arriving >= _MOST:
            raise TooManyPublishers(limit=_MOST)
        self._arriving += 1
        try:
            publisher = await self._admit(protocol, credential)
        finally:
            self._arriving -= 1
        facts = SessionFacts(
            session=publisher.session,
            stream_id=publisher.grant.stream_id,
            show_id=publisher.grant.show_id,
            playback_id=publisher.grant.playback_id,
            protocol=protocol,
            started_ms=publisher.began_ms,
        )
        try:
            writer = await self.library.open(facts)
        except BaseException:
            del self._on_air[publisher.grant.stream_id]
            raise
        storing = self._spawn(self._store(publisher, writer))
        self._spawn(self._tell(publisher, facts))
        try:
            yield publisher
        finally:
            publisher.recorder.finish()
            publisher.segments.put_nowait(None)
            await asyncio.shield(storing)

    async def end(self, stream_id: str) -> None:
        """Hang up on a publisher, and wait until its recording is closed."""
        publisher = self._on_air.get(stream_id)
        if publisher is None:
            raise NotPublishing(stream_id=stream_id)
        publisher.end()
        await publisher.gone.wait()

    async def close(self) -> None:
        """Hang up on everyone; wait for what has to be stored and, for a moment, told."""
        for publisher in self.publishers:
            publisher.end()
        waits = [asyncio.create_task(one.gone.wait()) for one in self.publishers]
        if waits:
            await asyncio.wait(waits, timeout=4)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1)
        for task in (*waits, *self._tasks):
            task.cancel()

    async def recover(self) -> None:
        """Close the sessions that a killed process has left open, and tell web of each."""
        left: list[tuple[SessionFacts, int]] = []
        for facts in await self.library.unfinished():
            playback = await self.library.find(facts.playback_id)
            own = [e for e in playback.entries if e.session == facts.session] if playback else []
            seconds = sum(entry.seconds for entry in own)
            last = own[-1].at_ms + round(own[-1].seconds * 1000) if own else facts.started_ms
            if facts.ended_ms is None:
                facts.ended_ms = last
                await self.library.close(facts)
            left.append((facts, round(seconds * 1000)))
        self._spawn(self._catch_up(left))

    async def _admit(self, protocol: Kind, credential: str) -> Publisher:
        session = str(new_id())
        self.library.root.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.library.root).free < _MIN_FREE:
            raise StorageFull
        if not await self._announce(PATIENCE):
            raise WebAway(retry_after=2)
        grant = await self._hooks.publish(protocol, credential, session)
        while other := self._on_air.get(grant.stream_id):
            # A reconnecting publisher takes the place of its own dead connection.
            if time.monotonic() - other.heard < SILENCE:
                raise AlreadyPublishing
            other.end()
            await other.gone.wait()
        publisher = Publisher(protocol, session, grant, credential)
        self._on_air[grant.stream_id] = publisher
        return publisher

    async def _announce(self, patience: float) -> bool:
        """Tell web, before anything else, that an earlier life's publishers are gone."""
        async with self._announcing:
            if not self._announced:
                report = Report(action="restarted", session=str(new_id()))
                self._announced = await self._hooks.report(report, patience)
            return self._announced

    async def _catch_up(self, left: list[tuple[SessionFacts, int]]) -> None:
        while not await self._announce(1):  # noqa: ASYNC110 - web is another process
            await asyncio.sleep(1)
        for facts, milliseconds in left:
            await self._tell_end(facts, (0, 0), milliseconds)

    async def _store(self, publisher: Publisher, writer: Writer) -> None:
        """Write segments until the publisher is gone or the disk refuses."""
        try:
            while (segment := await publisher.segments.get()) is not None:
                if publisher.failure is None:
                    await self._store_one(publisher, writer, segment)
                publisher.segments.task_done()
        finally:
            self._on_air.pop(publisher.grant.stream_id, None)
            publisher.gone.set()
            with contextlib.suppress(OSError):
                await writer.finish(now_ms())

    async def _store_one(self, publisher: Publisher, writer: Writer, segment: Segment) -> None:
        try:
            await writer.write(segment)
        except OSError as error:
            publisher.failure = error
            publisher.end()
            return
        publisher.milliseconds = writer.milliseconds
        if not publisher.playable.is_set():
            publisher.playable.set()
            self._spawn(make_poster(writer.folder, writer.playback.folder / "poster.jpg"))

    async def _tell(self, publisher: Publisher, facts: SessionFacts) -> None:
        """Report to web, in order: started, once it can be played; stopped, once it is over."""
        gone = asyncio.create_task(publisher.gone.wait())
        playable = asyncio.create_task(publisher.playable.wait())
        await asyncio.wait({gone, playable}, return_when=asyncio.FIRST_COMPLETED)
        while playable.done() and not gone.done():
            if await self._hooks.report(_report("started", facts, publisher.recorder.size, 0), 2):
                break
        await gone
        playable.cancel()
        await self._tell_end(facts, publisher.recorder.size, publisher.milliseconds)

    async def _tell_end(self, facts: SessionFacts, size: tuple[int, int], duration_ms: int) -> None:
        report = _report("stopped", facts, size, duration_ms)
        if await self._hooks.report(report, _REPORT_PATIENCE):
            facts.reported = True
            with contextlib.suppress(OSError):
                await self.library.close(facts)

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _report(
    action: Literal["started", "stopped"],
    facts: SessionFacts,
    size: tuple[int, int],
    duration_ms: int,
) -> Report:
    return Report(
        action=action,
        stream_id=facts.stream_id,
        session=facts.session,
        protocol=facts.protocol,
        width=size[0],
        height=size[1],
        duration_ms=duration_ms,
    )
