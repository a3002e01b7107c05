"""HLS playlists (RFC 8216), written from the list of segments of one playback id."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

LIVE_SEGMENTS = 8
_STALE_MS = 90_000


class Entry(NamedTuple):
    """One stored segment. `epoch` counts the timelines before it in this playback."""

    session: str
    init: int
    number: int
    seconds: float
    at_ms: int
    epoch: int


def live(entries: Sequence[Entry], now_ms: int) -> str | None:
    """Return the sliding window, or None while there is nothing that is still fresh."""
    first = max(0, len(entries) - LIVE_SEGMENTS)
    while first < len(entries) and now_ms - _end(entries[first]) > _STALE_MS:
        first += 1
    window = entries[first:]
    if not window:
        return None
    lines = [
        *_head(window),
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{window[0].epoch}",
    ]
    return "\n".join([*lines, *_body(window), ""])


def replay(entries: Sequence[Entry], *, ended: bool) -> str | None:
    """Return every segment; one more line when there will be no more. None if there are none."""
    if not entries:
        return None
    kind = "VOD" if ended else "EVENT"
    lines = [*_head(entries), f"#EXT-X-PLAYLIST-TYPE:{kind}", "#EXT-X-MEDIA-SEQUENCE:0"]
    return "\n".join([*lines, *_body(entries), *(["#EXT-X-ENDLIST"] if ended else []), ""])


def _head(entries: Sequence[Entry]) -> Iterator[str]:
    yield "#EXTM3U"
    yield "#EXT-X-VERSION:7"
    longest = max(entry.seconds for entry in entries)
    yield f"#EXT-X-TARGETDURATION:{max(1, round(longest))}"
    yield "#EXT-X-INDEPENDENT-SEGMENTS"


def _body(entries: Sequence[Entry]) -> Iterator[str]:
    before: Entry | None = None
    for entry in entries:
        if before is None or entry.epoch != before.epoch:
            if before is not None:
                yield "#EXT-X-DISCONTINUITY"
            yield f'#EXT-X-MAP:URI="{entry.session}/init{entry.init or ""}.mp4"'
            moment = datetime.fromtimestamp(entry.at_ms / 1000, UTC)
            stamp = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            yield f"#EXT-X-PROGRAM-DATE-TIME:{stamp}"
        yield f"#EXTINF:{entry.seconds:.5f},"
        yield f"{entry.session}/s{entry.number:05}.m4s"
        before = entry


def _end(entry: Entry) -> int:
    return entry.at_ms + round(entry.seconds * 1000)
