"""One socket in a room: what it says, and how it is told to go."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

from xinbo.engines.sockets import CloseCode, Socket
from xinbo.live.edge._rules import Claims, TicketRefused
from xinbo.live.edge._server import _wire
from xinbo.live.edge._server._desk import Seat
from xinbo.live.edge._server._wire import At, Beat, Chat, FromClient, Like, Renew, Seen, message

if TYPE_CHECKING:
    from xinbo.live.edge._server._room import Room
    from xinbo.live.edge._server._viewer import Viewer

MOST_MALFORMED = 3
MOST_IGNORED = 200
"""Frames over the limit that are ignored before the socket is closed."""

MOST_LIKES = 20

type Reason = Literal["slow", "expired", "ended", "limit", "restart", "kicked"]

CODES = {
    "slow": CloseCode.LATER,
    "expired": CloseCode.POLICY,
    "ended": CloseCode.OK,
    "limit": CloseCode.POLICY,
    "restart": CloseCode.RESTART,
    "kicked": CloseCode.POLICY,
}


class Visit:
    """A viewer's socket, from the handshake to the end."""

    __slots__ = ("_ignored", "_malformed", "claims", "page", "room", "socket", "until", "viewer")

    socket: Socket

    def __init__(self, room: "Room", claims: Claims) -> None:
        self.room = room
        self.claims = claims
        self.until: float = claims.until
        self.viewer: Viewer | None = None
        """None before the room took the visit in, and after it ended."""
        self.page = ""
        """The page a member of the staff looks at, as their browser says."""
        self._malformed = 0
        self._ignored = 0

    def opened(self, socket: Socket) -> None:
        """Come in, unless there is no room."""
        self.socket = socket
        if self.room.talk.kicked(self.claims.viewer_id):
            self.bye("kicked")
        elif not self.room.enter(self):
            self.bye("limit")

    @property
    def seat(self) -> Seat:
        """Where a member of the staff sits, for colleagues."""
        claims = self.claims
        return Seat(
            name=claims.staff,
            role=claims.seat or claims.role.value,
            page=self.page,
            user_id=str(claims.viewer_id),
        )

    def closed(self) -> None:
        """Leave."""
        self.room.leave(self)

    def bye(self, reason: Reason) -> None:
        """Say why, and close; the room is left at once."""
        self.tell(message("bye", reason=reason))
        self.socket.close(CODES[reason], reason)
        self.room.leave(self)

    def tell(self, *parts: bytes) -> None:
        """Send messages to this socket alone."""
        self.socket.send(self.room.frame(parts))

    def heard(self, data: bytes) -> None:
        """Take what the viewer says, within fair limits."""
        viewer, now = self.viewer, self.room.clock()
        if viewer is None:
            return
        if not viewer.anything.take(now):
            self._ignored += 1
            if self._ignored > MOST_IGNORED:
                self.bye("limit")
            return
        try:
            said = _wire.client_message.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._malformed += 1
            self._refuse("frame", "Malformed", {})
            if self._malformed >= MOST_MALFORMED:
                self.bye("limit")
            return
        self.room.alive(viewer, now)
        self._take(viewer, said, now)

    def _take(self, viewer: "Viewer", said: FromClient, now: float) -> None:
        match said:
            case Chat():
                self.room.talk.take(self, viewer, said, now)
            case Like():
                self._like(viewer, said, now)
            case Beat():
                self._beat(viewer, said, now)
            case Seen():
                self._seen(viewer, said, now)
            case Renew():
                self._renew(said)
            case At():
                self.page = said.page

    def _like(self, viewer: "Viewer", said: Like, now: float) -> None:
        if said.n > 0 and viewer.like.take(now):
            self.room.like(viewer, min(said.n, MOST_LIKES))

    def _beat(self, viewer: "Viewer", said: Beat, now: float) -> None:
        seconds = viewer.watch(now, watching=said.watching)
        self.room.did(viewer, "room.heartbeat", seconds, playing=said.playing)

    def _seen(self, viewer: "Viewer", said: Seen, now: float) -> None:
        if viewer.seen.take(now):
            self.room.did(viewer, said.type, said.value, productId=said.product_id)

    def _renew(self, said: Renew) -> None:
        """Take a newer ticket; a guest who signed in goes on as the shopper."""
        try:
            claims = self.room.read(said.ticket)
        except TicketRefused as refusal:
            self._refuse("ticket", refusal.code(), refusal.facts)
            return
        if claims.viewer_id != self.claims.viewer_id or claims.role != self.claims.role:
            self.room.leave(self)
            self.claims, self.until = claims, claims.until
            if not self.room.enter(self):
                self.bye("limit")
            return
        self.claims, self.until = claims, claims.until

    def _refuse(self, of: str, kind: str, facts: Mapping[str, object]) -> None:
        self.tell(message("refused", of=of, type=kind, **facts))
