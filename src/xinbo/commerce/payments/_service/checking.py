"""Ask providers of payments whose callback has not come, and close those whose time is up."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from xinbo.commerce.payments._models import PaymentRow
from xinbo.commerce.payments._rules.life import PaymentStatus
from xinbo.commerce.payments._service.money import settle
from xinbo.commerce.payments._service.providers import (
    CallbackRefused,
    News,
    ProviderUnknown,
    find,
)
from xinbo.commerce.payments._service.rows import charge, locked
from xinbo.engines.tx import Database, Tx, system
from xinbo.engines.web_client import ThirdPartyAway
from xinbo.kit.ids import NIL

AGAIN_AFTER = (20, 40, 60, 120, 240, 420, 900, 1800, 3600)
"""Seconds between two looks; the last goes on for ever after."""
GIVE_UP = timedelta(days=2)
"""How long after its time a payment is looked for that its provider would not close."""
AT_ONCE = 50
log = logging.getLogger("xinbo.payments")


async def check_pending(database: Database, now: datetime | None = None) -> int:
    """Ask for the state of every payment whose turn it is, of all merchants; return how many.

    Each in a transaction of its own. Any number of workers may check at once.
    """
    checked = 0
    while True:
        async with database.begin(system(NIL), now) as tx:
            found = await _due(tx)
        for merchant_id, payment_id in found:
            async with database.begin(system(merchant_id), now) as tx:
                checked += await check(tx, payment_id)
        if len(found) < AT_ONCE:
            return checked


async def _due(tx: Tx) -> list[tuple[UUID, UUID]]:
    found = await tx.db.execute(
        select(PaymentRow.merchant_id, PaymentRow.id)
        .where(PaymentRow.check_at <= tx.now)
        .order_by(PaymentRow.check_at)
        .limit(AT_ONCE)
    )
    return [(merchant_id, payment_id) for merchant_id, payment_id in found]


async def check(tx: Tx, payment_id: UUID) -> bool:
    """Ask the provider how a payment stands, if it is this one's turn; say whether it was.

    The turn is taken first, aside: other workers pass it by, and no lock is held meanwhile.
    """
    async with tx.aside() as own:
        row = await locked(own, payment_id)
        if row.check_at is None or row.check_at > tx.now:
            return False
        wait = AGAIN_AFTER[min(row.checks, len(AGAIN_AFTER) - 1)]
        row.checks += 1
        row.check_at = tx.now + timedelta(seconds=wait)
        if row.status is not PaymentStatus.PENDING or row.expires_at + GIVE_UP < tx.now:
            row.check_at = None
        name, asked, over = row.provider, charge(row), row.expires_at <= tx.now
        if row.check_at is None and row.status is not PaymentStatus.PENDING:
            return True
    try:
        provider = find(name)
        news = await provider.look(tx, asked)
        if news is None and over:
            # Nobody can pay any more once it is closed; who did in between is found by the look.
            await provider.close(tx, asked)
            news = await provider.look(tx, asked) or News(
                payment_id=payment_id,
                ref="",
                succeeded=False,
                amount=asked.amount,
                currency=asked.currency,
            )
        if news is not None:
            await settle(tx, news)
    except (ThirdPartyAway, ProviderUnknown, CallbackRefused) as fault:
        log.warning("%s does not say how %s stands: %s", name, payment_id, fault)
    return True
