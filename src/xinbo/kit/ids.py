"""Identifiers: UUIDv7, so that rows sort by the moment they were made (RFC 9562, 5.7)."""

import os
import time
from uuid import UUID

NIL = UUID(int=0)

_FINE = 4096
"""Ticks a millisecond: RFC 9562, 6.2, method 3 puts them where random bits would stand."""


class _Clock:
    """Ticks that never come twice: of two ids that a process makes, the later is greater."""

    def __init__(self) -> None:
        self._last = 0

    def tick(self) -> int:
        now = time.time_ns() * _FINE // 1_000_000
        self._last = max(now, self._last + 1)
        return self._last


_clock = _Clock()


def new_id() -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, 12 of their fraction, 62 random."""
    ticks = _clock.tick()
    chance = int.from_bytes(os.urandom(8)) >> 2
    return UUID(
        int=(ticks // _FINE) << 80 | 0x7 << 76 | (ticks % _FINE) << 64 | 0b10 << 62 | chance
    )
