"""Identifiers: UUIDv7, so that rows sort by the moment they were made (RFC 9562, 5.7)."""

import os
import time
from uuid import UUID

NIL = UUID(int=0)


def new_id() -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value &= ~(0xF000 << 64) & ~(0xC000 << 48)
    return UUID(int=value | 0x7000 << 64 | 0x8000 << 48)
