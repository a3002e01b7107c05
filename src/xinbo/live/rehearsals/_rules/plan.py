"""When things come: cues by the plan, drills where they hurt."""

import random
from collections.abc import Sequence

FIRST, LAST = 0.15, 0.85
"""A surprise comes between these parts of the show."""


def due_minutes(cues: Sequence[tuple[int | None, int]]) -> list[int]:
    """Say when each cue is due, from its (start, length): null follows the one before."""
    due: list[int] = []
    end = 0
    for starts, minutes in cues:
        begin = end if starts is None else max(starts, 0)
        due.append(begin)
        end = begin + minutes
    return due


def surprises(wanted: Sequence[int | None], minutes: int, seed: int) -> list[int]:
    """Give each drill a minute: its own, or one that nobody knows, apart from the others."""
    dice = random.Random(f"{seed}:drills")  # noqa: S311 - hidden from people, not from attack
    free = [at for at, minute in enumerate(wanted) if minute is None]
    chosen = [0 if minute is None else min(minute, max(0, minutes - 1)) for minute in wanted]
    if not free:
        return chosen
    span = (LAST - FIRST) * minutes / len(free)
    slots = list(range(len(free)))
    dice.shuffle(slots)
    for slot, at in zip(slots, free, strict=True):
        chosen[at] = int(FIRST * minutes + span * (slot + dice.uniform(0.1, 0.7)))
    return chosen
