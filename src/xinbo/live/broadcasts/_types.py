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


class Hook(Command, frozen=True):
    """What the media engine asks and tells."""

    action: Literal["publish", "started", "stopped", "restarted"]
    session: UUID
    protocol: Literal["rtmp", "whip"] | None = None
    credential: Annotated[str, Meta(max_length=2000)] | None = None
    stream_id: UUID | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None


class Granted(View, frozen=True):
    """Where a publisher's stream belongs."""

    stream_id: UUID
    playback_id: str
    show_id: UUID


class VideoChanged(Event, frozen=True):
    """Moving pictures came or went."""

    name = "broadcasts.video_changed"
    about = "show_id"
    show_id: UUID
    state: VideoState
    playback_path: str | None
