"""Facts on their way out: every committed one arrives, once, in the order of commits."""

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import func, select, text

from xinbo.engines.bus import Bus, BusAway, connect
from xinbo.engines.db import EventRow, ReactionRow, migrate
from xinbo.engines.embedded import Nats, Postgres
from xinbo.engines.events import Fact, Reaction, handle, reactions, relay, relay_once
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import new_id
from xinbo.kit.wire import Event

pytestmark = pytest.mark.anyio


class Noted(Event, frozen=True):
    """Something to tell facts apart by."""

    name = "tests.noted"
    n: int


class Refused(Conflict):
    """Raised by a reaction on purpose."""


@pytest.fixture
def merchant() -> UUID:
    """Facts of this test alone."""
    return new_id()


@pytest.fixture
async def name(database: Database, bus: Bus) -> str:
    """A relay that has caught up with whatever other tests left in the log."""
    name = f"test-{new_id()}"
    while await relay_once(database, bus, name=name):
        pass
    return name


async def note(database: Database, merchant: UUID, *numbers: int) -> None:
    async with database.begin(Actor(merchant, Role.SYSTEM)) as tx:
        for n in numbers:
            await tx.emit(Noted(n=n))


async def note_in_vain(database: Database, merchant: UUID, n: int) -> None:
    async with database.begin(Actor(merchant, Role.SYSTEM)) as tx:
        await tx.emit(Noted(n=n))
        await asyncio.sleep(0.005)
        raise Refused


async def stored(bus: Bus, merchant: UUID, kind: str = "tests.noted") -> list[Fact]:
    """Read what the stream holds of a merchant."""
    consumer: Any = await bus.streams.pull_subscribe(f"facts.{merchant}.{kind}", stream="FACTS")
    facts: list[Fact] = []
    try:
        while True:
            messages = await consumer.fetch(100, timeout=0.3)
            facts += (msgspec.json.decode(message.data, type=Fact) for message in messages)
    except TimeoutError:
        return facts
    finally:
        await consumer.unsubscribe()


async def told(bus: Bus, merchant: UUID, wanted: set[int]) -> None:
    """Wait until the stream holds all of these."""
    async with asyncio.timeout(30):
        while not wanted <= set(numbers(await stored(bus, merchant))):
            pass


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not happened():  # noqa: ASYNC110 what is waited for has no event
            await asyncio.sleep(0.02)


@asynccontextmanager
async def relaying(database: Database, bus: Bus, name: str) -> AsyncGenerator[None]:
    task = asyncio.create_task(relay(database, bus, name=name))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def numbers(facts: list[Fact]) -> list[int]:
    return [fact.payload["n"] for fact in facts]


async def test_a_fact_travels_with_all_that_was_recorded(
    database: Database, bus: Bus, merchant: UUID, name: str
) -> None:
    actor = Actor(merchant, Role.OWNER, new_id())
    async with database.begin(actor) as tx:
        await tx.emit(Noted(n=7))
    assert await relay_once(database, bus, name=name) == 1
    (fact,) = await stored(bus, merchant)
    assert (fact.type, fact.merchant_id, fact.actor_id) == (Noted.name, merchant, actor.user_id)
    assert (fact.payload, fact.at) == ({"n": 7}, tx.now)


async def test_what_was_rolled_back_is_never_told(
    database: Database, bus: Bus, merchant: UUID, name: str
) -> None:
    with pytest.raises(Refused):
        await note_in_vain(database, merchant, 1)
    await note(database, merchant, 2)
    await relay_once(database, bus, name=name)
    assert numbers(await stored(bus, merchant)) == [2]


async def test_a_row_that_appears_late_with_a_smaller_number_is_not_skipped(
    database: Database, bus: Bus, merchant: UUID, name: str
) -> None:
    async with database.begin(Actor(merchant, Role.SYSTEM)) as slow:
        await slow.emit(Noted(n=1))
        await note(database, merchant, 2)
        assert await relay_once(database, bus, name=name) == 0
    assert await relay_once(database, bus, name=name) == 2
    assert numbers(await stored(bus, merchant)) == [1, 2]


async def test_a_transaction_that_began_first_and_spoke_last_is_not_skipped(
    database: Database, bus: Bus, merchant: UUID, name: str
) -> None:
    async with database.begin(Actor(merchant, Role.SYSTEM)) as slow:
        await slow.db.execute(text("select pg_current_xact_id()"))
        await note(database, merchant, 1)
        await relay_once(database, bus, name=name)
        await slow.emit(Noted(n=2))
    await note(database, merchant, 3)
    while await relay_once(database, bus, name=name):
        pass
    assert sorted(numbers(await stored(bus, merchant))) == [1, 2, 3]


async def test_many_writers_with_two_relays_lose_nothing_and_double_nothing(
    database: Database, bus: Bus, merchant: UUID, name: str
) -> None:
    chance = random.Random(117)  # noqa: S311 chance, not secrecy
    committed: list[int] = []

    async def write(first: int) -> None:
        for n in range(first, first + 20):
            if chance.random() < 0.2:
                with contextlib.suppress(Refused):
                    await note_in_vain(database, merchant, n)
                continue
            async with database.begin(Actor(merchant, Role.SYSTEM)) as tx:
                await tx.emit(Noted(n=n))
                await asyncio.sleep(chance.random() / 50)
            committed.append(n)

    async with relaying(database, bus, name), relaying(database, bus, name):
        await asyncio.gather(*(write(first * 100) for first in range(6)))
        await told(bus, merchant, set(committed))
        await asyncio.sleep(0.2)
    facts = await stored(bus, merchant)
    assert sorted(numbers(facts)) == sorted(committed)
    rows = await _log(database, merchant)
    assert [fact.seq for fact in facts] == rows


async def _log(database: Database, merchant: UUID) -> list[int]:
    """List a merchant's rows in the order of transactions."""
    async with database.begin(system(merchant)) as tx:
        query = select(EventRow.seq).where(EventRow.merchant_id == merchant)
        return list(await tx.db.scalars(query.order_by(text("xid, seq"))))


async def test_a_replay_of_the_log_adds_nothing_to_the_stream(
    database: Database, bus: Bus, merchant: UUID, name: str
) -> None:
    await note(database, merchant, 1, 2, 3)
    await relay_once(database, bus, name=name)
    async with database.engine.begin() as connection:
        await connection.execute(
            text("update relay_cursor set xid = 0, seq = 0 where name = :n"), {"n": name}
        )
    while await relay_once(database, bus, name=name):
        pass
    assert numbers(await stored(bus, merchant)) == [1, 2, 3]


async def test_a_relay_that_dies_before_it_moved_on_repeats_without_harm(
    database: Database, bus: Bus, merchant: UUID, name: str
) -> None:
    await note(database, merchant, *range(50))
    for _ in range(3):
        task = asyncio.create_task(relay_once(database, bus, name=name))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    while await relay_once(database, bus, name=name):
        pass
    assert numbers(await stored(bus, merchant)) == list(range(50))


async def test_a_quiet_log_is_watched_without_writing(
    database: Database, bus: Bus, name: str
) -> None:
    async def written() -> int:
        async with database.engine.connect() as connection:
            return int(await connection.scalar(text("select txid_snapshot_xmax(s) from "
                "(select txid_current_snapshot() as s)")) or 0)  # fmt: skip

    before = await written()
    for _ in range(20):
        assert await relay_once(database, bus, name=name) == 0
    assert await written() == before


async def test_a_fact_too_large_for_the_bus_holds_up_no_other(
    database: Database, bus: Bus, merchant: UUID, name: str
) -> None:
    class Huge(Event, frozen=True):
        name = "tests.huge"
        text: str

    async with database.begin(Actor(merchant, Role.SYSTEM)) as tx:
        await tx.emit(Huge(text="x" * 2_000_000))
        await tx.emit(Noted(n=1))
    assert await relay_once(database, bus, name=name) == 2
    assert numbers(await stored(bus, merchant)) == [1]


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[tuple[Postgres, Nats, Database, Bus]]:
    """Engines of this test's own, which it may kill."""
    with Postgres(tmp_path / "postgres") as postgres, Nats(tmp_path / "nats") as nats:
        url = postgres.url.replace("postgresql://", "postgresql+asyncpg://", 1)
        await migrate(url)
        database, bus = Database(url, RecordedJobs()), await connect(nats.url)
        await bus.open_streams()
        yield postgres, nats, database, bus
        await bus.close()
        await database.engine.dispose()


async def test_killing_both_engines_loses_no_fact(
    own: tuple[Postgres, Nats, Database, Bus], merchant: UUID
) -> None:
    postgres, nats, database, bus = own
    sure: set[int] = set()
    stop = asyncio.Event()

    async def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            try:
                await note(database, merchant, n)
            except Exception:  # noqa: BLE001 the engine is being killed: whether it took it is open
                await asyncio.sleep(0.05)
            else:
                sure.add(n)
            await asyncio.sleep(0.002)

    async with relaying(database, bus, "jetstream"):
        writer = asyncio.create_task(write())
        for engine in (nats, postgres, nats):
            mark = len(sure) + 30
            await until(lambda mark=mark: len(sure) > mark)
            engine.kill()
            await asyncio.sleep(0.3)
            engine.start()
        mark = len(sure) + 30
        await until(lambda: len(sure) > mark)
        stop.set()
        await writer
        await told(bus, merchant, sure)
    all_told = numbers(await stored(bus, merchant))
    assert len(all_told) == len(set(all_told))
    assert len(all_told) == len(await _log(database, merchant))


class Counter:
    """A reaction that counts in the database, so that what is undone is not counted."""

    def __init__(self, merchant: UUID) -> None:
        self.merchant = merchant
        self.calls: list[int] = []
        self.fails = 0
        self.error: Exception = RuntimeError("on purpose")
        self.reaction = Reaction(f"tests.{new_id()}", Noted, self.react)

    async def react(self, tx: Tx, event: Noted) -> None:
        if tx.merchant_id != self.merchant:
            return
        self.calls.append(event.n)
        if self.fails:
            self.fails -= 1
            raise self.error

    def fact(self, n: int = 1) -> bytes:
        return msgspec.json.encode(
            {
                "id": new_id(),
                "seq": 1,
                "type": Noted.name,
                "merchantId": self.merchant,
                "actorId": None,
                "at": "2026-11-11T12:00:00Z",
                "payload": {"n": n},
            }
        )


@pytest.fixture
def counter(merchant: UUID) -> Counter:
    return Counter(merchant)


async def test_the_same_fact_twice_is_one_reaction(database: Database, counter: Counter) -> None:
    fact = counter.fact()
    assert await handle(database, counter.reaction, fact)
    assert await handle(database, counter.reaction, fact)
    assert counter.calls == [1]


async def test_the_same_fact_at_the_same_time_is_one_reaction(
    database: Database, counter: Counter
) -> None:
    fact = counter.fact()
    settled = await asyncio.gather(*(handle(database, counter.reaction, fact) for _ in range(5)))
    assert all(settled)
    assert counter.calls == [1]


async def test_a_reaction_that_failed_is_undone_and_tried_again(
    database: Database, counter: Counter
) -> None:
    counter.fails = 1
    fact = counter.fact()
    assert not await handle(database, counter.reaction, fact)
    async with database.begin(system(counter.merchant)) as tx:
        done = select(func.count()).where(ReactionRow.reaction == counter.reaction.name)
        assert await tx.db.scalar(done) == 0
    assert await handle(database, counter.reaction, fact)
    assert counter.calls == [1, 1]


@pytest.mark.parametrize(("error", "settled"), [(Refused(), True), (BusAway(), False)])
async def test_a_refusal_settles_a_fact_and_an_absence_does_not(
    database: Database, counter: Counter, error: Exception, *, settled: bool
) -> None:
    counter.fails, counter.error = 1, error
    assert await handle(database, counter.reaction, counter.fact()) is settled


@pytest.mark.parametrize("data", [b"junk", b"{}", b'{"id":1}'])
async def test_what_cannot_be_read_ends_nobody(
    database: Database, counter: Counter, data: bytes
) -> None:
    assert not await handle(database, counter.reaction, data)


async def test_reactions_run_soon_and_go_on_past_a_fact_that_fails(
    database: Database, bus: Bus, merchant: UUID, name: str, counter: Counter
) -> None:
    await bus.streams.publish(f"facts.{merchant}.{Noted.name}", b"junk")
    counter.fails = 1
    async with reactions(database, bus, [counter.reaction]), relaying(database, bus, name):
        await note(database, merchant, 1, 2)
        await until(lambda: sorted(counter.calls) == [1, 1, 2])


async def test_reactions_go_on_where_they_left_off(
    database: Database, bus: Bus, merchant: UUID, name: str, counter: Counter
) -> None:
    async with reactions(database, bus, [counter.reaction]), relaying(database, bus, name):
        await note(database, merchant, 1)
        await until(lambda: counter.calls == [1])
    await note(database, merchant, 2)
    async with reactions(database, bus, [counter.reaction]), relaying(database, bus, name):
        await until(lambda: counter.calls == [1, 2])


async def test_leaving_the_reactions_lets_the_bus_hang_up_at_once(
    nats: Nats, database: Database, counter: Counter
) -> None:
    bus = await connect(nats.url)
    await bus.open_streams()
    async with reactions(database, bus, [counter.reaction]):
        await asyncio.sleep(0.2)
    async with asyncio.timeout(10):  # it would be the client's 30 s
        await bus.close()
