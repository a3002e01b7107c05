"""Structs of the timeline room."""

from datetime import datetime
from typing import Any
from uuid import UUID

from xinbo.kit.wire import View


class Moment(View, frozen=True):
    """One thing that happened in a show."""

    id: UUID
    at: datetime
    kind: str
    """The name of the fact: `shows.cue_started`."""
    by: str | None
    """Name of the colleague who did it; null: a shopper, or the system."""
    role: str | None
    """In what capacity it was done."""
    facts: dict[str, Any]
    """What is told of it, as in the event log."""
