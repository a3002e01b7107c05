"""The rows that one checkout leaves, written again and again with nothing else done.

A checkout that was really made is the pattern. Its rows are copied with new ids, column by column,
by statements that are prepared once a connection, all in one transaction: two lines into the cart
and out again, stock reserved, the order and its lines, its event, its payment.
"""

import asyncio
import time
from typing import Any
from uuid import UUID

import asyncpg  # pyright: ignore[reportMissingTypeStubs]

from xinbo.kit.ids import new_id

connect: Any = asyncpg.connect  # pyright: ignore[reportUnknownVariableType] # it has no types

CONNECTIONS = 12
"""As many as the application may have."""
TABLES = {
    "order": ("id", 'select * from "order" where id = $1'),
    "order_line": ("order_id", "select * from order_line where order_id = $1 order by position"),
    "reservation": ("holder_id", "select * from reservation where holder_id = $1 order by sku_id"),
    "event_log": ("about_id", "select * from event_log where about_id = $1 order by seq limit 1"),
    "payment": ("order_id", "select * from payment where order_id = $1"),
}
"""Where an order's id stands in each table, and how to find its rows."""
NOT_OURS = {"serial", "seq", "xid"}
"""Columns that the database fills."""
PUT = """
insert into cart_line (merchant_id, shopper_id, sku_id, quantity, show_id, added_at)
values ($1, $2, $3, $4, null, now())
on conflict (merchant_id, shopper_id, sku_id) do update set quantity = excluded.quantity
"""
TAKE_OUT = "delete from cart_line where merchant_id = $1 and shopper_id = $2 and sku_id = any($3)"
RESERVE = """
update stock set reserved = reserved + $4
where merchant_id = $1 and sku_id = $2 and pool_id = $3 and reserved + $4 <= on_hand
"""


class Pattern:
    """The rows of one checkout, and the statements that write them."""

    def __init__(self, rows: dict[str, list[Any]]) -> None:
        self.order = rows["order"][0]
        self.lines = rows["order_line"]
        self.shelves = rows["reservation"]
        self.inserts: list[tuple[str, int, list[list[Any]], list[int]]] = []
        """Each statement, where the order's id stands, the rows, and what else must be new."""
        for table, found in rows.items():
            names = [name for name, _ in found[0].items() if name not in NOT_OURS]
            listed = ", ".join(f'"{name}"' for name in names)
            marks = ", ".join(f"${n}" for n in range(1, len(names) + 1))
            statement = f'insert into "{table}" ({listed}) values ({marks})'  # noqa: S608 # names
            own = [names.index(name) for name in ("id", "idempotency_key") if name in names]
            values = [[row[name] for name in names] for row in found]
            self.inserts.append((statement, names.index(TABLES[table][0]), values, own))

    async def write(self, connection: Any, shopper_id: UUID) -> None:
        """Write them once more, as another shopper's."""
        order_id, merchant_id = new_id(), self.order["merchant_id"]
        skus = [line["sku_id"] for line in self.lines]
        async with connection.transaction():
            for line in self.lines:
                await connection.execute(
                    PUT, merchant_id, shopper_id, line["sku_id"], line["quantity"]
                )
            for shelf in self.shelves:
                await connection.execute(
                    RESERVE, merchant_id, shelf["sku_id"], shelf["pool_id"], shelf["quantity"]
                )
            for statement, about, values, own in self.inserts:
                for row in values:
                    fresh = list(row)
                    for place in own:
                        is_id = isinstance(row[place], UUID)
                        fresh[place] = new_id() if is_id else str(order_id)
                    fresh[about] = order_id
                    await connection.execute(statement, *fresh)
            await connection.execute(TAKE_OUT, merchant_id, shopper_id, skus)


async def bare(address: str, seconds: float) -> float:
    """Return such transactions a second, over as many connections as the application has."""
    connections = [await connect(address) for _ in range(CONNECTIONS)]
    first = connections[0]
    for connection in connections:
        for kind in ("json", "jsonb"):
            await connection.set_type_codec(kind, encoder=str, decoder=str, schema="pg_catalog")
        await connection.set_type_codec("xid8", encoder=str, decoder=str, schema="pg_catalog")
    orders: list[UUID] = [
        row["id"]
        for row in await first.fetch(
            'select o.id from "order" o join payment p on p.order_id = o.id '
            "where o.status = 'awaiting_payment' order by random() limit 200"
        )
    ]
    patterns = [
        Pattern({table: await first.fetch(sql, order) for table, (_, sql) in TABLES.items()})
        for order in orders
    ]
    ends = time.perf_counter() + seconds
    written = 0

    async def write(connection: Any, turn: int) -> None:
        nonlocal written
        while time.perf_counter() < ends:
            turn += 1
            await patterns[turn % len(patterns)].write(connection, new_id())
            written += 1

    began = time.perf_counter()
    await asyncio.gather(*(write(each, n * 16) for n, each in enumerate(connections)))
    took = time.perf_counter() - began
    for connection in connections:
        await connection.close()
    return written / took


async def create_database(address: str, name: str) -> None:
    """Make an empty database beside ours."""
    connection = await connect(address)
    await connection.execute(f"create database {name}")
    await connection.close()
