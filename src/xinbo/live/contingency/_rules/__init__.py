"""What may go wrong, how bad it would be, and what is done about it: pure, no I/O."""

from xinbo.live.contingency._rules.kinds import (
    IncidentKind,
    Level,
    Outcome,
    Part,
    StepAction,
    level_of,
    score_of,
)
from xinbo.live.contingency._rules.standard import (
    FORESEEN,
    OF_A_HERO,
    Foreseen,
    Playing,
    PlayStep,
    standard,
    standard_id,
    standard_ids,
)

__all__ = [
    "FORESEEN",
    "OF_A_HERO",
    "Foreseen",
    "IncidentKind",
    "Level",
    "Outcome",
    "Part",
    "PlayStep",
    "Playing",
    "StepAction",
    "level_of",
    "score_of",
    "standard",
    "standard_id",
    "standard_ids",
]
