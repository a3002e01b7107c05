"""News for the open pages of a live room: that something changed, told to all, staff, or one.

Owns no table. News carries ids and counts, never private text: it goes through the event log,
which is kept. A page that hears it reads what changed by the way it may read it.
"""

from xinbo.live.signals._service import news, tell
from xinbo.live.signals._types import RoomTold

__all__ = ["RoomTold", "news", "tell"]
