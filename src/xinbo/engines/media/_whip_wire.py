"""How a WHIP child talks to the media process: small binary frames on its stdout."""

import struct
from enum import IntEnum

HEADER = struct.Struct(">BIq")
"""Kind, length of the body, time in 1/90000 s of the video's clock."""
LONGEST = 8 << 20


class Kind(IntEnum):
    """What a frame carries."""

    ANSWER = 1
    """The SDP answer."""
    REFUSED = 2
    """Why there is no answer, for the log."""
    PICTURE = 3
    """One H.264 access unit in Annex B form."""
    SOUND_CONFIG = 4
    """An AudioSpecificConfig."""
    SOUND = 5
    """One AAC frame."""
    LOST = 6
    """How many video packets have been lost since the session began, as decimal text."""


def pack(kind: Kind, body: bytes, time: int = 0) -> bytes:
    """Return one frame."""
    return HEADER.pack(kind, len(body), time) + body
