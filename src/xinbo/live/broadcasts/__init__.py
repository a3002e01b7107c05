"""A show's video: who may publish it, whether it runs, where it is played and replayed.

Owns `broadcast`, `broadcast_source`. A show has two sources, main and backup; one of them is on
air, and the engine falls over to the other by itself. The pictures are the media engine's; it
asks here by a hook who may publish, and tells what began, moved and ended. A show without video
is a text room, and says so.
"""

from xinbo.live.broadcasts._hearing import HookRefused, StreamKeyRefused, hear
from xinbo.live.broadcasts._service import (
    Addresses,
    NoRecording,
    SourceSilent,
    SourcesMoved,
    cut_pictures,
    get,
    publish_replay,
    put_source_on_air,
    replay,
    rotate,
    sources,
    stream_key,
    switch,
    video,
    whip_token,
)
from xinbo.live.broadcasts._types import (
    Broadcast,
    Granted,
    Hook,
    Replay,
    SourceChanged,
    SourceName,
    Sources,
    StreamSource,
    Switch,
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
    "SourceChanged",
    "SourceName",
    "SourceSilent",
    "Sources",
    "SourcesMoved",
    "StreamKeyRefused",
    "StreamSource",
    "Switch",
    "Video",
    "VideoChanged",
    "VideoState",
    "WhipToken",
    "cut_pictures",
    "get",
    "hear",
    "publish_replay",
    "put_source_on_air",
    "replay",
    "rotate",
    "sources",
    "stream_key",
    "switch",
    "video",
    "whip_token",
]
