"""Structs of the broadcasts room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, Event, View


class VideoState(StrEnum):
    """Whether there are moving pictures. Without them the room is a text room."""

    OFFLINE = "offline"
    STARTING = "starting"
    LIVE = "live"


class SourceName(StrEnum):
    """One of the two ways into a show's video."""

    MAIN = "main"
    BACKUP = "backup"


class StreamSource(View, frozen=True):
    """One of the two ways in, and whether moving pictures come by it."""

    name: SourceName
    state: VideoState
    on_air: bool
    """Whether the programme takes its pictures from here; false for both in a text room."""
    protocol: str | None
    width: int | None
    height: int | None
    started_at: datetime | None


class Sources(View, frozen=True):
    """Both ways in, main first."""

    show_id: UUID
    version: int
    """Counts the switches; what `Switch.seen` refers to."""
    switched_by: str | None
    """Name of the staff member who switched last; null when the engine did it by itself."""
    switched_at: datetime | None
    items: list[StreamSource]


class Switch(Command, frozen=True):
    """Put a source on air. Its pictures must be coming already."""

    source: SourceName
    seen: int | None = None
    """The version of `Sources` that the operator saw."""


class Video(View, frozen=True):
    """A show's video as viewers see it."""

    state: VideoState
    playback_path: str | None
    """Path on the media engine: `/hls/<id>/live.m3u8`."""


class Broadcast(View, frozen=True):
    """A show's way on air, as its staff see it."""

    show_id: UUID
    state: VideoState
    protocol: str | None
    rtmp_url: str
    stream_key: str
    backup_key: str
    """The key of the backup source; publishing by it disturbs nothing that is on air."""
    whip_url: str
    playback_url: str
    width: int | None
    height: int | None
    started_at: datetime | None


class WhipToken(View, frozen=True):
    """Permission for this console page to publish a camera."""

    url: str
    token: str
    expires_at: datetime


class Replay(View, frozen=True):
    """A show's recording."""

    show_id: UUID
    playback_url: str
    duration_ms: int


type SwitchReason = Literal["command", "silence", "ended", "preferred", "first"]
"""Why the programme comes from another source: somebody asked; the one on air fell silent, or
ended; the preferred one came; there was none."""


class Hook(Command, frozen=True):
    """What the media engine asks and tells."""

    action: Literal["publish", "started", "switched", "stopped", "restarted"]
    session: UUID
    protocol: Literal["rtmp", "whip"] | None = None
    credential: Annotated[str, Meta(max_length=2000)] | None = None
    stream_id: UUID | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    source: SourceName = SourceName.MAIN
    on_air: Literal["main", "backup", "none"] | None = None
    """Where the programme comes from, now that this has happened."""
    reason: SwitchReason | None = None
    """Why `on_air` is another one than before."""


class Granted(View, frozen=True):
    """Where a publisher's stream belongs."""

    stream_id: UUID
    playback_id: str
    show_id: UUID
    source: SourceName
    preferred: bool
    """Whether it takes the air, once its pictures come, from the other source."""


class VideoChanged(Event, frozen=True):
    """Moving pictures came or went."""

    name = "broadcasts.video_changed"
    about = "show_id"
    show_id: UUID
    state: VideoState
    playback_path: str | None


class SourceChanged(Event, frozen=True):
    """The programme comes from another source; the pictures went on."""

    name = "broadcasts.source_changed"
    about = "show_id"
    show_id: UUID
    source: SourceName
    reason: SwitchReason
