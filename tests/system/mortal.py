"""A process that is killed at its n-th step: run as `python -m tests.system.mortal URL`.

It reads one wish a line (`{"step": n, "deed": …, "args": …}`), forks, and lets the child do the
deed until the child's n-th word with the database, at which the kernel ends it: SIGKILL, no
clean-up, nothing flushed. It answers `killed`, or `done` where the deed took fewer steps.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import event

from xinbo.commerce import groups, orders, payments
from xinbo.commerce.orders import OrderDesk, PlaceOrder, RefundAsk
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Actor, Database, Role, system
from xinbo.kit.ids import NIL

DONE, KILLED = "done", "killed"


class Wish(msgspec.Struct):
    """What to do, and at which step to die."""

    step: int
    deed: str
    args: dict[str, Any]


async def place(database: Database, merchant: UUID, args: dict[str, Any]) -> None:
    """Place an order."""
    actor = Actor(merchant, Role.SHOPPER, UUID(args["shopper"]))
    command = msgspec.convert(args["command"], PlaceOrder)
    desk = OrderDesk(database, batched=args["batched"])
    async with database.begin(actor) as tx:
        await desk.place(tx, UUID(args["shopper"]), command, args["key"])


async def hear(database: Database, _merchant: UUID, args: dict[str, Any]) -> None:
    """Hear that a payment came."""
    async with database.begin(Actor(NIL, Role.GUEST)) as tx:
        await payments.hear(tx, "sandbox", args["headers"], args["body"].encode())


async def count(database: Database, merchant: UUID, args: dict[str, Any]) -> None:
    """Count a payment for its order."""
    async with database.begin(system(merchant)) as tx:
        await orders.mark_paid(tx, UUID(args["order"]), UUID(args["payment"]), args["amount"])


async def refund(database: Database, merchant: UUID, args: dict[str, Any]) -> None:
    """Decide a refund."""
    async with database.begin(system(merchant)) as tx:
        await orders.refund(tx, UUID(args["order"]), msgspec.convert(args["ask"], RefundAsk))


async def send_back(database: Database, merchant: UUID, args: dict[str, Any]) -> None:
    """Have the provider pay back."""
    async with database.begin(system(merchant)) as tx:
        await payments.send_back(tx, args["refund"], 0)


async def fail(database: Database, merchant: UUID, args: dict[str, Any]) -> None:
    """End a group whose time is up, and its orders."""
    now = datetime.fromisoformat(args["now"])
    async with database.begin(system(merchant), now) as tx:
        await groups.fail(tx, UUID(args["group"]))
    for order_id in args["orders"]:
        async with database.begin(system(merchant), now) as tx:
            await orders.fail_group(tx, UUID(order_id))


DEEDS: dict[str, Callable[[Database, UUID, dict[str, Any]], Awaitable[None]]] = {
    each.__name__: each for each in (place, hear, count, refund, send_back, fail)
}


def die_at(database: Database, step: int) -> None:
    """Count statements, commits included, and die at one of them."""
    left = step

    def tick(*_: object, **__: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", tick)
    event.listen(engine, "commit", tick)
    event.listen(engine, "checkin", tick)


async def act(url: str, wish: Wish) -> None:
    """Do the deed in a process that may die of it."""
    database = Database(url, RecordedJobs(), pool=1)
    die_at(database, wish.step)
    await DEEDS[wish.deed](database, UUID(wish.args["merchant"]), wish.args)


def main() -> None:
    """Answer wishes until there are no more."""
    url = sys.argv[1]
    sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        wish = msgspec.json.decode(line, type=Wish)
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(act(url, wish))
            except BaseException as fault:  # noqa: BLE001 # said aloud, then the end
                sys.stderr.write(f"{fault!r}\n")
                sys.stderr.flush()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        answers = {0: DONE, signal.SIGKILL: KILLED}
        sys.stdout.write(answers.get(status, f"failed {status}") + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
