"""The timeline of a show: everything that was done in it, by whom and when, as it happened.

Owns no table: it reads the event log by the show's id. Whatever a room records about a show is on
it, so nothing has to be told to this room and nothing can be taken off.
"""

from xinbo.live.timeline._service import page_of
from xinbo.live.timeline._types import Moment

__all__ = ["Moment", "page_of"]
