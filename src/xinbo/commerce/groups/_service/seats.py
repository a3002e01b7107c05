"""Take seats, give them back, pay for them, end groups. Lock, then look; groups in id order."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, text, tuple_, update

from xinbo.commerce.groups._models import GroupRow, SeatRow
from xinbo.commerce.groups._rules import Answer, GroupState, SeatState, Wish, grant
from xinbo.commerce.groups._types import Booking, GroupFailed, GroupSucceeded
from xinbo.engines.batch import insert_many
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict, NotFound, XinboError
from xinbo.kit.ids import new_id


class GroupNotFound(NotFound):
    """Raised when there is no such group, or not of that offer: the two look alike."""


class GroupFull(Conflict):
    """Raised when somebody else took the last seat of the group."""


class GroupOver(Conflict):
    """Raised when a group has succeeded or failed, or its time is up (`state`)."""


class AlreadyInGroup(Conflict):
    """Raised when the shopper has a seat in that group already."""


TAKE = text("""
    update buying_group g set taken = g.taken + w.seats
    from unnest(cast(:groups as uuid[]), cast(:seats as bigint[])) w(id, seats)
    where g.id = w.id and g.merchant_id = :merchant and g.state = 'open'
      and g.taken + w.seats <= g.size
""")


async def take_seats(tx: Tx, bookings: Sequence[Booking]) -> list[XinboError | None]:
    """Open a group or take a seat for each booking, first come first served.

    Returns, for each, None where it has a seat, else why not: `GroupFull`, `GroupOver`,
    `AlreadyInGroup`, `GroupNotFound`. The groups are locked once for all bookings.
    """
    joining = [each for each in bookings if each.group_id is not None]
    groups = await _lock(tx, {each.group_id for each in joining if each.group_id})
    refused = {each.order_id: _closed(tx, each, groups.get(each.group_id)) for each in joining}
    asking = [each for each in joining if refused[each.order_id] is None]
    wishes = [Wish(each.group_id, each.shopper_id) for each in asking if each.group_id]
    left = {group.id: group.size - group.taken for group in groups.values()}
    answers, taken = grant(left, await _members(tx, wishes), wishes)
    for booking, answer in zip(asking, answers, strict=True):
        if answer is Answer.FULL:
            refused[booking.order_id] = GroupFull(group_id=booking.group_id)
        elif answer is Answer.ALREADY_IN:
            refused[booking.order_id] = AlreadyInGroup(group_id=booking.group_id)
    if taken:
        await tx.db.execute(
            TAKE,
            {
                "merchant": tx.merchant_id,
                "groups": list(taken),
                "seats": list(taken.values()),
            },
        )
    served = [each for each in bookings if refused.get(each.order_id) is None]
    await _seat(tx, served)
    return [refused.get(each.order_id) for each in bookings]


async def leave(tx: Tx, order_id: UUID) -> None:
    """Give an order's seat back while its group is open. Harmless to repeat.

    A group that nobody is in any more disappears; a group that is over keeps its members.
    """
    group = await _group_of(tx, order_id)
    if group is None or group.state is not GroupState.OPEN:
        return
    gone = await tx.db.scalar(
        delete(SeatRow)
        .where(SeatRow.order_id == order_id, SeatRow.merchant_id == tx.merchant_id)
        .returning(SeatRow.state)
    )
    if gone is None:
        return
    group.taken -= 1
    group.paid -= gone is SeatState.PAID
    await tx.db.flush()
    if group.taken == 0:
        await tx.db.delete(group)
        await tx.db.flush()


async def paid(tx: Tx, order_id: UUID) -> bool:
    """Count an order's seat as paid; return whether the whole group is now, and was in time.

    The first paid seat starts the clock. Money that comes when the time is up completes
    nothing: the seat is marked, so that the order is among those that `fail` names. Told
    twice, it counts once.
    """
    group = await _group_of(tx, order_id)
    if group is None:
        return False
    first_told = await tx.db.scalar(
        update(SeatRow)
        .where(
            SeatRow.order_id == order_id,
            SeatRow.merchant_id == tx.merchant_id,
            SeatRow.state == SeatState.HELD,
        )
        .values(state=SeatState.REFUNDING if group.state is GroupState.FAILED else SeatState.PAID)
        .returning(SeatRow.order_id)
        .execution_options(synchronize_session=False)
    )
    if group.state is not GroupState.OPEN or first_told is None:
        return group.state is GroupState.SUCCEEDED
    group.paid += 1
    if group.ends_at is None:
        group.started_at = tx.now
        group.ends_at = tx.now + timedelta(hours=group.hours)
    if group.paid < group.size or group.ends_at <= tx.now:
        await tx.db.flush()
        return False
    group.state = GroupState.SUCCEEDED
    group.closed_at = tx.now
    await tx.db.flush()
    await tx.emit(
        GroupSucceeded(
            group_id=group.id, offer_id=group.offer_id, order_ids=await _orders(tx, group.id)
        )
    )
    return True


async def due(tx: Tx, limit: int) -> list[tuple[UUID, UUID]]:
    """List (merchant, group) whose time is up, of every merchant, the oldest first."""
    found = await tx.db.execute(
        select(GroupRow.merchant_id, GroupRow.id)
        .where(GroupRow.state == GroupState.OPEN, GroupRow.ends_at <= tx.now)
        .order_by(GroupRow.ends_at)
        .limit(limit)
    )
    return [(merchant_id, group_id) for merchant_id, group_id in found]


async def fail(tx: Tx, group_id: UUID) -> list[UUID]:
    """End a group whose time is up; return its orders, paid or not, in the order of joining.

    One statement decides, so of any number of sweepers one gets the orders and the others an
    empty list. Paid seats await their refund (`refunded`).
    """
    failed = await tx.db.scalar(
        update(GroupRow)
        .where(
            GroupRow.id == group_id,
            GroupRow.merchant_id == tx.merchant_id,
            GroupRow.state == GroupState.OPEN,
            GroupRow.ends_at <= tx.now,
        )
        .values(state=GroupState.FAILED, closed_at=tx.now)
        .returning(GroupRow.offer_id)
        .execution_options(synchronize_session=False)
    )
    if failed is None:
        return []
    await tx.db.execute(
        update(SeatRow)
        .where(SeatRow.group_id == group_id, SeatRow.state == SeatState.PAID)
        .values(state=SeatState.REFUNDING)
        .execution_options(synchronize_session=False)
    )
    orders = await _orders(tx, group_id)
    await tx.emit(GroupFailed(group_id=group_id, offer_id=failed, order_ids=orders))
    return orders


async def refunded(tx: Tx, order_id: UUID) -> None:
    """Note that the money of a seat in a failed group is back. Harmless for any other order."""
    await tx.db.execute(
        update(SeatRow)
        .where(
            SeatRow.order_id == order_id,
            SeatRow.merchant_id == tx.merchant_id,
            SeatRow.state == SeatState.REFUNDING,
        )
        .values(state=SeatState.REFUNDED)
        .execution_options(synchronize_session=False)
    )


def _closed(tx: Tx, booking: Booking, group: GroupRow | None) -> XinboError | None:
    """Say why nobody can join the group any more."""
    if group is None or group.offer_id != booking.offer_id:
        return GroupNotFound(group_id=booking.group_id)
    if group.state is not GroupState.OPEN:
        return GroupOver(group_id=group.id, state=group.state)
    if group.ends_at is not None and group.ends_at <= tx.now:
        return GroupOver(group_id=group.id, state=GroupState.FAILED)
    return None


async def _seat(tx: Tx, bookings: Sequence[Booking]) -> None:
    """Write the seats, and the groups that are opened by them."""
    if not bookings:
        return
    groups = {each.order_id: each.group_id or new_id() for each in bookings}
    await insert_many(
        tx,
        GroupRow,
        [
            {
                "id": groups[each.order_id],
                "merchant_id": tx.merchant_id,
                "offer_id": each.offer_id,
                "sku_id": each.sku_id,
                "initiator_id": each.shopper_id,
                "size": each.size,
                "hours": each.hours,
                "taken": 1,
                "paid": 0,
                "state": GroupState.OPEN,
                "opened_at": tx.now,
            }
            for each in bookings
            if each.group_id is None
        ],
    )
    await insert_many(
        tx,
        SeatRow,
        [
            {
                "order_id": each.order_id,
                "merchant_id": tx.merchant_id,
                "group_id": groups[each.order_id],
                "shopper_id": each.shopper_id,
                "state": SeatState.HELD,
                "joined_at": tx.now,
            }
            for each in bookings
        ],
    )


async def _lock(tx: Tx, group_ids: set[UUID]) -> dict[UUID | None, GroupRow]:
    if not group_ids:
        return {}
    rows = await tx.db.scalars(
        select(GroupRow)
        .where(GroupRow.merchant_id == tx.merchant_id, GroupRow.id.in_(sorted(group_ids)))
        .order_by(GroupRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


async def _members(tx: Tx, wishes: Sequence[Wish]) -> set[Wish]:
    """Find those of the wishes whose shopper sits in the group already."""
    if not wishes:
        return set()
    rows = await tx.db.execute(
        select(SeatRow.group_id, SeatRow.shopper_id).where(
            tuple_(SeatRow.group_id, SeatRow.shopper_id).in_(wishes)
        )
    )
    return {Wish(row.group_id, row.shopper_id) for row in rows}


async def _group_of(tx: Tx, order_id: UUID) -> GroupRow | None:
    """Lock the group in which the order has a seat."""
    group_id = await tx.db.scalar(
        select(SeatRow.group_id).where(
            SeatRow.order_id == order_id, SeatRow.merchant_id == tx.merchant_id
        )
    )
    return (await _lock(tx, {group_id})).get(group_id) if group_id else None


async def _orders(tx: Tx, group_id: UUID) -> list[UUID]:
    found = await tx.db.scalars(
        select(SeatRow.order_id)
        .where(SeatRow.group_id == group_id, SeatRow.merchant_id == tx.merchant_id)
        .order_by(SeatRow.joined_at, SeatRow.order_id)
    )
    return list(found)
