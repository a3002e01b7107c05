"""What payments do by the clock: find lost callbacks, and compare books at night."""

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from xinbo.commerce.payments._rules.statements import StatementRefused
from xinbo.commerce.payments._service import reconciling
from xinbo.commerce.payments._service.checking import check_pending
from xinbo.commerce.payments._service.providers import with_statements
from xinbo.engines.tx import Database, system
from xinbo.engines.web_client import ThirdPartyAway
from xinbo.kit.ids import NIL

EVERY = 5.0
"""Seconds between two looks for payments to ask after."""
NIGHTLY_EVERY = 600.0
AT_ONCE = 100
NIGHT = timedelta(minutes=30)
"""How long after midnight in China a day is compared: late callbacks are in by then."""
log = logging.getLogger("xinbo.payments")


async def watch(database: Database) -> None:
    """Ask providers for payments that were not told of, for ever."""
    while True:
        await check_pending(database)
        await asyncio.sleep(EVERY)


async def nightly(database: Database) -> None:
    """Compare yesterday with every provider that gives its file, for ever."""
    while True:
        await reconcile_due(database)
        await asyncio.sleep(NIGHTLY_EVERY)


async def reconcile_due(database: Database, now: datetime | None = None) -> int:
    """Make the nightly reports that are due, of all merchants; return how many.

    Each in a transaction of its own. Of workers who make the same one, the first is heard.
    """
    made = 0
    async with database.begin(system(NIL), now) as tx:
        early = reconciling.yesterday(tx.now - NIGHT) != reconciling.yesterday(tx.now)
        found = [] if early else await reconciling.due(tx, with_statements(), AT_ONCE)
    for merchant_id, provider in found:
        try:
            async with database.begin(system(merchant_id), now) as tx:
                await reconciling.reconcile_day(tx, provider, None)
            made += 1
        except (IntegrityError, StatementRefused, ThirdPartyAway) as fault:
            log.warning("no report of %s for %s: %s", provider, merchant_id, type(fault).__name__)
    return made
