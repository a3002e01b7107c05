"""A simulated audience: many sockets, one task.

Nobody here has a task or a timer of their own. Ten times a second the crowd looks who is due:
to come, to go, to give a sign of life, to do something. What they hear they do not even read.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from uuid import UUID, uuid5

import msgspec

from xinbo.engines.settings import Settings
from xinbo.engines.socket_client import SocketClient
from xinbo.engines.tx import Database, system
from xinbo.live import edge
from xinbo.live.edge import Places, RoomRole, Visitor
from xinbo.live.rehearsals._rules import (
    AT,
    HOSTILE,
    Act,
    Deed,
    DrillKind,
    Line,
    acts,
    again,
    name_of,
    stay,
)
from xinbo.live.rehearsals._service.playing import Did, Moment, Trouble
from xinbo.live.rehearsals._service.shelf import Wish

TICK = 0.1
BEATS = 100
"""Ticks from one sign of life of a viewer to the next: ten seconds."""

AT_ONCE = 32
"""Sockets that are being opened at the same moment."""

A_TICK = 16
"""Sockets that are begun to be opened in a tick: 160 a second."""

RENEW_AFTER = 600.0
"""Seconds until a viewer asks for a newer ticket; one lasts for 900."""

HOSTILE_A_SECOND, NOTICED_A_SECOND, LOUD_FOR = 5.0, 1.5, 20.0
"""What is shouted, and what viewers say of other troubles; for so many seconds."""

TROUBLEMAKERS = 7
"""One viewer in so many is a troublemaker."""


class Seat:
    """One simulated viewer's place."""

    __slots__ = ("comes", "goes", "opening", "socket", "tried", "until")

    def __init__(self, comes: float, goes: float) -> None:
        self.comes = comes
        self.goes = goes
        self.socket: SocketClient | None = None
        self.opening = False
        self.tried = float("-inf")
        self.until = 0.0
        """When the ticket is to be renewed; 0 for who never came."""

    @property
    def there(self) -> bool:
        """Whether the viewer is in the room."""
        return self.socket is not None and self.socket.open


class Crowd:
    """The audience of one rehearsal, as this worker plays it."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        moment: Moment,
        past: Sequence[Line] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._database = database
        self._moment = moment
        self._clock = clock
        self._seen_at = clock()
        self._age = moment.age
        self._born = self._seen_at
        minutes = moment.total_minutes
        self._seats = [Seat(*stay(moment.seed, each, minutes)) for each in range(moment.size)]
        self._next = 0
        self._opening: set[asyncio.Task[None]] = set()
        start = self.minute
        self._past: deque[Act] = deque(
            act for act in again(past, minutes, moment.size, moment.speed) if act.minute >= start
        )
        self._thought = int(start) - 1
        """The last minute whose acts are known."""
        self._acts: deque[Act] = deque()
        self._said: dict[UUID, int] = {}
        self._messages = self._likes = 0
        self._wishes: list[Wish] = []

    @property
    def minute(self) -> float:
        """The minute of the show that it is now."""
        return (self._age + self._clock() - self._born) * self._moment.speed / 60

    @property
    def online(self) -> int:
        """How many are in the room."""
        return sum(seat.there for seat in self._seats)

    def present(self) -> list[int]:
        """List who is in the room."""
        return [number for number, seat in enumerate(self._seats) if seat.there]

    def viewer_id(self, number: int) -> UUID:
        """Name a viewer: the same in the next worker's hands."""
        return uuid5(self._moment.id, f"viewer:{number}")

    def see(self, moment: Moment) -> None:
        """Take in how the room stands now."""
        self._moment, self._seen_at = moment, self._clock()

    def take(self) -> Did:
        """Hand over what was done since the last time."""
        did = Did(
            arrived=sum(seat.until > 0 for seat in self._seats),
            online=self.online,
            messages=self._messages,
            likes=self._likes,
            wishes=self._wishes,
        )
        self._messages = self._likes = 0
        self._wishes = []
        return did

    async def work(self) -> None:
        """Be an audience until cancelled; then leave."""
        number = 0
        try:
            while True:
                began = self._clock()
                self._tick(number, began)
                number += 1
                await asyncio.sleep(max(0.01, TICK - (self._clock() - began)))
        finally:
            for task in self._opening:
                task.cancel()
            for seat in self._seats:
                await self._close(seat)

    def _tick(self, number: int, now: float) -> None:
        minute = self.minute
        self._let_in(minute, now)
        for at in range(number % BEATS, len(self._seats), BEATS):
            self._alive(at, minute, now)
        while self._thought < int(minute):
            self._thought = max(self._thought + 1, int(minute) - 1)
            self._think(self._thought)
        for due in (self._acts, self._past):
            while due and due[0].minute <= minute:
                self._do(due.popleft())
        for trouble in self._moment.troubles:
            self._cry(trouble, now)

    def _think(self, minute: int) -> None:
        moment, now = self._moment, self.minute
        found = acts(moment.seed, moment.profile, moment.size, moment.speed, minute)
        self._acts.extend(act for act in found if act.minute >= now - 1)

    def _let_in(self, minute: float, now: float) -> None:
        """Begin to open some of the sockets that are due: round and round, a few a tick."""
        begun = 0
        for _ in range(len(self._seats)):
            if begun >= A_TICK or len(self._opening) >= AT_ONCE:
                return
            number = self._next
            self._next = (number + 1) % len(self._seats)
            seat = self._seats[number]
            due = seat.comes <= minute < seat.goes and not (seat.there or seat.opening)
            if due and now - seat.tried > 1:
                seat.opening, seat.tried = True, now
                task = asyncio.create_task(self._open(number, seat))
                self._opening.add(task)
                task.add_done_callback(self._opening.discard)
                begun += 1

    async def _open(self, number: int, seat: Seat) -> None:
        try:
            ticket = await self._ticket(number)
            host = f"ws://127.0.0.1:{self._settings.edge_port}/room"
            socket = SocketClient(f"{host}?ticket={ticket}", None)
            await socket.__aenter__()
            seat.socket, seat.until = socket, self._clock() + RENEW_AFTER
            socket.send(BEAT)
        except (OSError, TimeoutError):
            pass  # the edge is away, or full: the seat is tried again in a second
        finally:
            seat.opening = False

    async def _ticket(self, number: int) -> str:
        moment = self._moment
        visitor = Visitor(
            viewer_id=self.viewer_id(number),
            name=name_of(number),
            role=RoomRole.SHOPPER,
            rehearsal=True,
        )
        key = self._settings.key("tickets")
        async with self._database.begin(system(moment.merchant_id)) as tx:
            places = Places(edge="", media="")
            return edge.simulated_ticket(tx, moment.show_id, visitor, places, key).ticket

    def _alive(self, number: int, minute: float, now: float) -> None:
        """Give a sign of life; leave when it is time; renew a ticket that grows old."""
        seat = self._seats[number]
        socket = seat.socket
        if socket is None or not socket.open:
            return
        if minute >= seat.goes:
            self._later(self._close(seat))
            return
        socket.send(BEAT)
        if now >= seat.until:
            seat.until = now + RENEW_AFTER
            self._later(self._renew(number, socket))

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _renew(self, number: int, socket: SocketClient) -> None:
        socket.send(_json(t="ticket", ticket=await self._ticket(number)))

    @staticmethod
    async def _close(seat: Seat) -> None:
        socket, seat.socket = seat.socket, None
        if socket is not None:
            await socket.__aexit__(None, None, None)

    def _do(self, act: Act) -> None:
        seat = self._seats[act.viewer]
        if not seat.there:
            return
        match act.deed:
            case Deed.LIKE:
                self._likes += 1 + int(act.whim * 5)
            case Deed.BUY:
                if product := self._moment.pinned_product_id:
                    self._wishes.append(Wish(act.key, act.viewer, product, act.whim))
            case _:
                self._say(seat, act.key, act.text)

    def _cry(self, trouble: Trouble, now: float) -> None:
        """Say what is seen of a trouble: at first, and louder where it is they who make it."""
        hostile = trouble.kind is DrillKind.HOSTILE_CHAT
        rate = HOSTILE_A_SECOND if hostile else NOTICED_A_SECOND
        due = int(min(LOUD_FOR, trouble.seconds + now - self._seen_at) * rate)
        # What was said before, by another worker's hands, is not said again.
        self._said.setdefault(trouble.id, max(0, due - round(2 * rate)))
        texts = HOSTILE if hostile else AT[trouble.kind.value]
        while self._said[trouble.id] < due:
            n = self._said[trouble.id]
            self._said[trouble.id] = n + 1
            number = n * TROUBLEMAKERS + 3 if hostile else n * 13 + 1
            if self._seats and (seat := self._seats[number % len(self._seats)]).there:
                self._say(seat, f"{trouble.id}:{n}", texts[n % len(texts)])

    def _say(self, seat: Seat, key: str, text: str) -> None:
        if seat.socket is not None and text:
            self._messages += 1
            seat.socket.send(_json(t="chat", id=uuid5(self._moment.id, key), text=text))


def _json(**message: object) -> bytes:
    return msgspec.json.encode(message)


BEAT = _json(t="beat", watching=True, playing=True, positionMs=0)
