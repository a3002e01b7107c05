"""What viewers and staff say during a show: what may be said, what it is, what becomes of it.

Owns `chat_message`, `chat_word`, `chat_rule`, `chat_sanction` and `chat_appeal`. A message goes
from its author through `say` to the bus and from there to every screen; PostgreSQL is never on
this path. What was said is archived from the stream SAID, whatever became of it, and the text is
nowhere else. Nobody is silenced in secret: the author is told what was done, why, and may appeal.
"""

from xinbo.live.chat._rules import (
    Action,
    Listed,
    MessageKind,
    MessageRefused,
    SaidState,
    Words,
    classify,
    compiled,
    screen,
)
from xinbo.live.chat._speech import Author, message, say, wire
from xinbo.live.chat._types import (
    Message,
    Muted,
    PostMessage,
    RoomRules,
    RulesChanged,
    Said,
    Speaker,
)

__all__ = [
    "Action",
    "Author",
    "Listed",
    "Message",
    "MessageKind",
    "MessageRefused",
    "Muted",
    "PostMessage",
    "RoomRules",
    "RulesChanged",
    "Said",
    "SaidState",
    "Speaker",
    "Words",
    "classify",
    "compiled",
    "message",
    "say",
    "screen",
    "wire",
]
