"""The stage: what every phone in a room shows beside video and chat, numbered by `seq`.

Owns `stage`. Each change is sent whole, never as a difference, so a phone that missed some or
hears one twice is right again at the next. Stock goes the same way, a few times a second.
"""

from xinbo.live.stage._service import (
    CueNotFound,
    NotOnAir,
    NotOnLineUp,
    claim,
    console_snapshot,
    drop,
    left,
    pin,
    publish,
    snapshot,
    start_cue,
)
from xinbo.live.stage._types import (
    CueStarted,
    Pin,
    ProductPinned,
    StageChanged,
    StageItem,
    StageSku,
    StageView,
    StartCue,
)

__all__ = [
    "CueNotFound",
    "CueStarted",
    "NotOnAir",
    "NotOnLineUp",
    "Pin",
    "ProductPinned",
    "StageChanged",
    "StageItem",
    "StageSku",
    "StageView",
    "StartCue",
    "claim",
    "console_snapshot",
    "drop",
    "left",
    "pin",
    "publish",
    "snapshot",
    "start_cue",
]
