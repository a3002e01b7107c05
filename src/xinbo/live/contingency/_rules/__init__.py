"""What may go wrong, how bad it would be, and what is done about it: pure, no I/O."""

from xinbo.live.contingency._rules.kinds import (
    IncidentKind,
    IncidentOutcome,
    Part,
    RiskLevel,
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
    "IncidentOutcome",
    "Part",
    "PlayStep",
    "Playing",
    "RiskLevel",
    "StepAction",
    "level_of",
    "score_of",
    "standard",
    "standard_id",
    "standard_ids",
]
