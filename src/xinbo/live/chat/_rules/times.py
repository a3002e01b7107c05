"""Programme time: where in a recording something was said, however often the picture broke off."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol


class Stretch(Protocol):
    """A part of a recording without a break."""

    @property
    def from_ms(self) -> int:
        """Programme time of its beginning."""
        ...

    @property
    def at(self) -> datetime:
        """Wall clock of its beginning."""
        ...

    @property
    def length_ms(self) -> int:
        """How long it is."""
        ...


def programme_ms(stretches: Sequence[Stretch], at: datetime) -> int:
    """Return the place in the recording of a moment on the clock.

    A moment in a gap is at the seam: the end of what was recorded before it. Before everything is
    0, after everything the end. Stretches are in programme order; where two overlap on the clock,
    as when a second source takes over, the earlier one counts.
    """
    place = 0
    for each in stretches:
        into = (at - each.at) // timedelta(milliseconds=1)
        if into < 0:
            break
        place = each.from_ms + min(into, each.length_ms)
        if into < each.length_ms:
            break
    return place


def wall_clock(stretches: Sequence[Stretch], ms: int) -> datetime | None:
    """Return the moment on the clock that a place in the recording is of.

    A seam is the beginning of what follows it; beyond the end the clock runs on. None where
    nothing was recorded.
    """
    found: Stretch | None = None
    for each in stretches:
        if found is not None and ms < each.from_ms:
            break
        found = each
    return None if found is None else found.at + timedelta(milliseconds=max(0, ms - found.from_ms))
