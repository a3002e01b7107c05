"""What games do by themselves: close in time, reveal, count for the stage, end with the show."""

import asyncio
import logging
from datetime import datetime

from xinbo.engines.events import Reaction
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import NIL
from xinbo.live.games._service import running
from xinbo.live.shows import ShowEnded

log = logging.getLogger("xinbo.games")
AT_ONCE = 200
EVERY = 1.0
"""Seconds between two sweeps, and so between two stages that tell how many are in."""


async def keep_time(database: Database) -> None:
    """Close, reveal and count for ever."""
    while True:
        await sweep(database)
        await asyncio.sleep(EVERY)


async def sweep(database: Database, now: datetime | None = None) -> int:
    """Do what is due to every play of every merchant; return how many changed.

    Each in a transaction of its own; a list that was tampered with stays closed and holds up
    nothing else.
    """
    async with database.begin(system(NIL), now) as tx:
        found = await running.due(tx, AT_ONCE)
    done = 0
    for merchant_id, run_id in found:
        try:
            async with database.begin(system(merchant_id), now) as tx:
                done += await running.turn(tx, run_id)
        except XinboError as refused:
            log.warning("%s: %r", run_id, refused)
    return done


async def on_show_ended(tx: Tx, event: ShowEnded) -> None:
    """Close what still runs in a show that is over."""
    await running.end_all(tx, event.show_id)


REACTIONS = (Reaction("games.show_ended", ShowEnded, on_show_ended),)
