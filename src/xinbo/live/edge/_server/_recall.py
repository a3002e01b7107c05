"""What a room on this edge remembers of its chat: the last messages, and which were shown."""

from collections import deque
from collections.abc import Iterable

from xinbo.live.edge._server import _wire

RECENT = 50
"""Chat messages that a newcomer gets."""

KNOWN_IDS = 2000
RECENT_EVERY = 2.0


class Recall:
    """The last chat, and the ids of what was shown: nothing is shown twice."""

    def __init__(self) -> None:
        self.recent: deque[bytes] = deque(maxlen=RECENT)
        self._changed = False
        self._told_at = 0.0
        self._known: dict[str, None] = {}
        self._before: list[bytes] = []
        """The last chat from before a rehearsal."""

    def knows(self, message_id: str) -> bool:
        """Say whether a message was shown already, or must not be."""
        return message_id in self._known

    def know(self, message_id: str) -> None:
        """Take note that a message is dealt with."""
        self._known[message_id] = None
        if len(self._known) > KNOWN_IDS:
            del self._known[next(iter(self._known))]

    def add(self, chat: bytes) -> None:
        """Remember a message for newcomers: it is in a frame now."""
        self.recent.append(chat)
        self._changed = True

    def begin(self, recent: Iterable[bytes]) -> None:
        """Begin with what others remembered."""
        for each in recent:
            self.recent.append(each)
            if message_id := _wire.head_of.decode(each).id:
                self.know(message_id)

    def forget(self, message_id: str) -> None:
        """Leave a message out from now on."""
        self.know(message_id)
        kept = [each for each in self.recent if _wire.head_of.decode(each).id != message_id]
        self._changed |= len(kept) < len(self.recent)
        self.recent = deque(kept, maxlen=RECENT)

    def rehearse(self, *, on: bool) -> None:
        """Put the chat aside for a rehearsal, and take it out again after it."""
        if on:
            self._before = list(self.recent)
        self.recent = deque(() if on else self._before, maxlen=RECENT)
        self._changed = False

    def due(self, now: float) -> bytes | None:
        """Return what newcomers get, where it is to be told to other edges."""
        if not self._changed or now - self._told_at < RECENT_EVERY:
            return None
        self._changed, self._told_at = False, now
        return b"[" + b",".join(self.recent) + b"]"
