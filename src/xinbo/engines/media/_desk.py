"""The front desk: lets publishers in, keeps the list of who is there, sees them off."""

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncGenerator, Coroutine, Iterable
from contextlib import asynccontextmanager

from xinbo.engines.media._hooks import PATIENCE, Hooks, Kind, Report
from xinbo.engines.media._programme import LOOK, Feed, Programme
from xinbo.engines.media._publisher import Publisher
from xinbo.engines.media._store import Library, SessionFacts
from xinbo.engines.media._types import (
    AlreadyPublishing,
    NotPublishing,
    SourceName,
    StorageFull,
    TooManyPublishers,
    WebAway,
)
from xinbo.kit.ids import new_id

SILENCE = 3.0
"""Seconds without data after which the same key may take over: its owner has reconnected."""
_MOST = 32
_MIN_FREE = 256 << 20
_REPORT_PATIENCE = 60.0


class Desk:
    """Knows every publisher of this process."""

    def __init__(self, library: Library, hooks: Hooks) -> None:
        self.library = library
        self._hooks = hooks
        self._there: dict[tuple[str, SourceName], Publisher] = {}
        self._programmes: dict[str, Programme] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._arriving = 0
        self._announced = False
        self._announcing = asyncio.Lock()

    @property
    def publishers(self) -> Iterable[Publisher]:
        """Who publishes now, on air or ready for it."""
        return tuple(self._there.values())

    @asynccontextmanager
    async def publish(self, protocol: Kind, credential: str) -> AsyncGenerator[Publisher]:
        """Have a publisher with us for as long as the context lasts, or raise a refusal."""
        if len(self._there) + self._arriving >= _MOST:
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
            source=publisher.grant.source,
            started_ms=publisher.began_ms,
        )
        try:
            writer = await self.library.open(facts)
        except BaseException:
            del self._there[_place(publisher)]
            raise
        storing = self._spawn(self._store(Feed(publisher, writer, facts)))
        try:
            yield publisher
        finally:
            publisher.recorder.finish()
            publisher.segments.put_nowait(None)
            await asyncio.shield(storing)

    async def end(self, stream_id: str) -> None:
        """Hang up on both sources of a stream, and wait until their recordings are closed."""
        found = [one for one in self.publishers if one.grant.stream_id == stream_id]
        if not found:
            raise NotPublishing(stream_id=stream_id)
        for publisher in found:
            publisher.end()
        for publisher in found:
            await publisher.gone.wait()

    async def switch(self, stream_id: str, source: SourceName) -> None:
        """Take a stream's programme from a source. Raises `NotPublishing`."""
        if (programme := self._programmes.get(stream_id)) is None:
            raise NotPublishing(stream_id=stream_id)
        await programme.switch(source)

    async def watch(self) -> None:
        """Move programmes off sources that fall silent, until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            for programme in tuple(self._programmes.values()):
                await programme.look()

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
        while other := self._there.get((grant.stream_id, grant.source)):
            # A reconnecting publisher takes the place of its own dead connection.
            if time.monotonic() - other.heard < SILENCE:
                raise AlreadyPublishing
            other.end()
            await other.gone.wait()
        publisher = Publisher(protocol, session, grant, credential)
        self._there[_place(publisher)] = publisher
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
            report = Report(
                action="stopped",
                stream_id=facts.stream_id,
                session=facts.session,
                protocol=facts.protocol,
                width=0,
                height=0,
                duration_ms=milliseconds,
                source=facts.source,
            )
            await self._tell_end(report, facts)

    async def _store(self, feed: Feed) -> None:
        """Have a programme take what a publisher sends until it is gone."""
        publisher = feed.publisher
        stream_id = publisher.grant.stream_id
        programme = self._programmes.get(stream_id)
        if programme is None:
            programme = self._programmes[stream_id] = Programme(
                self._spawn, lambda: self._tell(stream_id)
            )
        try:
            await programme.store(feed)
        finally:
            self._there.pop(_place(publisher), None)
            publisher.gone.set()
            self._tell(stream_id)

    def _tell(self, stream_id: str) -> None:
        """See to it that web is told what there is to tell of a programme."""
        programme = self._programmes.get(stream_id)
        if programme and not programme.told.locked():
            self._spawn(self._tell_all(stream_id, programme))

    async def _tell_all(self, stream_id: str, programme: Programme) -> None:
        """Report to web in order; what it was not told it learns from what comes next."""
        async with programme.told:
            while programme.reports:
                report, feed = programme.reports[0]
                if report.action == "stopped":
                    await self._tell_end(report, feed.facts)
                else:
                    while not (feed.publisher.gone.is_set() or await self._hooks.report(report, 2)):
                        pass
                programme.reports.popleft()
        if not (programme.feeds or programme.reports) and stream_id in self._programmes:
            del self._programmes[stream_id]

    async def _tell_end(self, report: Report, facts: SessionFacts) -> None:
        if await self._hooks.report(report, _REPORT_PATIENCE):
            facts.reported = True
            with contextlib.suppress(OSError):
                await self.library.close(facts)

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _place(publisher: Publisher) -> tuple[str, SourceName]:
    return publisher.grant.stream_id, publisher.grant.source
