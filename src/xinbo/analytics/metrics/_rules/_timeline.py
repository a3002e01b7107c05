"""How many people were in a room at every instant of its life, kept up to date. Milliseconds."""

from bisect import bisect_left, insort
from itertools import accumulate

from xinbo.analytics.metrics._rules._presence import Span, changes, length

STEP = 10_000
"""Width of a bucket, and of a point on the chart."""


class Bucket:
    """The comings and goings of ten seconds."""

    __slots__ = ("_high", "_sum", "deltas")

    def __init__(self) -> None:
        self.deltas: dict[int, int] = {}
        self._sum: int | None = None
        self._high = 0

    def add(self, at: int, delta: int) -> None:
        """Change the number of people by `delta` from `at` on."""
        total = self.deltas.get(at, 0) + delta
        if total:
            self.deltas[at] = total
        else:
            del self.deltas[at]
        self._sum = None

    def read(self) -> tuple[int, int]:
        """Return the change over the bucket, and the most that it rises on the way."""
        if self._sum is None:
            self._sum = sum(self.deltas.values())
            self._high = _rise(self.deltas)
        return self._sum, self._high


class Timeline:
    """C(t), the distinct viewers at `t`, as a sweep over all comings and goings.

    Buckets remember their sum and their highest rise, so a change is paid for once and the peak
    of a three-hour show costs a thousand additions.
    """

    def __init__(self) -> None:
        self._buckets: dict[int, Bucket] = {}
        self._order: list[int] = []
        self._held = 0

    def replace(self, before: list[Span], after: list[Span]) -> None:
        """Put one viewer's spans, disjoint and in order, in the place of those they had."""
        for at, delta in changes(before, after).items():
            self._bucket(at // STEP).add(at, delta)
        self._held += length(after) - length(before)

    def online(self, now: int) -> int:
        """Count who is there at `now`: whoever still has to leave, less who has yet to come."""
        return -sum(delta for _, delta in self._after(now))

    def watched(self, now: int) -> int:
        """Add up everyone's time in the room until `now`: W, the integral of C."""
        return self._held + sum(delta * (at - now) for at, delta in self._after(now))

    def peak(self, now: int) -> int:
        """Return the most viewers at one instant until `now`."""
        return max((most for _, most in self.peaks(now)), default=0)

    def peaks(self, now: int) -> list[tuple[int, int]]:
        """Return, for each bucket in which someone came or went, its number and its most.

        A bucket that is left out has as many throughout as the one before it had at its end.
        """
        peaks: list[tuple[int, int]] = []
        present, last = 0, now // STEP
        for number in self._order:
            if number >= last:
                if number == last:
                    deltas = self._buckets[number].deltas
                    past = {at: delta for at, delta in deltas.items() if at <= now}
                    peaks.append((number, present + _rise(past)))
                break
            total, rise = self._buckets[number].read()
            peaks.append((number, present + rise))
            present += total
        return peaks

    def points(self, first: int, last: int, now: int) -> list[int]:
        """Return the most viewers in each of the buckets from `first` to `last`, both included."""
        points: list[int] = []
        busy = dict(self.peaks(now))
        present = sum(self._buckets[number].read()[0] for number in self._order if number < first)
        for number in range(first, last + 1):
            points.append(busy.get(number, present))
            if number in self._buckets:
                present += self._buckets[number].read()[0]
        return points

    def first(self) -> int | None:
        """Return the number of the first bucket in which anything happened."""
        return self._order[0] if self._order else None

    def _bucket(self, number: int) -> Bucket:
        bucket = self._buckets.get(number)
        if bucket is None:
            bucket = self._buckets[number] = Bucket()
            insort(self._order, number)
        return bucket

    def _after(self, now: int) -> list[tuple[int, int]]:
        ahead = self._order[bisect_left(self._order, now // STEP) :]
        return [
            (at, delta)
            for number in ahead
            for at, delta in self._buckets[number].deltas.items()
            if at > now
        ]


def _rise(deltas: dict[int, int]) -> int:
    """Return the highest sum reached on the way, at least 0: what it starts from."""
    return max(accumulate((deltas[at] for at in sorted(deltas)), initial=0))
