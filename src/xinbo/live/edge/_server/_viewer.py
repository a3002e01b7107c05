"""A viewer of one room on this edge: their tabs, their fair share, the seconds they watched."""

from typing import TYPE_CHECKING
from uuid import UUID

from xinbo.live.edge._rules import Bucket, Claims, viewer_mark

if TYPE_CHECKING:
    from xinbo.live.edge._server._visit import Visit

BEAT_WITHIN = 35.0
"""Seconds without a sign of life after which a viewer no longer counts as there."""

WATCHED_AT_MOST = 15.0
"""Seconds that one heartbeat can stand for: they come each ten."""

REMEMBERED = 60.0
"""Seconds for which someone who left is known: coming back is no news, nor a fresh allowance."""


class Viewer:
    """One viewer, with one tab or several."""

    __slots__ = (
        "anything",
        "chat",
        "claims",
        "left_at",
        "like",
        "liked",
        "mark",
        "present",
        "seen",
        "seen_at",
        "visits",
        "watched",
        "watched_until",
    )

    def __init__(self, claims: Claims, now: float) -> None:
        staff = claims.role.is_staff
        self.claims = claims
        self.mark = viewer_mark(claims.show_id, claims.viewer_id, simulated=claims.simulated)
        self.visits: set[Visit] = set()
        self.present = False
        self.seen_at = now
        self.left_at = float("-inf")
        self.watched = 0.0
        self.watched_until = now
        self.liked = 0
        self.anything = Bucket(20, 40)
        self.chat = Bucket(2, 5) if staff else Bucket(1 / 1.5, 3)
        self.like = Bucket(5, 5)
        self.seen = Bucket(10, 20)

    @property
    def id(self) -> UUID:
        """Whom analytics counts."""
        return self.claims.viewer_id

    def watch(self, now: float, *, watching: bool) -> float:
        """Account for the time since the last heartbeat of any tab; return the seconds watched."""
        seconds = min(now - self.watched_until, WATCHED_AT_MOST) if watching else 0.0
        self.watched_until = now
        self.watched += seconds
        return seconds

    def forgettable(self, now: float) -> bool:
        """Say whether nothing needs to be known of the viewer any more."""
        return not self.visits and now - self.left_at > REMEMBERED
