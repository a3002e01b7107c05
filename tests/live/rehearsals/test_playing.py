"""A worker plays an audience through real sockets; another goes on when it is gone."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text
from websockets.asyncio.client import connect

from tests.live.edge.support import PATIENCE, Viewer, settings_of
from tests.live.edge.support import House as Edges
from tests.live.rehearsals.support import hero_show, rehearse
from xinbo.engines.bus import Bus
from xinbo.engines.embedded import Nats
from xinbo.engines.events import relay_once
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Actor, Database, system
from xinbo.kit.ids import new_id
from xinbo.live import edge, rehearsals, stage
from xinbo.live.edge import Places, RoomRole, Visitor
from xinbo.live.edge._rules import read, sign
from xinbo.live.rehearsals import Begin, DrillKind, PutCrowd, PutDrill, Rehearsal
from xinbo.live.rehearsals._reactions.playing import Player

pytestmark = pytest.mark.anyio


@pytest.fixture
async def edges(nats: Nats, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Edges]:
    house = Edges(nats, tmp_path_factory.mktemp("edges"))
    house.add_edge()
    yield house
    for each in house.edges:
        each.end()


@pytest.fixture
def settings(edges: Edges, tmp_path: Path) -> Settings:
    env = {"XINBO_DATA": str(tmp_path), "XINBO_NATS_URL": edges.nats.url, "XINBO_SECRET": "s"}
    return settings_of(env | {"XINBO_EDGE_PORT": str(edges.edges[0].port)})


@asynccontextmanager
async def playing(settings: Settings, database: Database, bus: Bus) -> AsyncGenerator[Player]:
    """Let a worker play until left, looking five times a second."""
    player = Player(settings, database, bus)

    async def go_on() -> None:
        while True:
            await player.look()
            await asyncio.sleep(0.2)

    task = asyncio.create_task(go_on())
    try:
        yield player
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await player.close()


@asynccontextmanager
async def operator(
    settings: Settings, database: Database, owner: Actor, show_id: UUID
) -> AsyncGenerator[Viewer]:
    """Sit at the console of the room."""
    visitor = Visitor(viewer_id=owner.merchant_id, name="场控", role=RoomRole.STAFF)
    async with database.begin(system(owner.merchant_id)) as tx:
        ticket = edge.simulated_ticket(
            tx, show_id, visitor, Places(edge="", media=""), settings.key("tickets")
        )
    url = f"ws://127.0.0.1:{settings.edge_port}/room?ticket={ticket.ticket}"
    async with connect(url, max_size=None) as socket:
        viewer = Viewer(socket)
        await viewer.until("hello")
        yield viewer
        await viewer.leave()


async def report_of(
    database: Database, owner: Actor, rehearsal: Rehearsal
) -> rehearsals.RehearsalReport:
    async with database.begin(owner) as tx:
        return await rehearsals.report(tx, rehearsal.id)


async def test_an_audience_comes_talks_and_takes_and_what_it_does_is_marked(
    database: Database, owner: Actor, bus: Bus, settings: Settings
) -> None:
    async with database.begin(owner) as tx:
        show_id, (hero, _) = await hero_show(tx, stock=2)
        drills = [PutDrill(kind=DrillKind.HOSTILE_CHAT, minute=4)]
        command = Begin(
            speed=60,
            autopilot=False,
            audience=PutCrowd(size=60, profile=rehearsals.CrowdProfile.RUSH, seed=3),
            drills=drills,
        )
        rehearsal = await rehearsals.begin(tx, show_id, command)
        await stage.pin(tx, show_id, hero.id)
    async with (
        operator(settings, database, owner, show_id) as console,
        playing(settings, database, bus),
    ):
        online = await console.until("viewers", lambda told: told["n"] >= 55)
        said = await console.until("chat", lambda told: told["text"].endswith("？"))
        toast = await console.until("toast")
        await console.until("stock", lambda told: 0 in told["items"].values())
        await console.until("chat", lambda told: "骗子" in told["text"] or "假货" in told["text"])
    assert online["simulated"] == online["n"]
    assert said["simulated"]
    assert (toast["simulated"], toast["productId"]) == (True, str(hero.id))
    report = await report_of(database, owner, rehearsal)
    assert report.rehearsal.figures.peak >= 55
    assert report.rehearsal.figures.purchases == 2
    async with database.begin(owner) as tx:
        await rehearsals.end(tx, rehearsal.id)


async def test_another_worker_goes_on_where_one_was_killed(
    database: Database, owner: Actor, bus: Bus, settings: Settings
) -> None:
    async with database.begin(owner) as tx:
        show_id, _ = await hero_show(tx)
        rehearsal = await rehearse(tx, show_id, size=10)
    first = Player(settings, database, bus)
    await first.look()
    await first.look()
    # Killed: it says nothing, leaves no room, and its hold stands for some seconds more.
    second = Player(settings, database, bus)
    await second.look()
    assert not second.stands
    for stand in first.stands.values():
        stand.task.cancel()
    async with database.begin(system(owner.merchant_id)) as tx:
        await tx.db.execute(
            text("update rehearsal set held_until = held_until - interval '6 s' where id = :id"),
            {"id": rehearsal.id},
        )
    async with asyncio.timeout(PATIENCE):
        while (await report_of(database, owner, rehearsal)).rehearsal.ended_at is None:
            await second.look()
            await asyncio.sleep(0.3)
    report = await report_of(database, owner, rehearsal)
    assert [cue.by_autopilot for cue in report.cues] == [True] * 4
    starts = [cue.started_minute for cue in report.cues]
    assert starts == sorted(start or 0 for start in starts)
    assert report.rehearsal.figures.arrived == 10
    await second.close()


async def test_a_rehearsed_evening_is_not_counted_and_not_remembered(
    database: Database, owner: Actor, bus: Bus, settings: Settings
) -> None:
    behaved: list[bytes] = []
    kept: list[bytes] = []

    async def heard(_: str, data: bytes) -> None:
        behaved.append(data)

    async def recent(_: str, data: bytes) -> None:
        kept.append(data)

    async with database.begin(owner) as tx:
        show_id, _ = await hero_show(tx)
        command = Begin(speed=60, audience=PutCrowd(size=30, seed=5))
        rehearsal = await rehearsals.begin(tx, show_id, command)
    await bus.subscribe(f"behaviour.{owner.merchant_id}", heard)
    await bus.subscribe(f"room.{show_id}.recent", recent)
    async with playing(settings, database, bus):
        async with operator(settings, database, owner, show_id) as console:
            await console.until("viewers", lambda told: told["n"] >= 25)
            await console.until("chat")
            await asyncio.sleep(timedelta(seconds=3).total_seconds())
        async with database.begin(owner) as tx:
            await rehearsals.end(tx, rehearsal.id)
    assert behaved == []
    assert [msgspec.json.decode(each) for each in kept if each != b"[]"] == []


async def test_those_who_wait_for_a_show_are_not_in_its_rehearsal(
    database: Database, owner: Actor, bus: Bus, settings: Settings
) -> None:
    async with database.begin(owner) as tx:
        show_id, _ = await hero_show(tx)
    waiting = Visitor(viewer_id=new_id(), name="小雨", role=RoomRole.SHOPPER)
    async with database.begin(system(owner.merchant_id)) as tx:
        simulated = edge.simulated_ticket(
            tx, show_id, waiting, Places(edge="", media=""), settings.key("tickets")
        )
    claims = read(simulated.ticket, settings.key("tickets"), time.time())
    real = sign(msgspec.structs.replace(claims, simulated=False), settings.key("tickets"))
    async with connect(f"ws://127.0.0.1:{settings.edge_port}/room?ticket={real}") as socket:
        viewer = Viewer(socket)
        await viewer.until("hello")
        async with database.begin(owner) as tx:
            rehearsal = await rehearsals.begin(tx, show_id, Begin(audience=PutCrowd(size=0)))
        async with asyncio.timeout(PATIENCE):
            while not viewer.all("bye"):
                await relay_once(database, bus)
                await asyncio.sleep(0.1)
        assert not viewer.all("stage")
    async with database.begin(owner) as tx:
        await rehearsals.end(tx, rehearsal.id)
