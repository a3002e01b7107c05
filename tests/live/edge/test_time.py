"""What time does to a room: the clock is the test's."""

import json
import time
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from xinbo.engines.bus import Bus
from xinbo.engines.sockets import CloseCode, Socket
from xinbo.live.edge import RoomRole
from xinbo.live.edge._rules import LASTS, Claims
from xinbo.live.edge._server._outbox import Did, Outbox
from xinbo.live.edge._server._room import Room
from xinbo.live.edge._server._viewer import BEAT_WITHIN
from xinbo.live.edge._server._visit import Visit

KEY = b"k" * 32
SHOW = uuid4()

pytestmark = pytest.mark.anyio


class Wire:
    """Stands in for a socket: keeps what it is told."""

    address = "127.0.0.1"

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.code: CloseCode | None = None

    def send(self, message: bytes) -> None:
        self.told += json.loads(message)["m"]

    def close(self, code: CloseCode, _reason: str = "") -> None:
        self.code = code


class Story:
    """A room, and a clock that only moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.outbox = Outbox(cast("Bus", None))
        self.room = Room(SHOW, KEY, 1, self.outbox, clock=lambda: self.now)
        self.room.open([])

    def come(
        self, viewer_id: UUID | None = None, issued: float | None = None
    ) -> tuple[Visit, Wire]:
        claims = Claims(
            show_id=SHOW,
            merchant_id=UUID(int=1),
            viewer_id=viewer_id or uuid4(),
            name="小雨",
            role=RoomRole.SHOPPER,
            issued=int(issued or time.time()),
        )
        visit, wire = Visit(self.room, claims), Wire()
        visit.opened(cast("Socket", wire))
        return visit, wire

    def beat(self, visit: Visit, *, watching: bool = True) -> None:
        visit.heard(json.dumps({"t": "beat", "watching": watching}).encode())

    def passes(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until:
            self.now += 1
            self.room.tick(self.now)

    def did(self, kind: str) -> list[float | None]:
        batches = self.outbox._did._open.values()  # noqa: SLF001
        events = [each for batch in batches for each in batch if isinstance(each, Did)]
        return [each.value for each in events if each.type == kind]

    @property
    def online(self) -> int:
        return self.room.presence.count(self.now)[0]


async def test_a_ticket_that_runs_out_closes_the_socket_and_a_newer_one_keeps_it() -> None:
    story = Story()
    _, old = story.come(issued=time.time() - LASTS - 1)
    _, fresh = story.come()
    story.passes(6)
    assert old.told[-1] == {"t": "bye", "reason": "expired"}
    assert old.code is CloseCode.POLICY
    assert fresh.code is None


async def test_whoever_is_silent_no_longer_counts_until_the_next_sign_of_life() -> None:
    story = Story()
    visit, wire = story.come()
    story.passes(BEAT_WITHIN - 1)
    assert story.online == 1
    story.passes(7)
    assert story.online == 0
    assert wire.code is None
    story.beat(visit)
    assert story.online == 1
    assert len(story.did("room.entered")) == 2
    assert len(story.did("room.left")) == 1


async def test_time_is_counted_once_for_two_tabs_and_not_while_nobody_looks() -> None:
    story = Story()
    viewer_id = uuid4()
    first, _ = story.come(viewer_id)
    second, _ = story.come(viewer_id)
    for _ in range(3):
        story.passes(5)
        story.beat(first)
        story.passes(5)
        story.beat(second)
    assert sum(value or 0 for value in story.did("room.heartbeat")) == 30
    story.passes(10)
    story.beat(first, watching=False)
    assert story.did("room.heartbeat")[-1] == 0
    story.passes(30)
    story.beat(first)
    assert story.did("room.heartbeat")[-1] == 15
    first.closed()
    assert story.online == 1
    second.closed()
    assert story.did("room.left") == [45]
    assert story.online == 0


async def test_coming_back_soon_is_no_news_and_brings_no_fresh_allowance() -> None:
    story = Story()
    viewer_id = uuid4()
    visit, _ = story.come(viewer_id)
    for n in range(3):
        visit.heard(json.dumps({"t": "chat", "id": str(uuid4()), "text": f"{n}"}).encode())
    visit.closed()
    again, wire = story.come(viewer_id)
    again.heard(json.dumps({"t": "chat", "id": str(uuid4()), "text": "3"}).encode())
    assert wire.told[-1]["type"] == "TooFast"


async def test_an_empty_room_is_known_as_idle_and_one_with_visitors_is_not() -> None:
    story = Story()
    assert story.room.idle_since == 1000
    visit, _ = story.come()
    assert story.room.idle_since is None
    story.now = 1010
    visit.closed()
    visit.closed()
    assert story.room.idle_since == 1010
