"""What a rehearsal was worth: of 100, with reasons. No clock and no table: facts in, score out.

Reactions are judged on the clock on the wall, however fast the show runs: people do not get
quicker with it. What nobody could do anything about weighs nothing: cues of an autopilot,
questions that were not asked, drills that were not planned.
"""

from collections.abc import Sequence

import msgspec

from xinbo.live.rehearsals._rules.kinds import DrillKind

CUES, OVERRUN, QUESTIONS, DRILLS = 25, 10, 15, 50
"""What the parts weigh; the drills share theirs evenly."""

LATE_AFTER = 1.0
"""Minutes of the show, or a second of the wall's where that is longer, within which a cue is on
time."""

REACT, STEPS, CLOSE = 40, 35, 25
"""What a drill is judged by, of 100."""

QUICK, SLOW = 10.0, 90.0
"""Seconds to the first reaction that are worth all of it, and from which on nothing."""

CLOSED_QUICK, CLOSED_SLOW = 60.0, 360.0


class CueFact(msgspec.Struct, frozen=True):
    """A cue: minutes of the show at which it was due and at which someone started it."""

    due: float
    started: float | None
    by_autopilot: bool


class DrillFact(msgspec.Struct, frozen=True):
    """A drill that began: seconds to the first reaction and to the end, and its steps."""

    kind: DrillKind
    reacted: float | None
    closed: float | None
    steps: int
    done: int
    out_of_order: int


class Facts(msgspec.Struct, frozen=True):
    """All that is judged."""

    speed: int
    total_minutes: float
    lasted_minutes: float
    cues: list[CueFact]
    asked: int
    answered: int
    drills: list[DrillFact]


class Part(msgspec.Struct, frozen=True):
    """A part of the score. `points` of 100; None where there was nothing to judge."""

    name: str
    points: int | None
    weight: int
    reason: str
    done: int = 0
    out_of: int = 0
    seconds: int = 0


def judge(facts: Facts) -> tuple[int | None, list[Part]]:
    """Return the score of 100, None where nothing was to be judged, and its parts."""
    parts = [_cues(facts), _overrun(facts), _questions(facts), *_drills(facts.drills)]
    judged = [part for part in parts if part.points is not None and part.weight]
    weight = sum(part.weight for part in judged)
    if not weight:
        return None, parts
    total = sum((part.points or 0) * part.weight for part in judged)
    return round(total / weight), parts


def drill_points(drill: DrillFact) -> int:
    """Judge one drill: how soon, how completely and in which order, until when."""
    if drill.reacted is None and drill.closed is None and not drill.done:
        return 0
    first = drill.reacted if drill.reacted is not None else drill.closed
    reaction = REACT * _fading(first, QUICK, SLOW)
    ordered = max(0, drill.done - drill.out_of_order / 2)
    steps = STEPS * (min(1.0, ordered / drill.steps) if drill.steps else 1.0)
    close = CLOSE * _fading(drill.closed, CLOSED_QUICK, CLOSED_SLOW)
    return round(reaction + steps + close)


def _fading(seconds: float | None, quick: float, slow: float) -> float:
    """Return 1 up to `quick`, 0 from `slow` on or for never, and straight in between."""
    if seconds is None:
        return 0.0
    return min(1.0, max(0.0, (slow - seconds) / (slow - quick)))


def _cues(facts: Facts) -> Part:
    own = [cue for cue in facts.cues if not cue.by_autopilot]
    # With the autopilot on, nobody else starts a cue: one that never came is not theirs.
    if not own or (all(cue.started is None for cue in own) and len(own) < len(facts.cues)):
        return Part("cues", None, CUES, "autopilot", len(facts.cues) - len(own), len(facts.cues))
    tolerance = max(LATE_AFTER, facts.speed / 60)
    on_time = sum(
        cue.started is not None and abs(cue.started - cue.due) <= tolerance for cue in own
    )
    return Part("cues", round(100 * on_time / len(own)), CUES, "on_time", on_time, len(own))


def _overrun(facts: Facts) -> Part:
    if not facts.total_minutes or all(cue.by_autopilot for cue in facts.cues):
        return Part("overrun", None, OVERRUN, "autopilot")
    over = abs(facts.lasted_minutes - facts.total_minutes) / facts.total_minutes
    points = round(100 * _fading(over, 0.05, 0.3))
    late = facts.lasted_minutes > facts.total_minutes
    minutes = round(abs(facts.lasted_minutes - facts.total_minutes))
    return Part("overrun", points, OVERRUN, "over" if late else "under", minutes)


def _questions(facts: Facts) -> Part:
    if not facts.asked:
        return Part("questions", None, QUESTIONS, "none_asked")
    share = min(1.0, facts.answered / facts.asked)
    return Part("questions", round(100 * share), QUESTIONS, "answered", facts.answered, facts.asked)


def _drills(drills: Sequence[DrillFact]) -> list[Part]:
    if not drills:
        return [Part("drills", None, DRILLS, "none_planned")]
    share, rest = divmod(DRILLS, len(drills))
    return [
        Part(
            name=drill.kind.value,
            points=drill_points(drill),
            weight=share + (number < rest),
            reason="handled" if drill.closed is not None else "left_open",
            done=drill.done,
            out_of=drill.steps,
            seconds=round(drill.reacted if drill.reacted is not None else drill.closed or 0),
        )
        for number, drill in enumerate(drills)
    ]


def disorder(times: Sequence[float | None]) -> int:
    """Count the steps that were ticked before one that comes earlier in the playbook."""
    done = [at for at in times if at is not None]
    return sum(any(before > at for before in done[:place]) for place, at in enumerate(done))


def steps_to_do(steps: int, skipped: int) -> int:
    """Say how many steps count: a skipped one was decided on, but half of them must be done."""
    return max(steps - skipped, -(-steps // 2))
