"""Keep products findable: those of before there was an index, or of older rules."""

import asyncio
from itertools import groupby

from xinbo.commerce.catalog._service import indexing
from xinbo.engines.tx import Database, system
from xinbo.kit.ids import NIL

AT_ONCE = 500
EVERY = 30.0
"""Seconds between two looks."""


async def keep_index(database: Database) -> None:
    """Write anew what products are found by where it is missing or old, for ever."""
    while True:
        await sweep(database)
        await asyncio.sleep(EVERY)


async def sweep(database: Database) -> int:
    """Do it for the products of all merchants; return how many. Harmless to do at once."""
    done = 0
    while True:
        async with database.begin(system(NIL)) as tx:
            found = sorted(await indexing.stale(tx, AT_ONCE))
        for merchant_id, pairs in groupby(found, lambda pair: pair[0]):
            async with database.begin(system(merchant_id)) as tx:
                await indexing.index_again(tx, [product_id for _, product_id in pairs])
        done += len(found)
        if len(found) < AT_ONCE:
            return done
