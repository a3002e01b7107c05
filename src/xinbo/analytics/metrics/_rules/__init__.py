"""Presence as pure functions of events: no I/O, no clock, nothing to mock."""

from xinbo.analytics.metrics._rules._presence import LIFE, Socket, Span, union
from xinbo.analytics.metrics._rules._timeline import STEP, Timeline

__all__ = ["LIFE", "STEP", "Socket", "Span", "Timeline", "union"]
