"""When someone was in a room, from signs of life and goodbyes in any order. Milliseconds.

A sign of life (`room.entered`, `room.heartbeat`) at `s` says: here from `s` until 15 seconds
later, or until the first goodbye (`room.left`) of the same socket at or after `s`, whichever is
sooner. Someone is in the room while any of their sockets is. As that is a statement about sets,
neither the order of arrival nor repetition can change it.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable

type Span = tuple[int, int]
"""From (included) to (excluded)."""

LIFE = 15_000
"""How long a sign of life holds: an edge that was killed says no goodbye."""


class Socket:
    """One connection of one viewer.

    Signs that follow each other without a gap or a goodbye between are kept as one run, first
    and last: a viewer of three hours costs as much as one of ten seconds.
    """

    __slots__ = ("_lefts", "_runs")

    def __init__(self, runs: Iterable[Span] = (), lefts: Iterable[int] = ()) -> None:
        self._runs: list[Span] = sorted(runs)
        self._lefts: list[int] = sorted(lefts)

    def sign(self, at: int) -> None:
        """Note a sign of life."""
        place = bisect_right(self._runs, (at, at))
        first, last, start, stop = at, at, place, place
        if place and self._linked(self._runs[place - 1][1], at):
            start -= 1
            first, last = self._runs[start][0], max(at, self._runs[start][1])
        if place < len(self._runs) and self._linked(last, self._runs[place][0]):
            last = self._runs[place][1]
            stop += 1
        self._runs[start:stop] = [(first, last)]

    def left(self, at: int) -> bool:
        """Note a goodbye; False if it falls inside a run, whose inner signs are not known."""
        place = bisect_left(self._lefts, at)
        if place < len(self._lefts) and self._lefts[place] == at:
            return True
        insort(self._lefts, at)
        return not any(first <= at < last for first, last in self._runs)

    def spans(self) -> list[Span]:
        """List when it was there; may contain empty spans."""
        return [(first, self._end(last)) for first, last in self._runs]

    def _end(self, last: int) -> int:
        place = bisect_left(self._lefts, last)
        end = last + LIFE
        return min(end, self._lefts[place]) if place < len(self._lefts) else end

    def _linked(self, one: int, other: int) -> bool:
        """Say if the sign at `one` holds until the sign at `other`."""
        return other <= self._end(one) and not self._left_between(one, other)

    def _left_between(self, one: int, other: int) -> bool:
        place = bisect_left(self._lefts, one)
        return place < len(self._lefts) and self._lefts[place] < other


def union(spans: Iterable[Span]) -> list[Span]:
    """Merge what overlaps or touches, drop what is empty, in order."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def length(spans: Iterable[Span]) -> int:
    """Add up milliseconds."""
    return sum(end - start for start, end in spans)


def changes(before: list[Span], after: list[Span]) -> dict[int, int]:
    """Return how the number of people present changes, by moment, when spans are replaced."""
    deltas: dict[int, int] = {}
    for spans, sign in ((before, -1), (after, 1)):
        for start, end in spans:
            deltas[start] = deltas.get(start, 0) + sign
            deltas[end] = deltas.get(end, 0) - sign
    return {at: delta for at, delta in deltas.items() if delta}
