"""What complaints do when time runs out."""

import asyncio
import logging
from datetime import datetime
from uuid import UUID

from xinbo.commerce.complaints._service import life
from xinbo.engines.tx import Database, system
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import NIL

log = logging.getLogger("xinbo.complaints")
AT_ONCE = 200
EVERY = 5.0
"""Seconds between two sweeps: deadlines are days."""


async def keep_time(database: Database) -> None:
    """Let deadlines act, for ever."""
    while True:
        await sweep(database)
        await asyncio.sleep(EVERY)


async def sweep(database: Database, now: datetime | None = None) -> int:
    """Let time act on the complaints of all merchants; return on how many.

    Each in a transaction of its own, so one that cannot move holds up no other. Any number of
    workers may sweep at once.
    """
    moved = 0
    last: UUID | None = None
    while True:
        async with database.begin(system(NIL), now) as tx:
            found = await life.due(tx, AT_ONCE, last)
        for merchant_id, complaint_id in found:
            last = complaint_id
            try:
                async with database.begin(system(merchant_id), now) as tx:
                    moved += await life.run(tx, complaint_id)
            except XinboError as refusal:  # the next sweep tries again
                log.warning("complaint %s waits: %r", complaint_id, refusal)
        if len(found) < AT_ONCE:
            return moved
