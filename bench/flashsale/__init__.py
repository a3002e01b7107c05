"""One hot SKU, everybody at once: orders a second until it is sold out, and nothing oversold.

The real application over HTTP with the group-commit batcher, beside the same application with
the order placed by the ORM (SELECT FOR UPDATE, UPDATE, INSERT), beside the batcher without HTTP,
beside pgbench of the bare statement. Every run ends by checking the books: as many orders as
pieces, none left, none oversold. Of each case the best of `RUNS` runs is kept, peers in between.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
import urllib.request
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec

from bench.flashsale._direct import at_the_desk, bare_statement
from bench.flashsale._house import House, build
from bench.flashsale._plan import Plan, Result
from xinbo.engines.embedded import Postgres, free_port

CROWDS = (64, 256, 1000)
PIECES = {"batched": 6_000, "orm": 600, "desk": 10_000}
PATHS = {"batched": "/api/v1/orders", "orm": "/bench/orders"}
RUNS = 2
AIM = 8.0


def main() -> None:
    """Print a line for each crowd, beside each peer."""
    with tempfile.TemporaryDirectory(prefix="xinbo-bench-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        with Postgres(place / "postgres") as postgres:
            bare = bare_statement(postgres.url)
            asyncio.run(sell(postgres.url, bare))


async def sell(address: str, bare: float) -> None:
    """Let every crowd buy in every way."""
    url = address.replace("postgresql://", "postgresql+asyncpg://", 1)
    house = await build(url)
    async with server(url) as port:
        await through_http(house, port, "batched", 64, 1_000)
        await through_http(house, port, "orm", 64, 200)
        for crowd in CROWDS:
            best: dict[str, Result] = {}
            for _ in range(RUNS):
                for way, pieces in PIECES.items():
                    result = (
                        await at_the_desk(house, crowd, pieces)
                        if way == "desk"
                        else await through_http(house, port, way, crowd, pieces)
                    )
                    if way not in best or result.rate > best[way].rate:
                        best[way] = result
            lines(crowd, best, bare)
    await house.database.engine.dispose()


def lines(crowd: int, best: dict[str, Result], bare: float) -> None:
    """Print what one crowd showed. Oversold is 0 in all: each run checked its books."""
    batched, orm, desk = best["batched"], best["orm"], best["desk"]
    people = f"{crowd} buyers"
    over = "through HTTP, batched"
    line(f"{people}, {over}", batched.rate, "orders/s", "by the ORM", orm.rate, aim=AIM)
    line(f"{people}, {over}, p99", batched.p99, "ms", "by the ORM", orm.p99)
    line(f"{people}, {over}, faults", batched.other, "answers", "by the ORM", orm.other)
    line(f"{people}, {over}", batched.rate, "orders/s", "the desk without HTTP", desk.rate)
    line(f"{people}, desk without HTTP", desk.rate, "orders/s", "pgbench, bare statement", bare)


def line(  # noqa: PLR0913 # the fields of the line
    case: str, figure: float, unit: str, against: str, other: float, *, aim: float | None = None
) -> None:
    """Print one JSON line. `aim` is the least that the ratio may be."""
    ratio = figure / other if other else None
    fields = {
        "bench": "flashsale",
        "case": case,
        "figure": round(figure, 1),
        "unit": unit,
        "against": against,
        "against_figure": round(other, 1),
        "ratio": None if ratio is None else round(ratio, 2),
        "aim": aim,
        "holds": None if aim is None or ratio is None else ratio >= aim,
    }
    print(json.dumps(fields), flush=True)


async def through_http(house: House, port: int, way: str, crowd: int, pieces: int) -> Result:
    """Sell out over HTTP; check the books."""
    await house.refill(pieces)
    people = house.people[:crowd]
    plan = Plan(
        port=port,
        path=PATHS[way],
        bodies=[msgspec.json.encode(house.command(person)).decode() for person in people],
        cookies=[person.cookie for person in people],
        run=str(time.time_ns()),
    )
    crowd_process = await create_subprocess_exec(
        sys.executable, "-m", "bench.flashsale._buyers", stdin=PIPE, stdout=PIPE, env=child_env()
    )
    out, _ = await crowd_process.communicate(msgspec.json.encode(plan))
    result = msgspec.json.decode(out, type=Result)
    assert result.refused == crowd, result
    house.check(await house.sold(), result.placed, pieces)
    return result


@asynccontextmanager
async def server(url: str) -> AsyncGenerator[int]:
    """Run the application in a child until left."""
    port = free_port()
    child = await create_subprocess_exec(
        sys.executable, "-m", "bench.flashsale._server", str(port), url, env=child_env()
    )
    try:
        await answers(port)
        yield port
    finally:
        child.terminate()
        await child.wait()


async def answers(port: int) -> None:
    """Wait until the application answers."""
    for _ in range(600):
        with suppress(OSError):
            await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{port}/healthz")
            return
        await asyncio.sleep(0.1)


def child_env() -> dict[str, str]:
    """Let a child find what we find."""
    # Nobody pays here: what is measured is placing, so nobody is held to pay first.
    free = {"XINBO_UNPAID_ORDERS": "0,0,0"}
    return dict(os.environ) | free | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
