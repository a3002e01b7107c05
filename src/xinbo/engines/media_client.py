"""What the rooms ask of the media engine."""

import re
import time
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

import httpx
import msgspec

from xinbo.engines.settings import Settings


async def kick(stream_id: UUID) -> None:
    """Cut off whoever publishes to the stream. Harmless where nobody does."""
    settings = Settings.load()
    base = settings.media_url or f"http://127.0.0.1:{settings.media_port}"
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.delete(
            f"{base}/publishers/{stream_id}",
            headers={"Authorization": f"Bearer {settings.hook_token}"},
        )
    if answer.status_code != HTTPStatus.NOT_FOUND:
        answer.raise_for_status()


async def put_on_air(stream_id: UUID, source: str) -> bool:
    """Take the stream's programme from `source`; say whether it was there to take it from."""
    settings = Settings.load()
    base = settings.media_url or f"http://127.0.0.1:{settings.media_port}"
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.put(
            f"{base}/programmes/{stream_id}/{source}",
            headers={"Authorization": f"Bearer {settings.hook_token}"},
        )
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return False
    answer.raise_for_status()
    return True


class Stretch(msgspec.Struct, frozen=True):
    """A part of a recording without a break."""

    from_ms: int
    """Programme time of its beginning: milliseconds since the recording began."""
    at: datetime
    """Wall clock of its beginning."""
    length_ms: int


FRESH = 10.0
"""Seconds for which a recording's parts need not be asked for again."""

KNOWN = 200
_known: dict[str, tuple[float, list[Stretch]]] = {}
CLOCK = re.compile(r"#EXT-X-PROGRAM-DATE-TIME:(\S+)")
LENGTH = re.compile(r"#EXTINF:([0-9.]+)")


async def recording(path: str) -> list[Stretch]:
    """Read from a playlist (`/hls/<id>/replay.m3u8`) which moments the recording is of.

    Empty where there is no recording. In programme order.
    """
    now = time.monotonic()
    asked_at, found = _known.get(path, (-FRESH, []))
    if now - asked_at < FRESH:
        return found
    settings = Settings.load()
    base = settings.media_url or f"http://127.0.0.1:{settings.media_port}"
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.get(f"{base}{path}")
    if answer.status_code != HTTPStatus.NOT_FOUND:
        answer.raise_for_status()
    found = stretches(answer.text) if answer.status_code == HTTPStatus.OK else []
    while len(_known) >= KNOWN:
        del _known[next(iter(_known))]
    _known[path] = now, found
    return found


def stretches(playlist: str) -> list[Stretch]:
    """Read the parts of a media playlist: RFC 8216, 4.3.2.1 and 4.3.2.6."""
    found: list[Stretch] = []
    programme = 0.0
    at: datetime | None = None
    length = 0.0

    def end() -> None:
        nonlocal programme, length
        if at is not None and length:
            found.append(Stretch(round(programme * 1000), at, round(length * 1000)))
        programme, length = programme + length, 0.0

    for line in playlist.splitlines():
        if clock := CLOCK.match(line):
            end()
            at = datetime.fromisoformat(clock[1])
        elif extent := LENGTH.match(line):
            length += float(extent[1])
    end()
    return found
