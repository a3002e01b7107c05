"""What after-sales do when goods leave, and when time runs out."""

import asyncio
import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from xinbo.commerce.aftersales._service import steps, sweeping
from xinbo.commerce.orders import OrderShipped
from xinbo.engines.events import Reaction
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import NIL

log = logging.getLogger("xinbo.aftersales")
AT_ONCE = 200
EVERY = 5.0
"""Seconds between two sweeps: deadlines are days."""


async def follow_shipment(tx: Tx, event: OrderShipped) -> None:
    """Tell cases that were asked for before the goods left."""
    await steps.follow_shipment(tx, event.order_id)


REACTIONS: list[Reaction[Any]] = [
    Reaction("aftersales.follow_shipment", OrderShipped, follow_shipment),
]


async def keep_time(database: Database) -> None:
    """Let deadlines act, for ever."""
    while True:
        await sweep(database)
        await asyncio.sleep(EVERY)


async def sweep(database: Database, now: datetime | None = None) -> int:
    """Let time act on the cases of all merchants; return on how many.

    Each in a transaction of its own, so one that cannot move holds up no other. Any number of
    workers may sweep at once.
    """
    moved = 0
    last: UUID | None = None
    while True:
        async with database.begin(system(NIL), now) as tx:
            found = await sweeping.due(tx, AT_ONCE, last)
        for merchant_id, case_id in found:
            last = case_id
            try:
                async with database.begin(system(merchant_id), now) as tx:
                    moved += await sweeping.run(tx, case_id)
            except XinboError as refusal:  # the next sweep tries again
                log.warning("case %s waits: %r", case_id, refusal)
        if len(found) < AT_ONCE:
            return moved
