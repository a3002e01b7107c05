"""Show orders to those who may see them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, select
from sqlalchemy.orm import selectinload

from xinbo.commerce.orders._models import OrderLineRow, OrderRow
from xinbo.commerce.orders._rules import Status, looks_like_a_number, serial_of
from xinbo.commerce.orders._types import Happening, Order
from xinbo.engines.history import history
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import NotFound
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page


class OrderNotFound(NotFound):
    """Raised when there is no such order, or the actor may not see it: the two look alike."""


async def get(tx: Tx, order_id: UUID) -> Order:
    """Show one order to someone who may see it."""
    return Order.of(await row(tx, order_id))


async def page_of(
    tx: Tx, status: Status | None, show_id: UUID | None, cursor: str | None, limit: int
) -> Page[Order]:
    """List the orders that the actor may see, newest first."""
    query = _seen(tx.actor).order_by(OrderRow.id.desc()).limit(limit + 1)
    if status is not None:
        query = query.where(OrderRow.status == status)
    if show_id is not None:
        query = query.where(OrderRow.show_id == show_id)
    if (last := after(cursor)) is not None:
        query = query.where(OrderRow.id < last)
    rows = (await tx.db.scalars(query)).all()
    return page(rows, limit, Order.of, lambda order: order.id)


async def console_page(
    tx: Tx, status: Status | None, show_id: UUID | None, cursor: str | None, limit: int
) -> Page[Order]:
    """List the merchant's orders for its staff."""
    require(tx, Can.SEE_ORDERS)
    return await page_of(tx, status, show_id, cursor, limit)


async def console_get(tx: Tx, order_id: UUID) -> Order:
    """Show one of the merchant's orders to its staff."""
    require(tx, Can.SEE_ORDERS)
    return await get(tx, order_id)


async def by_numbers(tx: Tx, numbers: Sequence[str]) -> dict[str, Order]:
    """Find orders by what people call them; unknown and misspelt numbers are missing."""
    serials = {serial_of(each): each for each in numbers if looks_like_a_number(each)}
    rows = await tx.db.scalars(_seen(tx.actor).where(OrderRow.serial.in_(list(serials))))
    return {each.number: Order.of(each) for each in rows if each.number in set(numbers)}


async def paid_in(tx: Tx, shopper_id: UUID, show_id: UUID) -> bool:
    """Say whether the shopper has an order of the show that is paid for and not given back."""
    found = await tx.db.scalar(
        select(OrderRow.id)
        .where(
            OrderRow.merchant_id == tx.merchant_id,
            OrderRow.shopper_id == shopper_id,
            OrderRow.show_id == show_id,
            OrderRow.paid_at.is_not(None),
            OrderRow.status != Status.CANCELLED,
        )
        .limit(1)
    )
    return found is not None


async def bought(tx: Tx, shopper_id: UUID) -> bool:
    """Say whether the shopper ever paid for an order of the merchant that was not called off."""
    found = await tx.db.scalar(
        select(OrderRow.id)
        .where(
            OrderRow.merchant_id == tx.merchant_id,
            OrderRow.shopper_id == shopper_id,
            OrderRow.paid_at.is_not(None),
            OrderRow.status != Status.CANCELLED,
        )
        .limit(1)
    )
    return found is not None


async def counts(tx: Tx) -> dict[Status, int]:
    """Count the orders that the actor may see and that wait for something, by status."""
    waiting = [each for each in Status if each not in {Status.COMPLETED, Status.CANCELLED}]
    found = await tx.db.execute(
        select(OrderRow.status, func.count())
        .where(_visible(tx.actor), OrderRow.status.in_(waiting))
        .group_by(OrderRow.status)
    )
    known: dict[Status, int] = {row[0]: row[1] for row in found}
    return {each: known.get(each, 0) for each in waiting}


async def by_ids(tx: Tx, order_ids: Sequence[UUID]) -> dict[UUID, Order]:
    """Show those of these orders that the actor may see."""
    if not order_ids:
        return {}
    rows = await tx.db.scalars(_seen(tx.actor).where(OrderRow.id.in_(order_ids)))
    return {each.id: Order.of(each) for each in rows}


async def row(tx: Tx, order_id: UUID, *, for_update: bool = False) -> OrderRow:
    """Fetch the order if the actor may see it; lock it first where it is about to change."""
    query = _seen(tx.actor).where(OrderRow.id == order_id)
    if for_update:
        query = query.with_for_update(of=OrderRow)
    found = await tx.db.scalar(query)
    if found is None:
        raise OrderNotFound(order_id=order_id)
    return found


async def timeline(tx: Tx, order_id: UUID) -> list[Happening]:
    """Tell what happened to an order, who did it and why, the first first; at most 500 facts.

    Shoppers see their own orders' facts without the names of those who worked on them.
    """
    await row(tx, order_id)
    facts = await history(tx, order_id, most=500)
    return [
        Happening(
            id=fact.id,
            name=fact.name,
            at=fact.at,
            role=fact.role,
            actor_id=fact.actor_id if tx.actor.is_staff else None,
            facts=fact.payload,
        )
        for fact in facts
    ]


def to_send(line: OrderLineRow) -> int:
    """Say how many pieces of a line still have to be sent."""
    return line.quantity - line.shipped - line.withdrawn


def _seen(actor: Actor) -> Select[OrderRow]:
    return (
        select(OrderRow)
        .where(_visible(actor))
        .options(selectinload(OrderRow.lines))
        .execution_options(populate_existing=True)
    )


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show shoppers their own orders, the merchant's to the system and staff who may see them."""
    of_the_merchant = OrderRow.merchant_id == actor.merchant_id
    if actor.role is Role.SHOPPER:
        return and_(of_the_merchant, OrderRow.shopper_id == actor.user_id)
    return of_the_merchant if Can.SEE_ORDERS in allowed(actor.role) else false()
