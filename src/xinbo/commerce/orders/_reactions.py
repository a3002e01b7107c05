"""What orders do when money comes in, and when time runs out."""

import asyncio
from datetime import datetime
from typing import Any

from xinbo.commerce.orders._service import life
from xinbo.commerce.payments import PaymentSucceeded
from xinbo.engines.events import Reaction
from xinbo.engines.jobs import Job
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.ids import NIL

AT_ONCE = 200
EVERY = 1.0
"""Seconds between two sweeps."""


async def count_payment(tx: Tx, event: PaymentSucceeded) -> None:
    """Count the money for its order, or send it back."""
    await life.mark_paid(tx, event.order_id, event.payment_id, event.amount)


JOBS: tuple[Job, ...] = ()
"""None: orders are expired by a sweep, which a flash sale's thousands do not outgrow."""

REACTIONS: list[Reaction[Any]] = [
    Reaction("orders.count_payment", PaymentSucceeded, count_payment),
]


async def expire(database: Database) -> None:
    """Cancel orders whose time is up, for ever."""
    while True:
        await sweep(database)
        await asyncio.sleep(EVERY)


async def sweep(database: Database, now: datetime | None = None) -> int:
    """Cancel the orders of all merchants whose time is up; return how many.

    Each in a transaction of its own. Any number of workers may sweep at once.
    """
    ended = 0
    while True:
        async with database.begin(system(NIL), now) as tx:
            found = await life.due(tx, AT_ONCE)
        progress = 0
        for merchant_id, order_id in found:
            async with database.begin(system(merchant_id), now) as tx:
                progress += await life.expire_unpaid(tx, order_id)
        ended += progress
        if len(found) < AT_ONCE or not progress:
            return ended
