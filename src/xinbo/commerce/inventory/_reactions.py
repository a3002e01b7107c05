"""Watch stock that orders change: they must not wait for who wants to know."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count, groupby
from uuid import UUID

from xinbo.commerce.inventory._service import watching
from xinbo.engines.tx import Database, system
from xinbo.kit.ids import NIL

EVERY = 3.0
"""Seconds between two looks."""
ALL_EVERY = 200
"""Looks between two at all that is watched."""
BACK = timedelta(seconds=30)
"""How far back a look goes: longer than an order takes to be placed."""
AT_ONCE = 500
MOST = 20_000


async def watch(database: Database) -> None:
    """Look at what orders and shows touched, for ever."""
    for number in count():
        await sweep(database, whole=number % ALL_EVERY == 0)
        await asyncio.sleep(EVERY)


async def sweep(database: Database, now: datetime | None = None, *, whole: bool = False) -> int:
    """Look once at what was touched or set aside lately; return at how many SKUs.

    Any number of workers may sweep at once: what is low is said once all the same.
    """
    async with database.begin(system(NIL), now) as tx:
        found = set(await watching.touched(tx, MOST))
        found |= set(await watching.reserved_since(tx, first_id(tx.now - BACK), MOST))
        if whole:
            found |= set(await watching.watched(tx))
    await _look(database, now, sorted(found))
    return len(found)


def first_id(at: datetime) -> UUID:
    """Return an id smaller than all made from this moment on (UUIDv7)."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


async def _look(
    database: Database, now: datetime | None, pairs: Iterable[tuple[UUID, UUID]]
) -> None:
    for merchant_id, mine in groupby(pairs, lambda pair: pair[0]):
        ids = [sku_id for _, sku_id in mine]
        for at in range(0, len(ids), AT_ONCE):
            async with database.begin(system(merchant_id), now) as tx:
                await watching.look(tx, ids[at : at + AT_ONCE])
