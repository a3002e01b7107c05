"""The words of the media engine: what web grants, and why a publisher is turned away."""

from typing import Literal

import msgspec

from xinbo.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable, XinboError

type SourceName = Literal["main", "backup"]
"""The two ways into a show's programme."""


class Grant(msgspec.Struct, frozen=True, rename="camel"):
    """Web's yes to a publisher."""

    stream_id: str
    playback_id: str
    """Names the recording and the playback address; not guessable."""
    show_id: str
    source: SourceName = "main"
    preferred: bool = True
    """Whether it takes the air from the other source, as long as nothing has moved it."""


class Ingest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How a publisher is doing, told to the room's staff each second."""

    t: Literal["ingest", "standby"]
    """`standby`: of a source that is held ready while the other is on air."""
    bitrate_kbps: int
    width: int
    height: int
    fps: float
    dropped: int
    """Pictures (RTMP) or packets (WHIP) lost since the session began."""
    last_keyframe_ms: int | None
    """Milliseconds since the last keyframe; null before the first."""
    protocol: Literal["rtmp", "whip"]
    session: str
    source: SourceName
    on_air: bool


class PublisherRefused(XinboError):
    """Raised when a publisher cannot be let in."""

    status = 502


class StreamKeyRefused(PublisherRefused, NotAllowed):
    """Raised when the stream key or token is not one that is in force."""

    status = 403


class AlreadyPublishing(PublisherRefused, Conflict):
    """Raised when somebody is on air with this key; ending that one first is right."""

    status = 409


class WebAway(PublisherRefused, Unavailable):
    """Raised when web could not be asked. `retry_after` is in seconds."""

    status = 503


class StorageFull(PublisherRefused, Unavailable):
    """Raised when there is too little room on the disk for a recording."""

    status = 507


class TooManyPublishers(PublisherRefused, Unavailable):
    """Raised when this process has as many publishers as it can carry."""

    status = 503


class TokenRequired(NotAllowed):
    """Raised when a request bears no token."""

    status = 401


class OfferRefused(Invalid):
    """Raised when a WHIP offer is not SDP that can be answered."""

    status = 400


class OfferTypeRefused(Invalid):
    """Raised when a WHIP offer is not `application/sdp`."""

    status = 415


class NoH264(Invalid):
    """Raised when a WHIP offer has no H.264 video: nothing here transcodes."""

    status = 406


class TooLong(Invalid):
    """Raised when a request's body is longer than anything this engine reads."""

    status = 413


class NotOnAir(NotFound):
    """Raised when nothing can be played yet, or nobody publishes any more."""


class NotRecorded(NotFound):
    """Raised when there is no such recording or segment."""


class NotPublishing(NotFound):
    """Raised when the publisher to be ended is not there."""
