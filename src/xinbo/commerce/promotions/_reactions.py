"""What promotions do when the clock says so: begin, end, and let coupons end."""

import asyncio
import itertools
from datetime import datetime
from operator import itemgetter

from xinbo.commerce.promotions._service import clock, wallet
from xinbo.engines.tx import Database, system
from xinbo.kit.ids import NIL

AT_ONCE = 200
EVERY = 1.0
"""Seconds between two sweeps. Prices and claims go by the clock; stock waits for the sweep."""


async def keep_time(database: Database) -> None:
    """Begin and end promotions, and let coupons end, for ever."""
    while True:
        await sweep(database)
        await asyncio.sleep(EVERY)


async def sweep(database: Database, now: datetime | None = None) -> int:
    """Begin, end and expire what is due, of all merchants; return how many.

    Each promotion in a transaction of its own. Any number of workers may sweep at once.
    """
    done = 0
    while True:
        async with database.begin(system(NIL), now) as tx:
            found = await clock.due(tx, AT_ONCE)
        progress = 0
        for merchant_id, promotion_id in found:
            async with database.begin(system(merchant_id), now) as tx:
                progress += await clock.turn(tx, promotion_id)
        done += progress
        if len(found) < AT_ONCE or not progress:
            break
    return done + await _expire(database, now)


async def _expire(database: Database, now: datetime | None) -> int:
    done = 0
    while True:
        async with database.begin(system(NIL), now) as tx:
            found = sorted(await wallet.overdue(tx, AT_ONCE))
        progress = 0
        for merchant_id, some in itertools.groupby(found, itemgetter(0)):
            async with database.begin(system(merchant_id), now) as tx:
                progress += await wallet.expire(tx, [coupon_id for _, coupon_id in some])
        done += progress
        if len(found) < AT_ONCE or not progress:
            return done
