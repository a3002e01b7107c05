"""Send money back: never more than came, once per key, until it is there or refused for good."""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from xinbo.commerce import books
from xinbo.commerce.books import Leg
from xinbo.commerce.payments._models import PaymentRow, RefundRow
from xinbo.commerce.payments._rules.life import (
    PAID,
    PaymentStatus,
    RefundStatus,
    standing,
    to_refund,
)
from xinbo.commerce.payments._service.providers import RefundAsk, RefundNews, Returned, find
from xinbo.commerce.payments._service.rows import charge, locked, locked_refund
from xinbo.commerce.payments._types import PaymentRefunded, Refund, RefundFailed
from xinbo.engines.tx import Tx
from xinbo.engines.web_client import ThirdPartyAway
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page

ALL = "all"
"""The key of a refund that names none: everything that is left, once."""
AGAIN_AFTER = (1, 2, 5, 10, 30, 60, 300, 900, *[3600] * 24, *[14400] * 12)
"""Seconds between two tries to have it sent: three days in all."""
log = logging.getLogger("xinbo.payments")


class RefundNotFailed(Conflict):
    """Raised when a refund is to be tried again by hand that has not failed (`status`)."""


async def refund(
    tx: Tx, payment_id: UUID, amount: int | None = None, key: str | None = None, reason: str = ""
) -> Refund | None:
    """Send `amount` of a payment back, or all that is left: once per key, however often asked.

    Refunds that are on their way count as gone. Raises `RefundTooLarge`; where everything is
    asked for and there is nothing, returns None.
    """
    row = await locked(tx, payment_id)
    earlier = await tx.db.scalar(
        select(RefundRow).where(RefundRow.payment_id == row.id, RefundRow.key == (key or ALL))
    )
    if earlier is not None:
        return Refund.of(earlier)
    asked = await _sum(tx, row, RefundStatus.PENDING, RefundStatus.SENT)
    wanted = to_refund(row.amount if row.status in PAID else asked, asked, amount)
    if not wanted:
        return None
    made = RefundRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        payment_id=row.id,
        order_id=row.order_id,
        key=key or ALL,
        amount=wanted,
        currency=row.currency,
        reason=reason,
        status=RefundStatus.PENDING,
        tries=0,
        why="",
        at=tx.now,
    )
    tx.db.add(made)
    row.status = PaymentStatus.REFUNDING
    row.refund_reason = reason
    await tx.db.flush()
    await tx.start(send_back, str(made.id), 0, key=f"refund-{made.id}")
    return Refund.of(made)


async def send_back(tx: Tx, refund_id: str, tries: int) -> None:
    """Have the provider pay back. A job: `refund` starts it, and it starts itself again.

    The provider knows the refund by its id, so to ask once more after a crash is harmless.
    """
    made = await locked_refund(tx, UUID(refund_id))
    if made.status is not RefundStatus.PENDING or made.tries != tries:
        return
    row = await locked(tx, made.payment_id, for_update=False)
    try:
        ask = RefundAsk(refund_id=made.id, amount=made.amount, reason=made.reason)
        returned = await find(row.provider).refund(tx, charge(row), ask)
    except ThirdPartyAway as away:
        returned = Returned(status=RefundStatus.PENDING, why=f"away: {away}")
    made.tries += 1
    if returned.status is RefundStatus.PENDING and made.tries > len(AGAIN_AFTER):
        returned = Returned(status=RefundStatus.FAILED, why=returned.why or "no answer")
    if returned.status is RefundStatus.PENDING:
        made.why = returned.why
        await tx.db.flush()
        wait = timedelta(seconds=AGAIN_AFTER[min(tries, len(AGAIN_AFTER) - 1)])
        key = f"refund-{made.id}-{made.tries}"
        await tx.start(send_back, refund_id, made.tries, key=key, delay=wait)
        return
    await _end(tx, made, returned)


async def learn(tx: Tx, news: RefundNews) -> None:
    """Take in what a provider says of a refund. Harmless to repeat."""
    made = await locked_refund(tx, news.refund_id)
    if made.status is RefundStatus.PENDING and news.status is not RefundStatus.PENDING:
        await _end(tx, made, Returned(status=news.status, why=news.why))


async def try_again(tx: Tx, refund_id: UUID) -> Refund:
    """Ask the provider once more for a refund that failed.

    Raises `RefundNotFailed`, or `RefundTooLarge` if the money went back under another key.
    """
    require(tx, Can.SERVE_ORDERS)
    made = await locked_refund(tx, refund_id)
    if made.status is not RefundStatus.FAILED:
        raise RefundNotFailed(status=made.status)
    row = await locked(tx, made.payment_id)
    asked = await _sum(tx, row, RefundStatus.PENDING, RefundStatus.SENT)
    to_refund(row.amount, asked, made.amount)
    made.status = RefundStatus.PENDING
    made.settled_at = None
    made.tries += 1
    row.status = PaymentStatus.REFUNDING
    await tx.db.flush()
    # Tries count on, so that each has a key of its own.
    await tx.start(send_back, str(made.id), made.tries, key=f"refund-{made.id}-{made.tries}")
    return Refund.of(made)


async def refunds_of(tx: Tx, payment_id: UUID) -> list[Refund]:
    """List a payment's refunds, the first asked for first."""
    row = await locked(tx, payment_id, for_update=False)
    rows = await tx.db.scalars(
        select(RefundRow)
        .where(RefundRow.payment_id == row.id, RefundRow.merchant_id == tx.merchant_id)
        .order_by(RefundRow.id)
    )
    return [Refund.of(each) for each in rows]


async def refund_page(
    tx: Tx, status: RefundStatus | None, cursor: str | None, limit: int
) -> Page[Refund]:
    """List the merchant's refunds, newest first."""
    require(tx, Can.SEE_MONEY)
    query = (
        select(RefundRow)
        .where(RefundRow.merchant_id == tx.merchant_id)
        .order_by(RefundRow.id.desc())
        .limit(limit + 1)
    )
    if status is not None:
        query = query.where(RefundRow.status == status)
    if (last := after(cursor)) is not None:
        query = query.where(RefundRow.id < last)
    rows = (await tx.db.scalars(query)).all()
    return page(rows, limit, Refund.of, lambda row: row.id)


async def _end(tx: Tx, made: RefundRow, returned: Returned) -> None:
    """Note that a refund was sent, or never will be."""
    row = await locked(tx, made.payment_id)
    made.status, made.why, made.settled_at = returned.status, returned.why, tx.now
    await tx.db.flush()
    sent = await _sum(tx, row, RefundStatus.SENT)
    row.refunded = sent
    row.status = standing(row.amount, sent, await _sum(tx, row, RefundStatus.PENDING))
    if returned.status is RefundStatus.FAILED:
        log.error("%s will not send refund %s back: %s", row.provider, made.id, returned.why)
        await tx.db.flush()
        await tx.emit(
            RefundFailed(
                payment_id=row.id,
                refund_id=made.id,
                order_id=row.order_id,
                amount=made.amount,
                key=made.key,
                why=returned.why,
            )
        )
        return
    row.refunded_at = tx.now
    await tx.db.flush()
    payable = Leg(
        account="refunds_payable", owner_id=row.order_id, unit=row.currency, amount=made.amount
    )
    clearing = Leg(account=f"clearing:{row.provider}", unit=row.currency, amount=-made.amount)
    await books.post(tx, f"refund:{made.id}", "refund", row.order_id, [payable, clearing])
    await tx.emit(
        PaymentRefunded(
            payment_id=row.id,
            order_id=row.order_id,
            amount=made.amount,
            reason=made.reason,
            key=made.key,
        )
    )


async def _sum(tx: Tx, row: PaymentRow, *statuses: RefundStatus) -> int:
    found = await tx.db.scalar(
        select(func.coalesce(func.sum(RefundRow.amount), 0)).where(
            RefundRow.payment_id == row.id, RefundRow.status.in_(statuses)
        )
    )
    return int(found or 0)
