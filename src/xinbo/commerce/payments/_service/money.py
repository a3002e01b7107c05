"""Open payments, and believe or refuse what providers say of them."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from xinbo.commerce import books
from xinbo.commerce.books import Leg
from xinbo.commerce.payments._models import PaymentRow, RefundRow
from xinbo.commerce.payments._rules.life import PaymentStatus, settled
from xinbo.commerce.payments._service import refunds
from xinbo.commerce.payments._service.providers import (
    Answer,
    CallbackRefused,
    News,
    ProviderUnknown,
    RefundNews,
    find,
)
from xinbo.commerce.payments._service.rows import charge, locked, shown
from xinbo.commerce.payments._types import (
    Bill,
    How,
    Payment,
    PaymentFailed,
    PaymentSucceeded,
)
from xinbo.engines.tx import Tx, system
from xinbo.identity import merchants
from xinbo.kit.errors import Invalid
from xinbo.kit.ids import NIL, new_id

FIRST_LOOK = timedelta(seconds=20)
"""How long a callback may take before the provider is asked."""
log = logging.getLogger("xinbo.payments")


class IdempotencyKeyReused(Invalid):
    """Raised when a key comes again with another request than the one it stood for."""


async def opened(tx: Tx, bill: Bill, provider: str, key: str) -> Payment | None:
    """Return the payment that this key opened before, if it did.

    Raises `IdempotencyKeyReused` if it opened one for something else.
    """
    row = await tx.db.scalar(
        select(PaymentRow).where(
            PaymentRow.merchant_id == tx.merchant_id,
            PaymentRow.shopper_id == bill.shopper_id,
            PaymentRow.idempotency_key == key,
        )
    )
    if row is None:
        return None
    if (row.order_id, row.provider) != (bill.order_id, provider):
        raise IdempotencyKeyReused(key=key)
    return shown(row)


async def open_for(tx: Tx, bill: Bill, provider: str, key: str, how: How | None = None) -> Payment:
    """Open a payment, or return the one that is pending for the same bill with that provider.

    The caller holds a lock on what the bill is for, and knows that the key is new (`opened`).
    One that is pending for another sum or purpose of the order is given up for this one: money
    that comes for it all the same is told of, and the order decides.
    """
    chosen, how = find(provider), how or How()
    if how.way is not None and how.way not in chosen.ways:
        raise ProviderUnknown(provider=provider, way=how.way)
    pending = await tx.db.scalar(
        select(PaymentRow)
        .where(
            PaymentRow.merchant_id == tx.merchant_id,
            PaymentRow.order_id == bill.order_id,
            PaymentRow.provider == provider,
            PaymentRow.status == PaymentStatus.PENDING,
        )
        .with_for_update()
    )
    if pending is not None:
        same = (pending.amount, pending.currency, pending.purpose)
        way = how.way or chosen.ways[0]
        if same == (bill.amount, bill.currency, bill.purpose) and pending.way in (None, way):
            return shown(pending)
        pending.status = PaymentStatus.FAILED
        await tx.db.flush()
        await chosen.close(tx, charge(pending))
    row = PaymentRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        order_id=bill.order_id,
        shopper_id=bill.shopper_id,
        provider=provider,
        status=PaymentStatus.PENDING,
        amount=bill.amount,
        currency=bill.currency,
        purpose=bill.purpose,
        sandbox=chosen.sandbox,
        idempotency_key=key,
        created_at=tx.now,
        expires_at=bill.expires_at,
        refunded=0,
        way=how.way or chosen.ways[0],
        check_at=tx.now + FIRST_LOOK,
        checks=0,
    )
    try:
        async with tx.db.begin_nested():
            tx.db.add(row)
    except IntegrityError:
        raise IdempotencyKeyReused(key=key) from None
    shop = (await merchants.current(tx)).slug
    asked = msgspec.structs.replace(charge(row), back=f"/{shop}/orders/{row.order_id}")
    told = await chosen.open(tx, asked, how)
    row.action, row.handle = msgspec.to_builtins(told.action), told.handle
    await tx.db.flush()
    return shown(row)


async def get(tx: Tx, payment_id: UUID) -> Payment:
    """Show how a payment stands to someone who may see it."""
    return shown(await locked(tx, payment_id, for_update=False))


async def hear(tx: Tx, provider: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Believe a provider's callback, or refuse it. Harmless to repeat, in any order.

    Nobody is signed in and no merchant is named here, so the payment says whose it is; the news
    is taken in by that merchant's system, in a transaction of its own that is committed when
    this returns what the provider wants to hear.
    """
    try:
        chosen = find(provider)
        news = await chosen.read(headers, body, tx.now)
        if news is not None:
            merchant_id = await _whose(tx, provider, news)
            async with tx.database.begin(system(merchant_id), tx.now) as own:
                if isinstance(news, News):
                    await settle(own, news)
                else:
                    await refunds.learn(own, news)
    except CallbackRefused as refusal:
        log.warning("callback of %s refused: %s", provider[:20], refusal)
        raise
    return chosen.heard


async def _whose(tx: Tx, provider: str, news: News | RefundNews) -> UUID:
    query = select(PaymentRow.merchant_id).where(PaymentRow.provider == provider)
    if isinstance(news, News):
        query = query.where(PaymentRow.id == news.payment_id)
    else:
        which = select(RefundRow.payment_id).where(RefundRow.id == news.refund_id)
        query = query.where(PaymentRow.id.in_(which))
    async with tx.database.begin(system(NIL), tx.now) as anyone:
        merchant_id = await anyone.db.scalar(query)
    if merchant_id is None:
        raise CallbackRefused(reason="payment")
    return merchant_id


async def settle(tx: Tx, news: News) -> None:
    """Take in what a provider says of a payment, if it is about exactly this money."""
    row = await locked(tx, news.payment_id)
    if (news.amount, news.currency) != (row.amount, row.currency):
        raise CallbackRefused(reason="amount")
    if not news.ref:
        if news.succeeded:
            raise CallbackRefused(reason="ref")
    elif row.provider_ref is None:
        taken = await tx.db.scalar(
            select(PaymentRow.id).where(
                PaymentRow.provider == row.provider, PaymentRow.provider_ref == news.ref
            )
        )
        if taken is not None:
            raise CallbackRefused(reason="ref")
    elif row.provider_ref != news.ref:
        raise CallbackRefused(reason="ref")
    to = settled(row.status, succeeded=news.succeeded)
    if to is None:
        return
    row.status = to
    row.settled_at = tx.now
    row.check_at = None
    if to is PaymentStatus.FAILED:
        await tx.db.flush()
        await tx.emit(PaymentFailed(payment_id=row.id, order_id=row.order_id))
        return
    row.provider_ref = news.ref
    await tx.db.flush()
    clearing = Leg(account=f"clearing:{row.provider}", unit=row.currency, amount=row.amount)
    advances = Leg(account="advances", owner_id=row.order_id, unit=row.currency, amount=-row.amount)
    await books.post(tx, f"payment:{row.id}", "payment", row.order_id, [clearing, advances])
    await tx.emit(
        PaymentSucceeded(
            payment_id=row.id, order_id=row.order_id, amount=row.amount, purpose=row.purpose
        )
    )
