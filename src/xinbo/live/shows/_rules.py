"""The show's life as pure functions: no I/O, nothing to mock."""

from collections.abc import Sequence
from enum import StrEnum

from xinbo.kit.errors import Conflict


class ShowStatus(StrEnum):
    """Where a show stands: 草稿, 已排期, 彩排中, 直播中, 已结束, 回放."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    REHEARSAL = "rehearsal"
    LIVE = "live"
    ENDED = "ended"
    REPLAY = "replay"


NEXT: dict[ShowStatus, frozenset[ShowStatus]] = {
    ShowStatus.DRAFT: frozenset({ShowStatus.SCHEDULED, ShowStatus.REHEARSAL, ShowStatus.LIVE}),
    ShowStatus.SCHEDULED: frozenset({ShowStatus.DRAFT, ShowStatus.REHEARSAL, ShowStatus.LIVE}),
    ShowStatus.REHEARSAL: frozenset({ShowStatus.DRAFT, ShowStatus.SCHEDULED, ShowStatus.LIVE}),
    ShowStatus.LIVE: frozenset({ShowStatus.ENDED}),
    ShowStatus.ENDED: frozenset({ShowStatus.REPLAY}),
    ShowStatus.REPLAY: frozenset({ShowStatus.ENDED}),
}

PUBLIC = frozenset({ShowStatus.SCHEDULED, ShowStatus.LIVE, ShowStatus.ENDED, ShowStatus.REPLAY})
"""What shoppers may see: drafts and rehearsals are the merchant's own."""

LISTED = frozenset({ShowStatus.LIVE, ShowStatus.SCHEDULED, ShowStatus.REPLAY})
"""What stands in the shop's list: an ended show has nothing to offer until its replay is up."""

OVER = frozenset({ShowStatus.ENDED, ShowStatus.REPLAY})


class IllegalShowTransition(Conflict):
    """Raised when a show cannot go from where it stands to where it was sent."""


def move(now: ShowStatus, to: ShowStatus) -> ShowStatus:
    """Return the new status, or refuse."""
    if to not in NEXT[now]:
        raise IllegalShowTransition(status=now, wanted=to)
    return to


def after_rehearsal(*, has_start_time: bool) -> ShowStatus:
    """Say where a show stands again when its rehearsal is over."""
    return ShowStatus.SCHEDULED if has_start_time else ShowStatus.DRAFT


def place_cues(cues: Sequence[tuple[int | None, int]]) -> list[tuple[int, int]]:
    """Place cues on the time line, in minutes after the start of the show: (begin, end) each.

    `cues` are (start or None, minutes); None stands right after the cue before it, or at 0.
    """
    placed: list[tuple[int, int]] = []
    free = 0
    for start, minutes in cues:
        begin = free if start is None else start
        free = begin + minutes
        placed.append((begin, free))
    return placed


def overlaps(placed: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Say which cues stand in each other's time, as pairs of places; ends may touch."""
    order = sorted(range(len(placed)), key=lambda at: (placed[at][0], at))
    found: list[tuple[int, int]] = []
    for place, at in enumerate(order):
        for other in order[place + 1 :]:
            if placed[other][0] >= placed[at][1]:
                break
            found.append((min(at, other), max(at, other)))
    return sorted(found)
