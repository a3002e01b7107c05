"""Who is in a room, over all edges: each viewer once.

Edges tell each other 64-bit marks, never names or ids: changes each second, everything each ten
seconds, and everything when another edge asks. An edge that falls silent no longer counts, so one
that was killed is forgotten. All of it may be lost or doubled without lasting harm.
"""

from array import array

import msgspec

DELTA_EVERY = 1.0
FULL_EVERY = 10.0
SILENT_AFTER = 25.0
ASK_EVERY = 2.0
MOST_A_MESSAGE = 100_000
"""Marks in one message: NATS takes a megabyte."""


class Roll(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """What one edge tells the others. Marks are little-endian, 8 bytes each."""

    edge: int
    kind: str
    """`delta`, `full`, `part` (of a full one that goes on), `ask`, `gone`."""
    seq: int = 0
    came: bytes = b""
    went: bytes = b""


roll_of = msgspec.msgpack.Decoder(Roll)


class Other(msgspec.Struct):
    """What is known of another edge."""

    marks: set[int]
    seq: int
    heard_at: float
    parts: set[int]


class Presence:
    """The union of what this edge sees and what the others tell."""

    def __init__(self, edge: int) -> None:
        self.edge = edge
        self.own: set[int] = set()
        self.others: dict[int, Other] = {}
        self._came: set[int] = set()
        self._went: set[int] = set()
        self._seq = 0
        self._delta_at = 0.0
        self._full_at = -FULL_EVERY
        self._ask_at = -ASK_EVERY
        self._ask = True  # whoever starts knows nothing of the others
        self._changed = True
        self._count = (0, 0)

    def arrive(self, mark: int) -> None:
        """Count a viewer of this edge."""
        self.own.add(mark)
        self._came.add(mark)
        self._went.discard(mark)
        self._changed = True

    def depart(self, mark: int) -> None:
        """Count the viewer here no more."""
        self.own.discard(mark)
        self._went.add(mark)
        self._came.discard(mark)
        self._changed = True

    def resync(self) -> None:
        """Tell everything and ask for everything: messages were missed."""
        self._ask = True
        self._full_at = self._ask_at = float("-inf")

    def hear(self, data: bytes, now: float) -> None:
        """Take in what another edge told."""
        roll = roll_of.decode(data)
        if roll.edge == self.edge:
            return
        if roll.kind == "ask":
            self._full_at = float("-inf")
            return
        self._changed = True
        if roll.kind == "gone":
            self.others.pop(roll.edge, None)
            return
        other = self.others.setdefault(roll.edge, Other(set(), -1, now, set()))
        other.heard_at = now
        if roll.kind == "delta":
            if roll.seq != other.seq + 1:
                self._ask = True
            other.marks |= unpacked(roll.came)
            other.marks -= unpacked(roll.went)
        else:
            other.parts |= unpacked(roll.came)
            if roll.kind == "full":
                other.marks, other.parts = other.parts, set()
        other.seq = roll.seq

    def due(self, now: float) -> list[bytes]:
        """Return what has to be told now."""
        told: list[Roll] = []
        if now - self._full_at >= FULL_EVERY:
            marks = sorted(self.own)
            self._seq += 1
            starts = range(0, max(len(marks), 1), MOST_A_MESSAGE)
            for start in starts:
                kind = "full" if start == starts[-1] else "part"
                part = packed(marks[start : start + MOST_A_MESSAGE])
                told.append(Roll(self.edge, kind, self._seq, part))
            self._full_at = self._delta_at = now
            self._came, self._went = set(), set()
        elif (self._came or self._went) and now - self._delta_at >= DELTA_EVERY:
            self._seq += 1
            came, went = packed(self._came), packed(self._went)
            told.append(Roll(self.edge, "delta", self._seq, came, went))
            self._delta_at = now
            self._came, self._went = set(), set()
        if self._ask and now - self._ask_at >= ASK_EVERY:
            told.append(Roll(self.edge, "ask"))
            self._ask, self._ask_at = False, now
        return [msgspec.msgpack.encode(roll) for roll in told]

    def gone(self) -> bytes:
        """Return the last word of an edge that stops."""
        return msgspec.msgpack.encode(Roll(self.edge, "gone"))

    def count(self, now: float) -> tuple[int, int]:
        """Return how many are there now, and how many of them are simulated."""
        silent = [e for e, other in self.others.items() if now - other.heard_at > SILENT_AFTER]
        for edge in silent:
            del self.others[edge]
        if self._changed or silent:
            union = self.own.union(*(other.marks for other in self.others.values()))
            self._count = len(union), sum(mark & 1 for mark in union)
            self._changed = False
        return self._count


def packed(marks: "set[int] | list[int]") -> bytes:
    """Write marks as 8 bytes each."""
    return array("Q", marks).tobytes()


def unpacked(data: bytes) -> set[int]:
    """Read marks."""
    marks = array("Q")
    marks.frombytes(data)
    return set(marks)
