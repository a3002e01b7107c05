"""Open payments, believe or refuse what providers say of them, send money back."""

import logging
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.exc import IntegrityError

from xinbo.commerce.payments._models import PaymentRow
from xinbo.commerce.payments._rules import PaymentStatus, settled
from xinbo.commerce.payments._service.providers import CallbackRefused, News, find
from xinbo.commerce.payments._types import (
    Bill,
    Payment,
    PaymentFailed,
    PaymentRefunded,
    PaymentSucceeded,
)
from xinbo.engines.tx import Actor, Role, Tx, system
from xinbo.identity.access import Can, allowed
from xinbo.kit.errors import Invalid, NotFound
from xinbo.kit.ids import NIL, new_id

log = logging.getLogger("xinbo.payments")


class PaymentNotFound(NotFound):
    """Raised when there is no such payment, or the actor may not see it: the two look alike."""


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
    return Payment.of(row)


async def open_for(tx: Tx, bill: Bill, provider: str, key: str) -> Payment:
    """Open a payment, or return the one that is pending for the order with that provider.

    The caller holds a lock on what the bill is for, and knows that the key is new (`opened`).
    """
    chosen = find(provider)
    pending = await tx.db.scalar(
        select(PaymentRow).where(
            PaymentRow.merchant_id == tx.merchant_id,
            PaymentRow.order_id == bill.order_id,
            PaymentRow.provider == provider,
            PaymentRow.status == PaymentStatus.PENDING,
        )
    )
    if pending is not None:
        return Payment.of(pending)
    row = PaymentRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        order_id=bill.order_id,
        shopper_id=bill.shopper_id,
        provider=provider,
        status=PaymentStatus.PENDING,
        amount=bill.amount,
        currency=bill.currency,
        sandbox=chosen.sandbox,
        idempotency_key=key,
        created_at=tx.now,
        expires_at=bill.expires_at,
    )
    try:
        async with tx.db.begin_nested():
            tx.db.add(row)
    except IntegrityError:
        raise IdempotencyKeyReused(key=key) from None
    payment = Payment.of(row)
    await chosen.open(tx, payment)
    return payment


async def get(tx: Tx, payment_id: UUID) -> Payment:
    """Show how a payment stands to someone who may see it."""
    return Payment.of(await locked(tx, payment_id, for_update=False))


async def hear(tx: Tx, provider: str, headers: Mapping[str, str], body: bytes) -> None:
    """Believe a provider's callback, or refuse it. Harmless to repeat, in any order.

    Nobody is signed in and no merchant is named here, so the payment says whose it is; the news
    is taken in by that merchant's system, in a transaction of its own that is committed when
    this returns.
    """
    try:
        news = find(provider).read(headers, body, tx.now)
        merchant_id = await _whose(tx, provider, news.payment_id)
        async with tx.database.begin(system(merchant_id), tx.now) as own:
            await _settle(own, news)
    except CallbackRefused as refusal:
        log.warning("callback of %s refused: %s", provider[:20], refusal)
        raise


async def _whose(tx: Tx, provider: str, payment_id: UUID) -> UUID:
    async with tx.database.begin(system(NIL), tx.now) as anyone:
        merchant_id = await anyone.db.scalar(
            select(PaymentRow.merchant_id).where(
                PaymentRow.id == payment_id, PaymentRow.provider == provider
            )
        )
    if merchant_id is None:
        raise CallbackRefused(reason="payment")
    return merchant_id


async def _settle(tx: Tx, news: News) -> None:
    row = await locked(tx, news.payment_id)
    if (news.amount, news.currency) != (row.amount, row.currency):
        raise CallbackRefused(reason="amount")
    if row.provider_ref is None:
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
    row.provider_ref = news.ref
    row.settled_at = tx.now
    await tx.db.flush()
    if to is PaymentStatus.SUCCEEDED:
        await tx.emit(PaymentSucceeded(payment_id=row.id, order_id=row.order_id, amount=row.amount))
    else:
        await tx.emit(PaymentFailed(payment_id=row.id, order_id=row.order_id))


async def refund(tx: Tx, payment_id: UUID, reason: str) -> None:
    """Send a payment's money back, once, however often this is asked."""
    row = await locked(tx, payment_id)
    if row.status is not PaymentStatus.SUCCEEDED:
        return
    row.status = PaymentStatus.REFUNDING
    row.refund_reason = reason
    await tx.db.flush()
    await tx.start(send_back, str(payment_id), key=f"refund-{payment_id}")


async def send_back(tx: Tx, payment_id: str) -> None:
    """Have the provider pay back. A job: `refund` starts it, once a payment."""
    row = await locked(tx, UUID(payment_id))
    if row.status is not PaymentStatus.REFUNDING:
        return
    await find(row.provider).refund(tx, Payment.of(row))
    row.status = PaymentStatus.REFUNDED
    row.refunded_at = tx.now
    await tx.db.flush()
    await tx.emit(
        PaymentRefunded(
            payment_id=row.id,
            order_id=row.order_id,
            amount=row.amount,
            reason=row.refund_reason or "",
        )
    )


async def locked(tx: Tx, payment_id: UUID, *, for_update: bool = True) -> PaymentRow:
    """Fetch the payment if the actor may see it; lock it first where it is about to change."""
    query = (
        select(PaymentRow)
        .where(PaymentRow.id == payment_id, _visible(tx.actor))
        .execution_options(populate_existing=True)
    )
    row = await tx.db.scalar(query.with_for_update() if for_update else query)
    if row is None:
        raise PaymentNotFound(payment_id=payment_id)
    return row


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show shoppers their own payments, the merchant's to the system and staff who see orders."""
    of_the_merchant = PaymentRow.merchant_id == actor.merchant_id
    if actor.role is Role.SHOPPER:
        return and_(of_the_merchant, PaymentRow.shopper_id == actor.user_id)
    return of_the_merchant if Can.SEE_ORDERS in allowed(actor.role) else false()
