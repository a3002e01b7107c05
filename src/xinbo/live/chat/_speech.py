"""Turn what someone wants to say into a message, and a message into what goes over the wire."""

from datetime import datetime
from uuid import UUID

import msgspec

from xinbo.live.chat._rules import (
    MessageKind,
    MessageRefused,
    SaidState,
    WordAction,
    Words,
    classify,
    screen,
)
from xinbo.live.chat._types import Message, PostMessage, Said, Speaker

NO_WORDS = Words(())


class Author(msgspec.Struct, frozen=True):
    """Who speaks."""

    show_id: UUID
    viewer_id: UUID
    by: str
    """Short stable mark; not the account's id."""
    name: str
    role: Speaker
    level: str | None = None
    buyer: bool = False
    simulated: bool = False


def say(
    author: Author,
    command: PostMessage,
    *,
    now: datetime,
    words: Words = NO_WORDS,
    hold_all: bool = False,
) -> Said:
    """Make the message, and say what becomes of it. Raises `MessageRefused` if nothing is left.

    Shoppers may not post addresses of other sites: that is how they are lured away to pay there.
    The staff's own words are not looked up: they may have to name what is not allowed.
    """
    shopper = author.role is Speaker.SHOPPER
    state, why = SaidState.SHOWN, None
    try:
        text = screen(command.text, links=not shopper)
    except MessageRefused as refusal:
        if refusal.facts["reason"] != "link":
            raise
        text, state, why = screen(command.text, links=True), SaidState.REFUSED, "link"
    found = words.find(text) if shopper and why is None else None
    if found is WordAction.REFUSE:
        state, why = SaidState.REFUSED, "word"
    elif found is WordAction.HOLD:
        state, why = SaidState.HELD, "word"
    elif shopper and hold_all and why is None:
        state, why = SaidState.HELD, "review"
    return Said(
        id=command.id,
        show_id=author.show_id,
        viewer_id=author.viewer_id,
        by=author.by,
        name=author.name,
        role=author.role,
        text=text,
        kind=classify(text) if shopper else MessageKind.CHAT,
        state=state,
        why=why,
        level=author.level,
        buyer=author.buyer,
        at=now,
        simulated=author.simulated,
    )


def wire(said: object) -> bytes:
    """Encode a message once, for thousands of screens: `{"t":"chat",…}`.

    Of a `Said`, or of the row of the archive.
    """
    return b'{"t":"chat",' + msgspec.json.encode(message(said))[1:]


def message(said: object) -> Message:
    """Leave out what is not for every screen; of a `Said`, or of the archive's row."""
    return Message.of(said)
