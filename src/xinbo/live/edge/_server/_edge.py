"""The process: it accepts sockets, keeps rooms, and listens to the bus for them."""

import asyncio
import contextlib
import logging
import resource
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from typing import override
from uuid import UUID

import msgspec

from xinbo.engines import bus as buses
from xinbo.engines import sockets
from xinbo.engines.bus import Bus
from xinbo.engines.settings import Settings
from xinbo.engines.sockets import Answer, Request, Socket
from xinbo.engines.supervisor import listener, say_ready
from xinbo.live.chat import AskMessage, AskRules, RoomRules
from xinbo.live.edge._rules import Claims, TicketRefused, counted, origin_allowed, read
from xinbo.live.edge._server import _wire
from xinbo.live.edge._server._facts import SUBJECTS, Facts
from xinbo.live.edge._server._outbox import Outbox
from xinbo.live.edge._server._room import Room
from xinbo.live.edge._server._visit import Visit

MOST_PER_ADDRESS = 200
"""Sockets of one public network address."""

TICK = 0.2
IDLE_ROOM = 60.0
"""Seconds without a socket after which a room is forgotten here."""

PAST_WITHIN = 1.0
"""Seconds to find out what happened before; then the room begins without."""

KEPT = "ROOMS"
"""The stream that keeps the last likes and the last chat of each room."""

KEPT_FOR = 2 * 86_400.0
FINISH_WITHIN = 3.0
RULES_EVERY = 60.0
"""Seconds after which a room's rules are asked for again, should news of a change be missed."""

RULES_AGAIN = 1.0
FETCH_TRIES = 20

log = logging.getLogger("xinbo.edge")


class Counted(msgspec.Struct, frozen=True):
    """What analytics answers."""

    likes: int


counted_of = msgspec.json.Decoder(Counted)
rules_of = msgspec.json.Decoder(RoomRules)


class Tab(Visit):
    """A visit that is counted for its network address."""

    __slots__ = ("_addresses", "_counted")

    def __init__(self, room: Room, claims: Claims, addresses: Counter[str]) -> None:
        super().__init__(room, claims)
        self._addresses = addresses
        self._counted = ""

    @override
    def opened(self, socket: Socket) -> None:
        self.socket = socket
        if counted(socket.address):
            self._counted = socket.address
            self._addresses[socket.address] += 1
            if self._addresses[socket.address] > MOST_PER_ADDRESS:
                self.bye("limit")
                return
        super().opened(socket)

    @override
    def closed(self) -> None:
        super().closed()
        if self._counted:
            self._addresses[self._counted] -= 1
            if not self._addresses[self._counted]:
                del self._addresses[self._counted]


class Place:
    """A room, and what runs for it."""

    def __init__(self, room: Room, merchant_id: UUID) -> None:
        self.room = room
        self.merchant_id = merchant_id
        self.rules_wanted = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []
        self.stop: Callable[[], Awaitable[None]] | None = None


class Edge:
    """All rooms of this process."""

    def __init__(
        self, bus: Bus, key: bytes, *, origins: frozenset[str] = frozenset(), media_url: str = ""
    ) -> None:
        self._bus = bus
        self._key = key
        self._origins = origins
        self._id = secrets.randbits(63)
        self._outbox = Outbox(bus)
        self._places: dict[UUID, Place] = {}
        self._addresses: Counter[str] = Counter()
        self._facts = Facts(self._room, media_url, time.monotonic, self)
        self._fetching: set[asyncio.Task[None]] = set()
        self._reconnects = 0

    def accept(self, request: Request) -> Visit | Answer:
        """Answer a request: a visit to a room, or a refusal."""
        if request.path == "/healthz":
            return Answer(HTTPStatus.OK, b"ok\n")
        if request.path != "/room":
            return Answer(HTTPStatus.NOT_FOUND, b"RouteNotFound\n")
        headers = request.headers
        if not origin_allowed(headers.get("origin"), headers.get("host"), self._origins):
            return Answer(HTTPStatus.FORBIDDEN, b"OriginRefused\n")
        try:
            claims = read(request.query.get("ticket", ""), self._key, time.time())
        except TicketRefused as refusal:
            return Answer(HTTPStatus.FORBIDDEN, f"TicketRefused {refusal}\n".encode())
        return Tab(self._open(claims.show_id, claims.merchant_id), claims, self._addresses)

    async def work(self) -> None:
        """Serve the rooms until cancelled."""
        for name in SUBJECTS:
            await self._bus.subscribe(f"facts.*.{name}", self._hear_fact)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._outbox.work())
            group.create_task(self._open_streams())
            while True:
                await asyncio.sleep(TICK)
                await self._tick()

    async def farewell(self) -> None:
        """Send everyone away, to come back elsewhere, and leave the bus tidy."""
        for place in self._places.values():
            place.room.everyone_out("restart")
            self._outbox.publish(f"room.{place.room.id}.presence", place.room.presence.gone())
            for task in place.tasks:
                task.cancel()
        await self._outbox.finish()

    def _room(self, show_id: UUID) -> Room | None:
        place = self._places.get(show_id)
        return place.room if place else None

    def rules(self, show_id: UUID | None, merchant_id: UUID | None) -> None:
        """Ask for the rules of a room again; of all rooms of a merchant without a show."""
        for place in self._places.values():
            if show_id == place.room.id or (show_id is None and merchant_id == place.merchant_id):
                place.rules_wanted.set()

    def message(self, room: Room, message_id: UUID) -> None:
        """Ask for a message that is shown now, and show it."""
        task = asyncio.create_task(self._fetch(room, message_id))
        self._fetching.add(task)
        task.add_done_callback(self._fetching.discard)

    async def _fetch(self, room: Room, message_id: UUID) -> None:
        place = self._places.get(room.id)
        if place is None:
            return
        ask = AskMessage(merchant_id=place.merchant_id, show_id=room.id, message_id=message_id)
        for _ in range(FETCH_TRIES):
            try:
                found = await self._bus.ask("chat.message", msgspec.json.encode(ask))
            except Exception as away:  # noqa: BLE001 any of the bus's many ways to be away
                log.warning("a released message waits: %r", away)
                await asyncio.sleep(RULES_AGAIN)
                continue
            if found:
                room.show_chat(found)
            return

    async def _keep_rules(self, place: Place) -> None:
        """Have the rules that the room goes by, for ever: at a change at once, else each minute."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RULES_EVERY):
                    await place.rules_wanted.wait()
            place.rules_wanted.clear()
            if not await self._learn_rules(place):
                await asyncio.sleep(RULES_AGAIN)
                place.rules_wanted.set()

    async def _learn_rules(self, place: Place) -> bool:
        ask = AskRules(merchant_id=place.merchant_id, show_id=place.room.id)
        try:
            answer = await self._bus.ask("chat.rules", msgspec.json.encode(ask))
            place.room.talk.obey(rules_of.decode(answer))
        except Exception as away:  # noqa: BLE001 any of the bus's many ways to be away
            log.debug("the rules of room %s wait: %r", place.room.id, away)
            return False
        return True

    def _open(self, show_id: UUID, merchant_id: UUID) -> Room:
        if found := self._room(show_id):
            return found
        room = Room(show_id, self._key, self._id, self._outbox, clock=time.monotonic)
        place = self._places[show_id] = Place(room, merchant_id)
        place.tasks = [
            asyncio.create_task(room.frames.work()),
            asyncio.create_task(self._begin(place)),
        ]
        return room

    async def _begin(self, place: Place) -> None:
        """Listen to the room's subjects, and learn what happened before."""
        room = place.room
        recent: Iterable[bytes] = ()
        try:
            async with asyncio.timeout(PAST_WITHIN):
                place.stop = await self._bus.subscribe(f"room.{room.id}.*", self._hear_room)
                if not await self._learn_rules(place):
                    place.rules_wanted.set()
                recent = await self._past(room)
        except Exception as away:  # noqa: BLE001 any of the bus's many ways to be away
            log.warning("room %s begins without its past: %r", room.id, away)
            place.rules_wanted.set()
        room.open(recent)
        await self._keep_rules(place)

    async def _past(self, room: Room) -> Iterable[bytes]:
        """Learn the likes so far; return the last chat."""
        if likes := await self._kept(f"room.{room.id}.likes"):
            room.hear_likes(likes)
        else:
            room.likes.start_at(await self._counted_likes(room.id))
        recent = await self._kept(f"room.{room.id}.recent")
        return _wire.messages(recent) if recent else []

    async def _kept(self, subject: str) -> bytes:
        """Return the last message of a subject that the bus keeps; empty if there is none."""
        with contextlib.suppress(buses.BusAway):
            return await self._bus.ask(f"$JS.API.DIRECT.GET.{KEPT}.{subject}", b"")
        return b""

    async def _counted_likes(self, show_id: UUID) -> int:
        """Ask analytics, which may not be there."""
        with contextlib.suppress(buses.BusAway, msgspec.MsgspecError):
            answer = await self._bus.ask(f"analytics.likes.{show_id}", b"", patience=0.5)
            return counted_of.decode(answer).likes
        return 0

    async def _open_streams(self) -> None:
        """Make the streams where they are missing; the bus may need to come first."""
        while True:
            try:
                await self._bus.open_streams()
                await self._bus.streams.add_stream(
                    name=KEPT,
                    subjects=["room.*.likes", "room.*.recent"],
                    max_msgs_per_subject=1,
                    max_age=KEPT_FOR,
                    allow_direct=True,
                )
            except Exception as away:  # noqa: BLE001 any of the bus's many ways to be away
                log.warning("the streams are not open yet: %s", type(away).__name__)
                await asyncio.sleep(1)
            else:
                return

    async def _hear_fact(self, subject: str, data: bytes) -> None:
        try:
            self._facts.hear(data)
        except Exception:
            log.exception("a fact was not understood: %s", subject)

    async def _hear_room(self, subject: str, data: bytes) -> None:
        _, show_id, what = subject.split(".")
        room = self._room(UUID(show_id))
        if room is None:
            return
        try:
            match what:
                case "msg":
                    room.hear(data)
                case "staff":
                    room.hear_private(data)
                case "likes":
                    room.hear_likes(data)
                case "desk":
                    room.desk.hear(data, room.clock())
                case "presence":
                    room.presence.hear(data, room.clock())
                case _:
                    pass
        except Exception:
            log.exception("a message was not understood: %s", subject)

    async def _tick(self) -> None:
        now = time.monotonic()
        missed = self._bus.client.stats["reconnects"] != self._reconnects
        for place in list(self._places.values()):
            if missed:
                place.room.presence.resync()
                place.rules_wanted.set()
            try:
                place.room.tick(now)
            except Exception:
                log.exception("room %s failed", place.room.id)
            idle_since = place.room.idle_since
            if idle_since is not None and now - idle_since > IDLE_ROOM:
                await self._forget(place)
        if missed:
            self._reconnects = self._bus.client.stats["reconnects"]
            await self._catch_up()

    async def _forget(self, place: Place) -> None:
        del self._places[place.room.id]
        self._outbox.publish(f"room.{place.room.id}.presence", place.room.presence.gone())
        for task in place.tasks:
            task.cancel()
        if place.stop:
            with contextlib.suppress(Exception):
                await place.stop()

    async def _catch_up(self) -> None:
        """Read again what may have been missed while the bus was away: state, so no harm."""
        merchants = {
            visit.claims.merchant_id
            for place in self._places.values()
            for visit in place.room.visits
        }
        for merchant_id in merchants:
            for name in SUBJECTS:
                subject = f"facts.{merchant_id}.{name}"
                with contextlib.suppress(Exception):
                    last = await self._bus.streams.get_last_msg("FACTS", subject)
                    await self._hear_fact(subject, last.data or b"")


async def run(settings: Settings) -> None:
    """Serve until cancelled."""
    _raise_file_limit()
    named = settings.origins or ""
    bus = await buses.connect(settings.bus_url, name="edge")
    edge = Edge(
        bus,
        settings.key("tickets"),
        origins=frozenset(filter(None, named.split(","))),
        media_url=settings.media_url or "",
    )
    socket = listener("edge", settings.host, settings.edge_port)
    async with sockets.serve(edge.accept, socket, largest=_wire.LARGEST) as server:
        say_ready()
        try:
            await edge.work()
        finally:
            server.close()  # whoever comes now is another edge's, or the next one's
            await edge.farewell()
            with contextlib.suppress(Exception):
                async with asyncio.timeout(FINISH_WITHIN):
                    await bus.close()


def _raise_file_limit() -> None:
    """Allow as many open sockets as the system lets us have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
