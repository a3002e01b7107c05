"""Turn what someone wants to say into a message, and a message into what goes over the wire."""

from datetime import datetime

import msgspec

from xinbo.live.chat._rules import screen
from xinbo.live.chat._types import Message, PostMessage, Speaker


class Author(msgspec.Struct, frozen=True):
    """Who speaks."""

    by: str
    """Short stable mark; not the account's id."""
    name: str
    role: Speaker
    simulated: bool = False


def say(
    author: Author, command: PostMessage, *, now: datetime, words: frozenset[str] = frozenset()
) -> Message:
    """Make the message that every screen will show. Raises `MessageRefused`.

    Shoppers may not post addresses of other sites: that is how they are lured away to pay there.
    """
    links = author.role is not Speaker.SHOPPER
    return Message(
        id=command.id,
        by=author.by,
        name=author.name,
        role=author.role,
        text=screen(command.text, words, links=links),
        at=now,
        simulated=author.simulated,
    )


def wire(message: Message) -> bytes:
    """Encode a message once, for thousands of screens: `{"t":"chat",…}`."""
    return b'{"t":"chat",' + msgspec.json.encode(message)[1:]
