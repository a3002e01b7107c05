"""What orders do when money comes in, when groups end, and when time runs out."""

import asyncio
from datetime import datetime
from typing import Any

from xinbo.commerce import groups
from xinbo.commerce.groups import GroupFailed, GroupSucceeded
from xinbo.commerce.orders._service import life, sweeping
from xinbo.commerce.payments import PaymentRefunded, PaymentSucceeded
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


async def complete_group(tx: Tx, event: GroupSucceeded) -> None:
    """Let the group's orders be sent."""
    for order_id in sorted(event.order_ids):
        await life.complete_group(tx, order_id)


async def fail_group(tx: Tx, event: GroupFailed) -> None:
    """End the group's orders; what was paid goes back."""
    for order_id in sorted(event.order_ids):
        await life.fail_group(tx, order_id)


async def tell_group(tx: Tx, event: PaymentRefunded) -> None:
    """Show the members of a failed group that their money is back."""
    await groups.refunded(tx, event.order_id)


JOBS: tuple[Job, ...] = ()
"""None: orders are moved on by a sweep, which a flash sale's thousands do not outgrow."""

REACTIONS: list[Reaction[Any]] = [
    Reaction("orders.count_payment", PaymentSucceeded, count_payment),
    Reaction("orders.complete_group", GroupSucceeded, complete_group),
    Reaction("orders.fail_group", GroupFailed, fail_group),
    Reaction("orders.tell_group", PaymentRefunded, tell_group),
]


async def expire(database: Database) -> None:
    """Move on orders and groups whose time is up, for ever."""
    while True:
        await sweep(database)
        await asyncio.sleep(EVERY)


async def sweep(database: Database, now: datetime | None = None) -> int:
    """Move on the orders and groups of all merchants whose time is up; return how many.

    Each in a transaction of its own. Any number of workers may sweep at once.
    """
    moved = 0
    while True:
        async with database.begin(system(NIL), now) as tx:
            found = await life.due(tx, AT_ONCE)
            over = await groups.due(tx, AT_ONCE)
        progress = 0
        for merchant_id, group_id in over:
            async with database.begin(system(merchant_id), now) as tx:
                progress += bool(await groups.fail(tx, group_id))
        for merchant_id, order_id in found:
            async with database.begin(system(merchant_id), now) as tx:
                progress += await sweeping.move_on(tx, order_id)
        moved += progress
        if max(len(found), len(over)) < AT_ONCE or not progress:
            return moved
