"""What may be said and what it is, as pure functions: no I/O, no clock, no database."""

from xinbo.live.chat._rules.kinds import MessageKind, SaidState, WordAction
from xinbo.live.chat._rules.screen import MessageRefused, screen
from xinbo.live.chat._rules.sense import classify
from xinbo.live.chat._rules.words import Listed, Words, compiled, readable

__all__ = [
    "Listed",
    "MessageKind",
    "MessageRefused",
    "SaidState",
    "WordAction",
    "Words",
    "classify",
    "compiled",
    "readable",
    "screen",
]
