"""A show's video: who may publish it, whether it runs, where it is played and replayed.

Owns `broadcast`. The pictures themselves are the media engine's; it asks here by a hook who
may publish, and tells what began and ended. A show without video is a text room, and says so.
"""

from xinbo.live.broadcasts._service import (
    Addresses,
    HookRefused,
    NoRecording,
    StreamKeyRefused,
    get,
    hear,
    publish_replay,
    replay,
    rotate,
    stream_key,
    video,
    whip_token,
)
from xinbo.live.broadcasts._types import (
    Broadcast,
    Granted,
    Hook,
    Replay,
    Video,
    VideoChanged,
    VideoState,
    WhipToken,
)

__all__ = [
    "Addresses",
    "Broadcast",
    "Granted",
    "Hook",
    "HookRefused",
    "NoRecording",
    "Replay",
    "StreamKeyRefused",
    "Video",
    "VideoChanged",
    "VideoState",
    "WhipToken",
    "get",
    "hear",
    "publish_replay",
    "replay",
    "rotate",
    "stream_key",
    "video",
    "whip_token",
]
