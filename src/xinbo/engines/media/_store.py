"""Recordings on disk. What is written is never changed, so a kill at any moment loses only a tail.

`<data>/media/<playback>/<session>/` holds `session.json`, `init*.mp4`, `s*.m4s` and `index`: one
JSON line a segment, appended after the segment itself is in place.
"""

import asyncio
import re
from collections import OrderedDict
from pathlib import Path

import msgspec

from xinbo.engines.media._playlists import Entry
from xinbo.engines.media._recorder import Segment
from xinbo.engines.media._types import SourceName

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FILE = re.compile(r"(init\d{0,4}\.mp4|s\d{5,7}\.m4s)")
_CACHE = 48 << 20
_KEPT_PLAYBACKS = 128
_KEPT_INITS = 16


class SessionFacts(msgspec.Struct, rename="camel"):
    """Who published, kept beside the segments, so that a restart can close what it finds open."""

    session: str
    stream_id: str
    show_id: str
    playback_id: str
    protocol: str
    started_ms: int
    source: SourceName = "main"
    ended_ms: int | None = None
    reported: bool = False
    """Whether web knows that it is over."""


class _Line(msgspec.Struct):
    n: int
    i: int
    d: float
    at: int
    p: int | None = None
    """Its place in the programme, which takes segments from two sessions in turn."""


class Playback:
    """All recorded segments of one playback id, oldest first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entries: list[Entry] = []
        self.on_air = 0
        """How many sessions are open: as many as there are sources, at most."""

    def load(self) -> None:
        """Read the index of each session; a torn last line is a segment that never was."""
        self.entries.clear()
        found: list[tuple[str, _Line]] = []
        for index in sorted(self.folder.glob("*/index")):
            for line in index.read_bytes().splitlines():
                try:
                    found.append((index.parent.name, msgspec.json.decode(line, type=_Line)))
                except msgspec.DecodeError:
                    break
        # Those without a place are older than any that has one, and in order as they are.
        found.sort(key=lambda each: -1 if each[1].p is None else each[1].p)
        for session, row in found:
            self.add(session, row.i, row.n, row.d, row.at)

    def add(self, session: str, init: int, number: int, seconds: float, at_ms: int) -> None:
        """Append a segment, and say whether a new timeline begins with it."""
        epoch = 0
        if self.entries:
            last = self.entries[-1]
            epoch = last.epoch + ((last.session, last.init) != (session, init))
        self.entries.append(Entry(session, init, number, seconds, at_ms, epoch))


class Library:
    """Finds playbacks by id, and keeps the newest segments in memory for the many who ask."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._playbacks: OrderedDict[str, Playback] = OrderedDict()
        self._fresh: OrderedDict[str, bytes] = OrderedDict()
        self._fresh_size = 0

    async def find(self, playback_id: str) -> Playback | None:
        """Return a playback that has been published to, or None."""
        if known := self._playbacks.get(playback_id):
            self._playbacks.move_to_end(playback_id)
            return known
        if not _NAME.fullmatch(playback_id):
            return None
        folder = self.root / playback_id
        found = Playback(folder)
        if not await asyncio.to_thread(folder.is_dir):
            return None
        await asyncio.to_thread(found.load)
        return self._keep(playback_id, found)

    async def open(self, facts: SessionFacts) -> "Writer":
        """Begin a session's recording."""
        if not (_NAME.fullmatch(facts.playback_id) and _NAME.fullmatch(facts.session)):
            raise ValueError("an id is not fit to name a folder")
        folder = self.root / facts.playback_id / facts.session
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        await asyncio.to_thread(_save, folder / "session.json", msgspec.json.encode(facts))
        playback = await self.find(facts.playback_id)
        if playback is None:
            raise FileNotFoundError(folder)
        playback.on_air += 1
        return Writer(self, playback, facts)

    def path(self, playback_id: str, session: str, file: str) -> Path | None:
        """Return where a segment lies, or None if the names cannot be a segment's."""
        if not (_NAME.fullmatch(playback_id) and _NAME.fullmatch(session)):
            return None
        return self.root / playback_id / session / file if _FILE.fullmatch(file) else None

    def fresh(self, path: Path) -> bytes | None:
        """Return a segment written a moment ago, from memory."""
        return self._fresh.get(str(path))

    def remember(self, path: Path, data: bytes) -> None:
        """Keep a new segment in memory until newer ones need the room."""
        self._fresh[str(path)] = data
        self._fresh_size += len(data)
        while self._fresh_size > _CACHE:
            self._fresh_size -= len(self._fresh.popitem(last=False)[1])

    async def unfinished(self) -> list[SessionFacts]:
        """Return the sessions that an earlier life of this process left open or untold."""
        return await asyncio.to_thread(self._scan)

    async def close(self, facts: SessionFacts) -> None:
        """Write down that a session is over. `facts.ended_ms` says when."""
        file = self.root / facts.playback_id / facts.session / "session.json"
        await asyncio.to_thread(_save, file, msgspec.json.encode(facts))

    def _scan(self) -> list[SessionFacts]:
        found: list[SessionFacts] = []
        for file in sorted(self.root.glob("*/*/session.json")):
            try:
                facts = msgspec.json.decode(file.read_bytes(), type=SessionFacts)
            except (OSError, msgspec.DecodeError):
                continue
            if not facts.reported:
                found.append(facts)
        return found

    def _keep(self, playback_id: str, playback: Playback) -> Playback:
        playback = self._playbacks.setdefault(playback_id, playback)
        idle = [key for key, one in self._playbacks.items() if not one.on_air]
        for key in idle[: max(0, len(self._playbacks) - _KEPT_PLAYBACKS)]:
            if key != playback_id:
                del self._playbacks[key]
        return playback


class Writer:
    """Stores one session's segments, in order, off the event loop."""

    def __init__(self, library: Library, playback: Playback, facts: SessionFacts) -> None:
        self.library = library
        self.playback = playback
        self.facts = facts
        self.folder = playback.folder / facts.session
        self.milliseconds = 0
        """How much is recorded."""
        self._inits: dict[int, bytes] = {}
        """The last init segments, by number."""
        self._stored: int | None = None
        """Which init segment is stored."""

    def learn(self, segment: Segment) -> None:
        """Note what the session's segments need, also of those that are never stored."""
        if segment.init_data:
            self._inits[segment.init] = segment.init_data
            self._inits.pop(segment.init - _KEPT_INITS, None)

    async def write(self, segment: Segment) -> tuple[Path, Path]:
        """Store one segment; it is in the playlists when this returns.

        Segments come in order, each one `learn`ed before. Returns where its init segment and
        it lie.
        """
        name = f"s{segment.number:05}.m4s"
        init = init_name(segment.init)
        if segment.init_data is None and self._stored != segment.init:
            segment = msgspec.structs.replace(segment, init_data=self._inits[segment.init])
        await asyncio.to_thread(self._write, segment, name, init)
        if segment.init_data:
            self.library.remember(self.folder / init, segment.init_data)
            self._stored = segment.init
        self.library.remember(self.folder / name, segment.data)
        self.playback.add(
            self.facts.session, segment.init, segment.number, segment.seconds, segment.at_ms
        )
        self.milliseconds += round(segment.seconds * 1000)
        return self.folder / init, self.folder / name

    async def finish(self, now_ms: int) -> None:
        """Close the recording."""
        self.playback.on_air -= 1
        self.facts.ended_ms = now_ms
        await self.library.close(self.facts)

    def _write(self, segment: Segment, name: str, init: str) -> None:
        if segment.init_data:
            _save(self.folder / init, segment.init_data)
        _save(self.folder / name, segment.data)
        place = len(self.playback.entries)
        seconds = round(segment.seconds, 5)
        line = _Line(segment.number, segment.init, seconds, segment.at_ms, place)
        with (self.folder / "index").open("ab") as index:
            index.write(msgspec.json.encode(line) + b"\n")


def init_name(init: int) -> str:
    """Return the file name of a session's nth init segment."""
    return f"init{init or ''}.mp4"


def _save(path: Path, data: bytes) -> None:
    """Write a file that is either whole or absent."""
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
