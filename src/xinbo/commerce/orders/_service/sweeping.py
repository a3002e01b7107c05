"""Move on orders whose time is up: unpaid ones end, sent ones complete."""

from uuid import UUID

from sqlalchemy import and_, or_, select

from xinbo.commerce.orders._models import OrderRow
from xinbo.commerce.orders._rules import Status
from xinbo.commerce.orders._service.ending import end
from xinbo.commerce.orders._service.life import BALANCE_UNPAID, UNPAID
from xinbo.commerce.orders._service.reads import row
from xinbo.commerce.orders._service.sending import IN_TIME, complete
from xinbo.engines.tx import Tx


async def move_on(tx: Tx, order_id: UUID) -> bool:
    """Move the order on if its time is up; say whether that was so.

    An order that somebody else has locked is left alone: it is being paid, or another worker
    has it. The next sweep looks again.
    """
    mine = await tx.db.scalar(
        select(OrderRow.id)
        .where(
            OrderRow.id == order_id,
            OrderRow.merchant_id == tx.merchant_id,
            or_(
                and_(OrderRow.status == Status.AWAITING_PAYMENT, OrderRow.pay_by <= tx.now),
                and_(
                    OrderRow.status.in_([Status.AWAITING_BALANCE, Status.SHIPPED]),
                    OrderRow.due_at <= tx.now,
                ),
            ),
        )
        .with_for_update(skip_locked=True)
    )
    if mine is None:
        return False
    order = await row(tx, order_id, for_update=True)
    if order.status is Status.SHIPPED:
        await complete(tx, order, IN_TIME)
    elif order.status is Status.AWAITING_BALANCE:
        await end(tx, order, BALANCE_UNPAID, keep_deposit=True)
    else:
        await end(tx, order, UNPAID)
    return True
