"""A show's likes: a counter that grows on many edges at once and never runs backwards.

Each edge counts its own under a name of its own and tells the others all it knows; of two values
under one name the larger is right, so messages may be lost, doubled or late. The last thing told
is kept on the bus: an edge that starts finds there what those before it had counted. Viewers see
a number only once it came back from the bus, so what they saw survives the edge's death.
"""

import msgspec

BEFORE = "before"
"""The name under which stands what analytics had counted when the bus had kept nothing."""

ECHO_WITHIN = 2.0
"""Seconds without the bus after which viewers see their likes all the same."""

AGAIN_EVERY = 10.0
"""Seconds after which all is told again, for an edge that missed it."""

counts_of = msgspec.json.Decoder(dict[str, int])


class Likes:
    """What this edge knows of a show's likes."""

    def __init__(self, edge: str) -> None:
        self._edge = edge
        self._known: dict[str, int] = {}
        self._kept: dict[str, int] = {}
        self._told: dict[str, int] = {}
        self._told_at = float("-inf")
        self.shown = 0
        """The total that viewers see."""

    def add(self, n: int) -> None:
        """Count likes given here."""
        self._known[self._edge] = self._known.get(self._edge, 0) + n

    def start_at(self, n: int) -> None:
        """Begin with what was counted before anything was kept."""
        self._known[BEFORE] = max(n, self._known.get(BEFORE, 0))
        self._show(n)

    def hear(self, data: bytes) -> bool:
        """Take in what an edge told, this one included; say whether viewers see a new total."""
        self._kept = counts_of.decode(data)
        for name, n in self._kept.items():
            self._known[name] = max(n, self._known.get(name, 0))
        return self._show(sum(self._kept.values()))

    def due(self, now: float) -> bytes | None:
        """Return what has to be told now: what is new, and all of it once in a while."""
        pause = AGAIN_EVERY if self._known == self._kept else ECHO_WITHIN
        if not self._known or (self._known == self._told and now - self._told_at < pause):
            return None
        self._told, self._told_at = dict(self._known), now
        return msgspec.json.encode(self._told)

    def overdue(self, now: float) -> bool:
        """Show what the bus does not send back; say whether viewers see a new total.

        Asked before `due`, which tells again.
        """
        late = self._told != self._kept and now - self._told_at >= ECHO_WITHIN
        return late and self._show(sum(self._told.values()))

    def _show(self, total: int) -> bool:
        if total <= self.shown:
            return False
        self.shown = total
        return True
