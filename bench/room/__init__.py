"""An operator's act on its way to the phones, and how many acts a second the desk takes.

The whole of Xinbo as a user runs it. A pin goes through HTTP, the database with its event log, the
relay, the bus and the edge to every viewer; beside it, in the same run and to the same viewers, a
stage that is put on the bus straight away: what is between the two is the price of a record that
loses nothing. Acts a second beside the bare statements of one act, committed one by one.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg  # pyright: ignore[reportMissingTypeStubs]
import httpx
import msgspec

from bench.report import report
from tests.support import planned_show, product_on_sale
from tests.system.running import Up
from tests.system.shop import House, open_house
from xinbo.engines import bus as buses
from xinbo.engines.bus import Bus
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Database, system
from xinbo.kit.ids import new_id
from xinbo.live import shows
from xinbo.live.edge import RoomRole
from xinbo.live.edge._rules import Claims, sign

connect: Any = asyncpg.connect  # pyright: ignore[reportUnknownVariableType] # it has no types

VIEWERS = (300, 3000)
PINS = 60
EVERY = 0.5
"""Seconds between two pins: a viewer hears one at a time, as in a show."""

STAGE_SIZE = 3500
"""Bytes of a stage with six products, about."""

OPERATORS = 4
SECONDS = 6.0
P99_AIM = 300.0
STRAIGHT_FROM = 1_000_000
"""Numbers of the stages that go straight to the bus: above all that the desk gives."""


class Heard(msgspec.Struct):
    """What the viewers saw: by number of the stage, when it came to each, Unix nanoseconds."""

    still: int
    came: dict[int, list[int]]


def main() -> None:
    """Run each crowd and print the lines."""
    parser = argparse.ArgumentParser(prog="room")
    parser.add_argument("--viewers", type=int, nargs="*", default=VIEWERS)
    parser.add_argument("--pins", type=int, default=PINS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xinbo-bench-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        asyncio.run(measure(Up(place, web=1), options.viewers, options.pins))


async def measure(up: Up, crowds: Sequence[int], pins: int) -> None:
    """Start everything, and let each crowd in."""
    await up.start()
    try:
        database = Database(up.settings.database_url, RecordedJobs(), pool=4)
        house = await open_house(up, database)
        for viewers in crowds:
            await crowd(house, viewers, pins)
        await acts(house)
        await database.engine.dispose()
    finally:
        up.stop()


async def crowd(house: House, viewers: int, pins: int) -> None:
    """Let a crowd in; pin, and put stages straight on the bus; say what came when."""
    show_id, products = await on_air(house)
    settings = house.up.settings
    bus = await buses.connect(settings.bus_url)
    watching = await watch(house, show_id, viewers)
    sent: dict[int, int] = {}
    async with house.client(house.owner, staff=True) as console:
        for turn in range(pins):
            await pin(console, show_id, products[turn % len(products)], sent)
            await asyncio.sleep(EVERY)
            await straight(bus, show_id, STRAIGHT_FROM + turn, sent)
            await asyncio.sleep(EVERY)
    heard = await end(watching)
    await bus.close()
    assert heard.still == viewers, f"{heard.still} of {viewers} stayed"
    pinned = waits({seq: at for seq, at in sent.items() if seq < STRAIGHT_FROM}, heard, viewers)
    direct = waits({seq: at for seq, at in sent.items() if seq >= STRAIGHT_FROM}, heard, viewers)
    people = f"{viewers} viewers"
    against = "the same stage straight from the bus"
    report(
        "room", f"{people}, pin to phone, p99", part(pinned, 0.99), "ms",
        against=against, against_figure=part(direct, 0.99),
        aim=P99_AIM if viewers == max(VIEWERS) else None,
    )  # fmt: skip
    report(
        "room", f"{people}, pin to phone, median", part(pinned, 0.5), "ms",
        against=against, against_figure=part(direct, 0.5),
    )  # fmt: skip


async def pin(
    console: httpx.AsyncClient, show_id: UUID, product_id: UUID, sent: dict[int, int]
) -> None:
    """Pin as the console does; note the stage's number and when the operator pressed."""
    at = time.time_ns()
    answer = await console.post(
        f"/api/v1/console/shows/{show_id}/stage/pin", json={"productId": str(product_id)}
    )
    answer.raise_for_status()
    sent[answer.json()["seq"]] = at


async def straight(bus: Bus, show_id: UUID, seq: int, sent: dict[int, int]) -> None:
    """Put a stage on the bus that no database has seen."""
    stage = {"t": "stage", "seq": seq, "items": "." * STAGE_SIZE}
    told = msgspec.json.encode({"t": "told", "about": "bench", "stage": stage})
    sent[seq] = time.time_ns()
    await bus.publish(f"room.{show_id}.msg", told)


def waits(sent: dict[int, int], heard: Heard, viewers: int) -> list[float]:
    """Return how long each viewer waited for each stage, in milliseconds. All must have it."""
    found: list[float] = []
    for seq, at in sent.items():
        came = heard.came.get(seq, [])
        assert len(came) == viewers, f"stage {seq} reached {len(came)} of {viewers}"
        found += [(each - at) / 1e6 for each in came]
    return found


def part(values: list[float], share: float) -> float:
    """Return the quantile."""
    return statistics.quantiles(values, n=1000)[round(share * 1000) - 1]


async def on_air(house: House) -> tuple[UUID, list[UUID]]:
    """Put a show with six products on air."""
    async with house.database.begin(system(house.merchant_id)) as tx:
        products = [await product_on_sale(tx) for _ in range(6)]
        show_id = await planned_show(tx, products)
        await shows.start(tx, show_id)
    return show_id, [product.id for product in products]


async def watch(house: House, show_id: UUID, viewers: int) -> Process:
    """Let the viewers in; return their process once all are there."""
    settings = house.up.settings
    key, issued = settings.key("tickets"), int(time.time())

    def ticket() -> str:
        claims = Claims(show_id, house.merchant_id, new_id(), "观众", RoomRole.SHOPPER, issued)
        return f"ws://127.0.0.1:{settings.edge_port}/room?ticket={sign(claims, key)}"

    child = await create_subprocess_exec(
        sys.executable, "-m", "bench.room._viewers", stdin=PIPE, stdout=PIPE, limit=1 << 28
    )
    assert child.stdin
    assert child.stdout
    child.stdin.write(msgspec.json.encode({"addresses": [ticket() for _ in range(viewers)]}))
    child.stdin.write(b"\n")
    await child.stdin.drain()
    assert (await child.stdout.readline()).strip() == b"ready"
    await asyncio.sleep(2)  # what followed from their coming is over
    return child


async def end(watching: Process) -> Heard:
    """Send the viewers home, and read what they saw."""
    await asyncio.sleep(1)
    out, _ = await watching.communicate()
    return msgspec.json.decode(out, type=Heard)


async def acts(house: House) -> None:
    """Let operators pin as fast as they are answered, each a show of their own; then bare SQL."""
    rooms = [await on_air(house) for _ in range(OPERATORS)]
    until = time.monotonic() + SECONDS

    async def operate(show_id: UUID, products: list[UUID]) -> int:
        done = 0
        async with house.client(house.owner, staff=True) as console:
            while time.monotonic() < until:
                await pin(console, show_id, products[done % len(products)], {})
                done += 1
        return done

    done = sum(await asyncio.gather(*(operate(*room) for room in rooms)))
    bare = await statements(house, [show_id for show_id, _ in rooms])
    report(
        "room", f"{OPERATORS} operators pinning", done / SECONDS, "acts/s",
        against="the bare statements of an act", against_figure=bare,
    )  # fmt: skip


async def statements(house: House, rooms: list[UUID]) -> float:
    """Lock a stage, change it and write three facts, over and over; return how often a second."""
    url = house.up.settings.database_url
    until = time.monotonic() + SECONDS
    stage = "update stage set seq = seq + 1, acts = acts + 1 where show_id = $1"
    fact = (
        "insert into event_log (id, type, merchant_id, role, at, payload)"
        " values ($1, 'bench', $2, 'system', now(), '{}')"
    )

    async def write(show_id: UUID) -> int:
        connection = await connect(url.replace("+asyncpg", ""))
        done = 0
        while time.monotonic() < until:
            async with connection.transaction():
                await connection.fetch("select 1 from stage where show_id = $1 for update", show_id)
                await connection.execute(stage, show_id)
                await connection.executemany(
                    fact, [(new_id(), house.merchant_id) for _ in range(3)]
                )
            done += 1
        await connection.close()
        return done

    return sum(await asyncio.gather(*map(write, rooms))) / SECONDS
