"""What viewers and staff say during a show: what may be said, and how it looks on every screen.

Owns no table: a message goes from its author through `say` to the bus and from there to every
screen; analytics keeps that it was said. PostgreSQL is never on this path.
"""

from xinbo.live.chat._rules import MessageRefused, screen
from xinbo.live.chat._service import Author, say, wire
from xinbo.live.chat._types import Message, PostMessage, Speaker

__all__ = [
    "Author",
    "Message",
    "MessageRefused",
    "PostMessage",
    "Speaker",
    "say",
    "screen",
    "wire",
]
