"""The show's life as pure functions: no I/O, nothing to mock."""

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
    ShowStatus.REHEARSAL: frozenset({ShowStatus.SCHEDULED}),
    ShowStatus.LIVE: frozenset({ShowStatus.ENDED}),
    ShowStatus.ENDED: frozenset({ShowStatus.REPLAY}),
    ShowStatus.REPLAY: frozenset({ShowStatus.ENDED}),
}

PUBLIC = frozenset({ShowStatus.SCHEDULED, ShowStatus.LIVE, ShowStatus.ENDED, ShowStatus.REPLAY})
"""What shoppers may see. A rehearsal is private: its show is shown as scheduled to nobody."""


class IllegalShowTransition(Conflict):
    """Raised when a show cannot go from where it stands to where it was sent."""


def move(now: ShowStatus, to: ShowStatus) -> ShowStatus:
    """Return the new status, or refuse."""
    if to not in NEXT[now]:
        raise IllegalShowTransition(status=now, wanted=to)
    return to
