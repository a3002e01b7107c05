"""Find payments: who may see them, and what is shown of them."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, false, select

from xinbo.commerce.payments._models import PaymentRow, RefundRow
from xinbo.commerce.payments._rules.life import PaymentStatus
from xinbo.commerce.payments._service.providers import Charge
from xinbo.commerce.payments._types import NOTHING, Action, Payment
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import Can, allowed
from xinbo.kit.errors import NotFound


class PaymentNotFound(NotFound):
    """Raised when there is no such payment, or the actor may not see it: the two look alike."""


class RefundNotFound(NotFound):
    """Raised when there is no such refund, or the actor may not see it: the two look alike."""


def shown(row: PaymentRow) -> Payment:
    """Show a payment; what is to be done next, only while that is awaited."""
    fields: dict[str, Any] = {
        name: getattr(row, name) for name in Payment.__struct_fields__ if name != "action"
    }
    todo = row.action if row.status is PaymentStatus.PENDING else None
    return Payment(action=NOTHING if todo is None else msgspec.convert(todo, Action), **fields)


def charge(row: PaymentRow) -> Charge:
    """Tell its provider which payment is meant."""
    return Charge(
        payment_id=row.id,
        order_id=row.order_id,
        amount=row.amount,
        currency=row.currency,
        created_at=row.created_at,
        expires_at=row.expires_at,
        handle=row.handle,
        ref=row.provider_ref,
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


async def locked_refund(tx: Tx, refund_id: UUID) -> RefundRow:
    """Fetch the merchant's refund, and lock it. Whoever locks its payment too does so after."""
    row = await tx.db.scalar(
        select(RefundRow)
        .where(RefundRow.id == refund_id, RefundRow.merchant_id == tx.merchant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise RefundNotFound(refund_id=refund_id)
    return row


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show shoppers their own payments, the merchant's to the system and staff who see orders."""
    of_the_merchant = PaymentRow.merchant_id == actor.merchant_id
    if actor.role is Role.SHOPPER:
        return and_(of_the_merchant, PaymentRow.shopper_id == actor.user_id)
    return of_the_merchant if Can.SEE_ORDERS in allowed(actor.role) else false()
