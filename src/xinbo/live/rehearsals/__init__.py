"""Rehearsals: a show run through in its private room, before an audience that is not there.

Owns `rehearsal`, `rehearsed_cue`, `rehearsal_drill`, `rehearsal_shelf`, `rehearsal_purchase`.
The console is the real one; the audience is simulated and the same for the same seed; things go
wrong on purpose and are judged by how they are handled. Nobody is charged, no stock moves,
nothing is given and nothing is sent; at the end the show stands where it stood.
"""

from xinbo.live.rehearsals._rules import CrowdProfile, DrillKind, DrillState, RehearsalState
from xinbo.live.rehearsals._service.life import begin, drill_now, end
from xinbo.live.rehearsals._service.reads import page_of, report
from xinbo.live.rehearsals._service.rows import (
    PastShowRefused,
    RehearsalNotFound,
    RehearsalOver,
    RehearsalRunning,
)
from xinbo.live.rehearsals._types import (
    Begin,
    Crowd,
    Drill,
    DrillBegan,
    DrillEnded,
    DrillNow,
    Figures,
    PutCrowd,
    PutDrill,
    Rehearsal,
    RehearsalBegan,
    RehearsalEnded,
    RehearsalReport,
    RehearsedCue,
    RehearsedGame,
    ScorePart,
    ShelfItem,
)

__all__ = [
    "Begin",
    "Crowd",
    "CrowdProfile",
    "Drill",
    "DrillBegan",
    "DrillEnded",
    "DrillKind",
    "DrillNow",
    "DrillState",
    "Figures",
    "PastShowRefused",
    "PutCrowd",
    "PutDrill",
    "Rehearsal",
    "RehearsalBegan",
    "RehearsalEnded",
    "RehearsalNotFound",
    "RehearsalOver",
    "RehearsalReport",
    "RehearsalRunning",
    "RehearsalState",
    "RehearsedCue",
    "RehearsedGame",
    "ScorePart",
    "ShelfItem",
    "begin",
    "drill_now",
    "end",
    "page_of",
    "report",
]
