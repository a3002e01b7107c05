"""The shows that are counted now, and the streams that they are counted from."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from xinbo.analytics.collect import FROM_PAGES, Observed
from xinbo.analytics.metrics._models import LIKES
from xinbo.analytics.metrics._service._kept import Event, Key, recount
from xinbo.analytics.metrics._service._tally import Tally
from xinbo.analytics.metrics._types import LiveNumbers
from xinbo.engines.olap import Message, Store, StoreRefused

log = logging.getLogger("xinbo.analytics")

LIVELY = 60.0
"""Seconds after its last event that a show's numbers are still told each second."""

FORGET = 600.0
"""Seconds after which a show that nobody asks about leaves memory."""

AGAIN = 5.0
"""Seconds between two counts of the same show from its kept events."""


class Entry(msgspec.Struct):
    """A show in memory. Times are of the monotonic clock."""

    tally: Tally
    counted_at: float
    heard_at: float
    asked_at: float


class Board:
    """Every show in memory; the others are counted from the store when somebody asks."""

    def __init__(self, store: Store) -> None:
        self.keepers: list[Keeper[Any]] = []
        self._store = store
        self._entries: dict[Key, Entry] = {}
        self._loading: dict[Key, asyncio.Task[Tally]] = {}
        self._missed: dict[Key, list[Event]] = {}

    def hear(self, key: Key, event: Event) -> None:
        """Count an event, if its show is in memory; bring the show there if it is a live one.

        What pages report opens no show: they may name any.
        """
        entry = self._entries.get(key)
        if entry is None and not (isinstance(event, Observed) and event.type in FROM_PAGES):
            self._load(key)
        if key in self._missed:
            self._missed[key].append(event)
        if entry:
            _add(entry.tally, event)
            entry.heard_at = time.monotonic()

    async def tally(self, key: Key) -> Tally:
        """Return a show's count, from memory or made now."""
        entry = self._entries.get(key)
        tally = entry.tally if entry else await asyncio.shield(self._load(key))
        if entry := self._entries.get(key):
            entry.asked_at = time.monotonic()
        return tally

    async def likes(self, show_id: UUID) -> int:
        """Return how many likes a show has, whosever it is: edges count on from there."""
        for key in (*self._entries, *self._loading):
            if key[1] == show_id:
                return (await self.tally(key)).likes
        rows = await self._store.rows(LIKES, show=show_id)
        return int(rows[0][0])

    def lively(self, now: datetime) -> Iterator[LiveNumbers]:
        """Compute the numbers of the shows that are on air, or were until a minute ago."""
        at = time.monotonic()
        for key, entry in list(self._entries.items()):
            quiet = at - entry.heard_at
            if entry.tally.on_air or quiet < LIVELY:
                yield entry.tally.numbers(key[1], now)
                if entry.tally.stale and at - entry.counted_at > AGAIN:
                    self._load(key)
            elif min(quiet, at - entry.asked_at) > FORGET:
                del self._entries[key]

    def close(self) -> None:
        """Stop counting."""
        for task in self._loading.values():
            task.cancel()

    def _load(self, key: Key) -> asyncio.Task[Tally]:
        task = self._loading.get(key)
        if task is None:
            self._missed[key] = [
                event for keeper in self.keepers for held, event in keeper.held if held == key
            ]
            task = self._loading[key] = asyncio.create_task(self._recount(key))
            task.add_done_callback(_log_fault)
        return task

    async def _recount(self, key: Key) -> Tally:
        """Count the kept events, then what was heard but not yet kept when they were read."""
        try:
            tally = await recount(self._store, key)
            for event in self._missed[key]:
                _add(tally, event)
            now = time.monotonic()
            old = self._entries.get(key)
            self._entries[key] = Entry(
                tally=tally,
                counted_at=now,
                heard_at=old.heard_at if old else now if self._missed[key] else -FORGET,
                asked_at=old.asked_at if old else now,
            )
            return tally
        finally:
            del self._loading[key], self._missed[key]


class Keeper[E: Event]:
    """The end of one stream: counts at once, keeps in batches."""

    def __init__(
        self,
        board: Board,
        read: Callable[[Message], Iterator[tuple[Key, E]]],
        keep: Callable[[Sequence[tuple[Key, E]]], Coroutine[Any, Any, None]],
    ) -> None:
        self.held: list[tuple[Key, E]] = []
        self._board = board
        self._read = read
        self._keep = keep
        board.keepers.append(self)

    def hear(self, messages: Sequence[Message]) -> int:
        """Count what the messages say; return how many rows wait to be kept."""
        for message in messages:
            try:
                events = list(self._read(message))
            except (msgspec.MsgspecError, ValueError) as error:
                log.warning("%s left out: %s", message.subject, error)
                continue
            for key, event in events:
                self._board.hear(key, event)
                self.held.append((key, event))
        return len(self.held)

    async def keep(self) -> None:
        """Put what waits into the store, however long it takes: a full disk loses nothing."""
        while self.held:
            rows = self.held[:]
            try:
                await self._keep(rows)
            except (StoreRefused, OSError):
                log.exception("analytics store takes no rows, %s wait", len(rows))
                await asyncio.sleep(1)
            else:
                del self.held[: len(rows)]


def _log_fault(task: asyncio.Task[Tally]) -> None:
    if not task.cancelled() and (fault := task.exception()):
        log.error("a show was not counted", exc_info=fault)


def _add(tally: Tally, event: Event) -> None:
    try:
        if isinstance(event, Observed):
            tally.observe(event)
        else:
            tally.learn(event)
    except msgspec.MsgspecError as error:  # a payload of another version of ours
        log.warning("%s not counted: %s", event.id, error)
