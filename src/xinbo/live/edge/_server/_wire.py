"""What clients say, and how frames are put together: bytes are joined, never decoded again."""

from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

LARGEST = 2048
"""Bytes of a frame from a client."""


class Said(msgspec.Struct, frozen=True, rename="camel", tag_field="t"):
    """Base of what clients say: one JSON object a frame."""


class Chat(Said, frozen=True, tag="chat"):
    """Say something to everyone."""

    id: UUID
    text: str


class Like(Said, frozen=True, tag="like"):
    """Tap the heart so many times."""

    n: int


class Beat(Said, frozen=True, tag="beat"):
    """Still here; each ten seconds."""

    watching: bool
    playing: bool = False
    position_ms: float = 0


class Seen(Said, frozen=True, tag="ev"):
    """Something the viewer did on the page."""

    type: Literal[
        "product.exposed", "product.clicked", "page.viewed", "cart.added", "checkout.begun"
    ]
    product_id: UUID | None = None
    value: float | None = None


class Renew(Said, frozen=True, tag="ticket"):
    """A newer ticket for the same room."""

    ticket: str


class At(Said, frozen=True, tag="at"):
    """Which page a member of the staff looks at."""

    page: Annotated[str, Meta(max_length=40)]


type FromClient = Chat | Like | Beat | Seen | Renew | At

client_message: msgspec.json.Decoder[FromClient] = msgspec.json.Decoder(
    Chat | Like | Beat | Seen | Renew | At
)


class Head(msgspec.Struct, frozen=True):
    """What the edge has to know of a message that it passes on."""

    t: str
    id: str | None = None
    seq: int | None = None
    by: str | None = None


head_of = msgspec.json.Decoder(Head)
several = msgspec.json.Decoder(list[msgspec.Raw])


def message(t: str, **fields: object) -> bytes:
    """Encode a server message."""
    return msgspec.json.encode({"t": t, **fields})


def messages(data: bytes) -> Iterable[bytes]:
    """Take apart what came over the bus: one JSON object, or an array of them."""
    if data.lstrip()[:1] == b"[":
        return [bytes(each) for each in several.decode(data)]
    return [data]


def frame(number: int, at_ms: int, parts: Iterable[bytes]) -> bytes:
    """Put encoded messages into one frame: `{"f":n,"at":serverMs,"m":[…]}`."""
    return b'{"f":%d,"at":%d,"m":[%b]}' % (number, at_ms, b",".join(parts))
