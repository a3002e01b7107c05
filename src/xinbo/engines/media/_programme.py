"""A show's programme: up to two sources come in, one is on air, the other is kept warm.

The one on air is recorded and played. The other is received and measured the same way, and its
latest segments are held, so that a switch needs no new keyframe. The programme moves by command,
and by itself when the source on air falls silent or ends; never back by itself, for a source that
broke once breaks again, and viewers would see each time. While nothing has moved it, it prefers
the source that web prefers: a backup that was there first makes way for main.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Literal

from xinbo.engines.media._hooks import Report
from xinbo.engines.media._poster import make_poster
from xinbo.engines.media._publisher import Publisher, now_ms
from xinbo.engines.media._recorder import Segment
from xinbo.engines.media._store import SessionFacts, Writer
from xinbo.engines.media._types import NotPublishing, SourceName

SILENT = 1.5
"""Seconds without a picture after which the other source takes over."""
LOOK = 0.25
"""Seconds between two looks at who is silent."""
_MOST_WARM = 8

type Reason = Literal["command", "silence", "ended", "preferred", "first"]


class Feed:
    """One source of a programme: its publisher, its recording, and what is held of it."""

    def __init__(self, publisher: Publisher, writer: Writer, facts: SessionFacts) -> None:
        self.publisher = publisher
        self.writer = writer
        self.facts = facts
        self.warm: deque[tuple[float, Segment]] = deque(maxlen=_MOST_WARM)
        """Segments that are not recorded, and when each was complete, monotonic seconds."""
        self._frames = 0
        self._moved = time.monotonic()

    @property
    def source(self) -> SourceName:
        """By which of the two ways it comes."""
        return self.publisher.grant.source

    @property
    def ready(self) -> bool:
        """Whether there are pictures that can be shown."""
        return self.publisher.playable.is_set()

    def silent(self) -> bool:
        """Say whether no picture came for too long; to be asked often."""
        frames, now = self.publisher.recorder.frames, time.monotonic()
        if frames != self._frames:
            self._frames, self._moved = frames, now
        return now - self._moved > SILENT

    def hold(self, segment: Segment, after: float) -> None:
        """Keep a segment; of those that were complete before `after` only the last is of use."""
        self.warm.append((time.monotonic(), segment))
        while len(self.warm) > 1 and self.warm[0][0] <= after:
            self.warm.popleft()


class Programme:
    """What the viewers of one show see.

    `spawn` starts a task that its caller looks after; `tell` is called when there is something
    to report.
    """

    def __init__(
        self, spawn: Callable[[Coroutine[None, None, None]], object], tell: Callable[[], None]
    ) -> None:
        self.feeds: dict[SourceName, Feed] = {}
        self.on_air: SourceName | None = None
        self.reports = deque[tuple[Report, Feed]]()
        """What web is yet to be told, in order: each says what is on air from then on."""
        self.told = asyncio.Lock()
        """Held by who tells it."""
        self._spawn = spawn
        self._tell = tell
        self._lock = asyncio.Lock()
        self._chosen: SourceName | None = None
        """Where the programme moved by command or by a failure: no preference moves it away."""
        self._cut = 0.0
        """When the last segment that was on air was complete, monotonic seconds."""

    async def store(self, feed: Feed) -> None:
        """Take one publisher's segments until it is gone or the disk refuses."""
        publisher = feed.publisher
        self.feeds[feed.source] = feed
        try:
            while (segment := await publisher.segments.get()) is not None:
                if publisher.failure is None:
                    async with self._lock:
                        await self._take(feed, segment)
                publisher.segments.task_done()
        finally:
            async with self._lock:
                await self._leave(feed)

    async def look(self) -> None:
        """Move the programme if its source is silent and the other is not."""
        silent = {name: feed.silent() for name, feed in self.feeds.items()}
        if self.on_air is None or not silent.get(self.on_air):
            return
        for name, feed in tuple(self.feeds.items()):
            if not silent[name] and feed.ready:
                async with self._lock:
                    if self.on_air is not name and self.feeds.get(name) is feed:
                        await self._put_on_air(feed, "silence")
                        self._report("switched", feed, "silence")
                return

    async def switch(self, source: SourceName) -> None:
        """Take the programme from a source whose pictures come. Raises `NotPublishing`."""
        async with self._lock:
            feed = self.feeds.get(source)
            if feed is None or not feed.ready:
                raise NotPublishing(source=source)
            if self.on_air != source:
                await self._put_on_air(feed, "command")
                self._report("switched", feed, "command")
            self._chosen = source

    async def _take(self, feed: Feed, segment: Segment) -> None:
        """Record a segment of the source on air; hold the other's."""
        feed.writer.learn(segment)
        if self.on_air == feed.source:
            await self._write(feed, segment)
            self._cut = time.monotonic()
        else:
            feed.hold(segment, self._cut)
        if feed.ready:
            return
        reason = self._reason_to_air(feed)
        if reason:
            await self._put_on_air(feed, reason)
        if feed.publisher.failure:
            return
        feed.publisher.playable.set()
        self._report("started", feed, reason)

    def _reason_to_air(self, feed: Feed) -> Reason | None:
        """Say why a source goes on air now that its first pictures are there, if it does."""
        if self.on_air is None:
            return "first"
        if self.feeds[self.on_air].silent():
            return "silence"
        preferred = feed.publisher.grant.preferred and self._chosen in {None, feed.source}
        return "preferred" if preferred and self.on_air != feed.source else None

    async def _put_on_air(self, feed: Feed, reason: Reason) -> None:
        """Go on with what the source has sent since the last segment that was on air.

        After a failure at least its last segment is used, though it repeats a moment: players
        that wait for the next keyframe run dry.
        """
        before = self.feeds.get(self.on_air) if self.on_air else None
        if before:
            before.publisher.on_air = False
        self.on_air = feed.source
        feed.publisher.on_air = True
        if reason in {"command", "silence", "ended"}:
            self._chosen = feed.source
        segments = [each for at, each in feed.warm if at > self._cut]
        if not segments and reason != "command":
            segments = [each for _, each in list(feed.warm)[-1:]]
        feed.warm.clear()
        for segment in segments:
            await self._write(feed, segment)
        if segments:
            self._cut = time.monotonic()

    async def _write(self, feed: Feed, segment: Segment) -> None:
        publisher, writer = feed.publisher, feed.writer
        first = writer.milliseconds == 0
        try:
            files = await writer.write(segment)
        except OSError as error:
            publisher.failure = error
            publisher.end()
            return
        publisher.milliseconds = writer.milliseconds
        if first:
            self._spawn(make_poster(files, writer.playback.folder / "poster.jpg"))

    async def _leave(self, feed: Feed) -> None:
        """See a source off; the other takes over if it was on air."""
        if self.feeds.get(feed.source) is feed:
            del self.feeds[feed.source]
        feed.publisher.on_air = False
        reason: Reason | None = None
        if self.on_air == feed.source:
            self.on_air = None
            heir = next((each for each in self.feeds.values() if each.ready), None)
            if heir:
                reason = "ended"
                await self._put_on_air(heir, reason)
        self._report("stopped", feed, reason)
        with contextlib.suppress(OSError):
            await feed.writer.finish(now_ms())

    def _report(
        self, action: Literal["started", "switched", "stopped"], feed: Feed, reason: Reason | None
    ) -> None:
        publisher, facts = feed.publisher, feed.facts
        report = Report(
            action=action,
            stream_id=facts.stream_id,
            session=facts.session,
            protocol=facts.protocol,
            width=publisher.recorder.size[0],
            height=publisher.recorder.size[1],
            duration_ms=publisher.milliseconds if action == "stopped" else 0,
            source=feed.source,
            on_air=self.on_air or "none",
            reason=reason,
        )
        self.reports.append((report, feed))
        self._tell()
