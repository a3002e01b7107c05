"""Rehearsals as pure functions: who comes and what they do, when drills come, what it was worth."""

from xinbo.live.rehearsals._rules.audience import Act, Deed, Line, acts, again, nameless, stay
from xinbo.live.rehearsals._rules.kinds import CrowdProfile, DrillKind, DrillState, RehearsalState
from xinbo.live.rehearsals._rules.plan import due_minutes, surprises
from xinbo.live.rehearsals._rules.score import (
    CueFact,
    DrillFact,
    Facts,
    Part,
    disorder,
    drill_points,
    judge,
    steps_to_do,
)
from xinbo.live.rehearsals._rules.words import AT, HOSTILE, name_of

__all__ = [
    "AT",
    "HOSTILE",
    "Act",
    "CrowdProfile",
    "CueFact",
    "Deed",
    "DrillFact",
    "DrillKind",
    "DrillState",
    "Facts",
    "Line",
    "Part",
    "RehearsalState",
    "acts",
    "again",
    "disorder",
    "drill_points",
    "due_minutes",
    "judge",
    "name_of",
    "nameless",
    "stay",
    "steps_to_do",
    "surprises",
]
