"""What the facts of the other rooms mean for the sockets: encoded stages pass through as bytes."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

import msgspec

from xinbo.live.edge._server._room import Room
from xinbo.live.edge._server._wire import message

SUBJECTS = (
    "stage.changed",
    "broadcasts.video_changed",
    "orders.paid",
    "shows.started",
    "shows.ended",
    "rooms.told",
    "chat.rules_changed",
    "chat.released",
    "chat.removed",
)

KNOWN_FACTS = 5000


class Payload(msgspec.Struct, frozen=True, rename="camel"):
    """The fields of all these facts that an edge needs."""

    show_id: UUID | None
    stage: msgspec.Raw = msgspec.Raw()
    state: str = "offline"
    playback_path: str | None = None
    shopper_id: UUID | None = None
    product_ids: list[UUID] = []
    simulated: bool = False
    to: str = ""
    message_id: UUID | None = None
    message: msgspec.Raw = msgspec.Raw()


class Heard(msgspec.Struct, frozen=True, rename="camel"):
    """A fact as it travels."""

    id: str
    type: str
    payload: Payload
    merchant_id: UUID | None = None


class ShowOf(msgspec.Struct, frozen=True):
    """What a stage says of its show."""

    status: str = ""


class Sequence(msgspec.Struct, frozen=True, rename="camel"):
    """The number of a stage, its slow mode, and whether the show is only rehearsed."""

    seq: int
    slow_seconds: int = 0
    show: ShowOf = ShowOf()


class Asks(Protocol):
    """How to learn what facts only point at: they carry no text of anyone."""

    def rules(self, show_id: UUID | None, merchant_id: UUID | None) -> None:
        """Ask for the rules of a room again; of all rooms of a merchant without a show."""
        ...

    def message(self, room: Room, message_id: UUID) -> None:
        """Ask for a message that is shown now, and show it."""
        ...


fact_of = msgspec.json.Decoder(Heard)
sequence_of = msgspec.json.Decoder(Sequence)


class Facts:
    """Turns facts into what a room's viewers see. A fact that comes twice counts once."""

    def __init__(
        self,
        find: Callable[[UUID], Room | None],
        media_url: str,
        clock: Callable[[], float],
        asks: Asks,
    ) -> None:
        self._find = find
        self._asks = asks
        self._media_url = media_url
        self._clock = clock
        self._known: dict[str, None] = {}

    def hear(self, data: bytes) -> None:
        """Take a fact in."""
        fact = fact_of.decode(data)
        payload = fact.payload
        if fact.type == "chat.rules_changed":
            self._asks.rules(payload.show_id, fact.merchant_id)
            return
        room = self._find(payload.show_id) if payload.show_id else None
        if room is None or fact.id in self._known:
            return
        self._known[fact.id] = None
        if len(self._known) > KNOWN_FACTS:
            del self._known[next(iter(self._known))]
        match fact.type:
            case "stage.changed":
                stage = bytes(payload.stage)
                whole = b'{"t":"stage",' + stage.lstrip()[1:]
                known = sequence_of.decode(stage)
                if room.stage(known.seq, whole, rehearsal=known.show.status == "rehearsal"):
                    room.talk.slow_seconds = known.slow_seconds
            case "broadcasts.video_changed":
                room.frames.add("video", self._video(payload))
            case "orders.paid" if payload.shopper_id:
                room.paid(payload.shopper_id, payload.product_ids, simulated=payload.simulated)
            case "rooms.told":
                room.told(payload.to, bytes(payload.message))
            case "shows.started" | "shows.ended":
                status = fact.type.removeprefix("shows.")
                room.status("live" if status == "started" else status, self._clock())
            case _:
                self._chat(room, fact)

    def _chat(self, room: Room, fact: Heard) -> None:
        message_id = fact.payload.message_id
        if fact.type == "chat.released" and message_id:
            self._asks.message(room, message_id)
        elif fact.type == "chat.removed" and message_id:
            room.remove(str(message_id))

    def _video(self, payload: Payload) -> bytes:
        path = payload.playback_path
        url = None if path is None else self._media_url + path
        return message("video", state=payload.state, playbackPath=path, playbackUrl=url)
