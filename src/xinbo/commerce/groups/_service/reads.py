"""Show groups to whoever may see them: members by masked names, strangers' unpaid seats not."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, select

from xinbo.commerce import catalog
from xinbo.commerce.catalog import SkuCard
from xinbo.commerce.groups._models import GroupRow, SeatRow
from xinbo.commerce.groups._rules import GroupState, SeatState, masked
from xinbo.commerce.groups._service.seats import GroupNotFound
from xinbo.commerce.groups._types import Group, GroupMember
from xinbo.engines.tx import Role, Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, require
from xinbo.identity.accounts import Face
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page

OFFERED = 10
"""Open groups shown beside an offer."""


async def get(tx: Tx, group_id: UUID) -> Group:
    """Show a group: to anybody once a seat is paid for, before that to those who are in it."""
    row = await tx.db.scalar(
        select(GroupRow)
        .where(GroupRow.id == group_id, GroupRow.merchant_id == tx.merchant_id)
        .execution_options(populate_existing=True)
    )
    if row is not None:
        (group,) = await _shown(tx, [row])
        if row.started_at is not None or group.my_order_id is not None or tx.actor.is_staff:
            return group
    raise GroupNotFound(group_id=group_id)


async def joinable(tx: Tx, offer_id: UUID) -> list[Group]:
    """List groups of an offer that can be joined now, the one that ends soonest first."""
    rows = await tx.db.scalars(
        select(GroupRow)
        .where(
            GroupRow.merchant_id == tx.merchant_id,
            GroupRow.offer_id == offer_id,
            GroupRow.state == GroupState.OPEN,
            GroupRow.ends_at > tx.now,
            GroupRow.taken < GroupRow.size,
        )
        .order_by(GroupRow.ends_at, GroupRow.id)
        .limit(OFFERED)
        .execution_options(populate_existing=True)
    )
    return await _shown(tx, rows.all())


async def mine(tx: Tx, shopper_id: UUID, cursor: str | None, limit: int) -> Page[Group]:
    """List the groups that a shopper is in, the newest first."""
    query = select(GroupRow).where(
        GroupRow.merchant_id == tx.merchant_id,
        GroupRow.id.in_(
            select(SeatRow.group_id).where(
                SeatRow.merchant_id == tx.merchant_id, SeatRow.shopper_id == shopper_id
            )
        ),
    )
    return await _page(tx, query, cursor, limit)


async def console_page(
    tx: Tx, state: GroupState | None, cursor: str | None, limit: int
) -> Page[Group]:
    """List the merchant's groups for its staff, the newest first."""
    require(tx, Can.SEE_ORDERS)
    query = select(GroupRow).where(GroupRow.merchant_id == tx.merchant_id)
    if state is not None:
        query = query.where(GroupRow.state == state)
    return await _page(tx, query, cursor, limit)


async def order_ids(tx: Tx, group_id: UUID) -> list[UUID]:
    """List the orders of a group for the merchant's staff, in the order of joining."""
    require(tx, Can.SEE_ORDERS)
    found = await tx.db.scalars(
        select(SeatRow.order_id)
        .where(SeatRow.group_id == group_id, SeatRow.merchant_id == tx.merchant_id)
        .order_by(SeatRow.joined_at, SeatRow.order_id)
    )
    return list(found)


async def of_orders(tx: Tx, orders: Sequence[UUID]) -> dict[UUID, UUID]:
    """Say in which group each of these orders has a seat; one without is missing."""
    found = await tx.db.execute(
        select(SeatRow.order_id, SeatRow.group_id).where(
            SeatRow.merchant_id == tx.merchant_id, SeatRow.order_id.in_(orders)
        )
    )
    return {row.order_id: row.group_id for row in found}


async def _page(tx: Tx, query: Select[GroupRow], cursor: str | None, limit: int) -> Page[Group]:
    query = query.order_by(GroupRow.id.desc()).limit(limit + 1)
    if (last := after(cursor)) is not None:
        query = query.where(GroupRow.id < last)
    rows = (await tx.db.scalars(query.execution_options(populate_existing=True))).all()
    shown = {group.id: group for group in await _shown(tx, rows)}
    return page(rows, limit, lambda row: shown[row.id], lambda row: row.id)


async def _shown(tx: Tx, rows: Sequence[GroupRow]) -> list[Group]:
    """Show these groups, with three queries for all of them."""
    if not rows:
        return []
    found = await tx.db.scalars(
        select(SeatRow)
        .where(
            SeatRow.merchant_id == tx.merchant_id,
            SeatRow.group_id.in_([row.id for row in rows]),
        )
        .order_by(SeatRow.joined_at, SeatRow.order_id)
        .execution_options(populate_existing=True)
    )
    seats: dict[UUID, list[SeatRow]] = {}
    for seat in found:
        seats.setdefault(seat.group_id, []).append(seat)
    faces = await accounts.faces(
        tx, {seat.shopper_id for sitting in seats.values() for seat in sitting}
    )
    cards = await catalog.skus(tx, list({row.sku_id for row in rows}))
    return [_view(tx, row, seats.get(row.id, []), faces, cards.get(row.sku_id)) for row in rows]


def _view(
    tx: Tx,
    row: GroupRow,
    seats: Sequence[SeatRow],
    faces: Mapping[UUID, Face],
    card: SkuCard | None,
) -> Group:
    me = tx.actor.user_id if tx.actor.role is Role.SHOPPER else None
    own = next((seat for seat in seats if me is not None and seat.shopper_id == me), None)
    return Group(
        id=row.id,
        offer_id=row.offer_id,
        sku_id=row.sku_id,
        product_id=card.product_id if card else None,
        title=card.title if card else "",
        options=card.options if card else [],
        picture_url=card.picture_url if card else None,
        state=row.state,
        size=row.size,
        paid=row.paid,
        seats_left=row.size - row.taken,
        started_at=row.started_at,
        ends_at=row.ends_at,
        closed_at=row.closed_at,
        now=tx.now,
        members=[
            _member(row, seat, faces.get(seat.shopper_id))
            for seat in seats
            if seat.state is not SeatState.HELD
        ],
        my_order_id=own.order_id if own else None,
        my_state=own.state if own else None,
    )


def _member(row: GroupRow, seat: SeatRow, face: Face | None) -> GroupMember:
    return GroupMember(
        name=masked(face.nickname if face else ""),
        avatar_url=face.avatar_url if face else None,
        initiator=seat.shopper_id == row.initiator_id,
        state=seat.state,
        joined_at=seat.joined_at,
    )
