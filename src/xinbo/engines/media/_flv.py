"""RTMP's audio and video messages, which are FLV tags (Adobe, "Video File Format 10.1", E.4)."""

import struct

from xinbo.engines.media._fmp4 import AudioConfig, AudioRefused
from xinbo.engines.media._h264 import VideoRefused, read_avcc
from xinbo.engines.media._recorder import Recorder

_TICKS = 90
"""Of the video clock in a millisecond."""
_AVC, _AAC = 7, 10
_KEYFRAME = 1
_CONFIG, _DATA = 0, 1
_ENHANCED = 0x80


def take_video(recorder: Recorder, time_ms: int, tag: bytes) -> None:
    """Hand a video tag to the recorder; raise VideoRefused if it is not H.264."""
    if len(tag) < 5:  # noqa: PLR2004 - the tag's header
        return
    if tag[0] & _ENHANCED or tag[0] & 15 != _AVC:
        raise VideoRefused("the video is not H.264")
    packet, shift = tag[1], struct.unpack(">i", tag[2:5] + b"\0")[0] >> 8
    if packet == _CONFIG:
        recorder.set_video(read_avcc(tag[5:]))
    elif packet == _DATA and len(tag) > 5:  # noqa: PLR2004
        recorder.video(
            time_ms * _TICKS, tag[5:], shift=shift * _TICKS, sync=tag[0] >> 4 == _KEYFRAME
        )


def take_audio(recorder: Recorder, time_ms: int, tag: bytes) -> None:
    """Hand an audio tag to the recorder; raise AudioRefused if it is not AAC."""
    if len(tag) < 3:  # noqa: PLR2004 - header and the least of a frame
        return
    if tag[0] >> 4 != _AAC:
        raise AudioRefused("the sound is not AAC")
    if tag[1] == _CONFIG:
        recorder.set_audio(AudioConfig.read(tag[2:]))
    else:
        recorder.audio(time_ms * _TICKS, tag[2:])
