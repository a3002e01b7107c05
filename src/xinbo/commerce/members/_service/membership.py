"""Join, leave, and show members to themselves and to the staff."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce.members._models import MemberRow, PointMoveRow
from xinbo.commerce.members._rules import level_of
from xinbo.commerce.members._service.club import club
from xinbo.commerce.members._types import (
    Club,
    Member,
    MemberJoined,
    MemberLeft,
    PointMove,
)
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import NotFound
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page


class NotAMember(NotFound):
    """Raised when a shopper never joined, or the actor may not know: the two look alike."""


async def get(tx: Tx, shopper_id: UUID) -> Member:
    """Show a shopper's membership; one who never joined has level 0."""
    return _shown(await _row(tx, shopper_id), shopper_id, await club(tx))


async def join(tx: Tx, shopper_id: UUID) -> Member:
    """Become a member, or come back to the points left behind. Harmless to repeat."""
    added = await tx.db.scalar(
        insert(MemberRow)
        .values(
            merchant_id=tx.merchant_id,
            shopper_id=shopper_id,
            balance=0,
            owed=0,
            earned=0,
            joined_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(MemberRow.shopper_id)
    )
    row = await _row(tx, shopper_id, for_update=True)
    if row is not None and row.left_at is not None:
        row.left_at = None
        row.joined_at = tx.now
        added = shopper_id
    await tx.db.flush()
    if added is not None:
        await tx.emit(MemberJoined(shopper_id=shopper_id))
    return await get(tx, shopper_id)


async def leave(tx: Tx, shopper_id: UUID) -> Member:
    """Leave: the level ends, the points wait. Harmless to repeat."""
    row = await _row(tx, shopper_id, for_update=True)
    if row is not None and row.left_at is None:
        row.left_at = tx.now
        await tx.db.flush()
        await tx.emit(MemberLeft(shopper_id=shopper_id))
    return await get(tx, shopper_id)


async def levels(tx: Tx, shopper_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return each shopper's level, 0 for one who is no member."""
    asked = set(shopper_ids)
    found = dict.fromkeys(asked, 0)
    rows = (
        await tx.db.execute(
            select(MemberRow.shopper_id, MemberRow.earned).where(
                MemberRow.merchant_id == tx.merchant_id,
                MemberRow.shopper_id.in_(asked),
                MemberRow.left_at.is_(None),
            )
        )
    ).all()
    if rows:
        floors = [level.from_points for level in (await club(tx)).levels]
        found |= {row.shopper_id: level_of(row.earned, floors) for row in rows}
    return found


async def history(tx: Tx, shopper_id: UUID, cursor: str | None, limit: int) -> Page[PointMove]:
    """List a shopper's points that came and went, the newest first."""
    query = (
        select(PointMoveRow)
        .where(_visible(tx.actor, PointMoveRow), PointMoveRow.shopper_id == shopper_id)
        .order_by(PointMoveRow.id.desc())
        .limit(limit + 1)
    )
    if (last := after(cursor)) is not None:
        query = query.where(PointMoveRow.id < last)
    rows = (await tx.db.scalars(query)).all()
    return page(rows, limit, PointMove.of, lambda row: row.id)


async def console_get(tx: Tx, shopper_id: UUID) -> Member:
    """Show a member to the staff. Raises `NotAMember`."""
    require(tx, Can.SEE_ORDERS)
    row = await _row(tx, shopper_id)
    if row is None:
        raise NotAMember(shopper_id=shopper_id)
    return _shown(row, shopper_id, await club(tx))


async def console_history(
    tx: Tx, shopper_id: UUID, cursor: str | None, limit: int
) -> Page[PointMove]:
    """List a member's points for the staff. Raises `NotAMember`."""
    await console_get(tx, shopper_id)
    return await history(tx, shopper_id, cursor, limit)


async def _row(tx: Tx, shopper_id: UUID, *, for_update: bool = False) -> MemberRow | None:
    query = select(MemberRow).where(
        _visible(tx.actor, MemberRow), MemberRow.shopper_id == shopper_id
    )
    if for_update:
        query = query.with_for_update()
    return await tx.db.scalar(query.execution_options(populate_existing=True))


def _shown(row: MemberRow | None, shopper_id: UUID, rules: Club) -> Member:
    here = row is not None and row.left_at is None
    earned = 0 if row is None else row.earned
    level = level_of(earned, [each.from_points for each in rules.levels]) if here else 0
    return Member(
        shopper_id=shopper_id,
        level=level,
        level_name=rules.levels[level - 1].name if level else "",
        balance=0 if row is None else row.balance,
        owed=0 if row is None else row.owed,
        earned=earned,
        next_level=rules.levels[level] if here and level < len(rules.levels) else None,
        joined_at=row.joined_at if row is not None and here else None,
    )


def _visible(actor: Actor, table: type[MemberRow] | type[PointMoveRow]) -> ColumnElement[bool]:
    """Show shoppers themselves, and the merchant's to the system and staff who see orders."""
    of_the_merchant = table.merchant_id == actor.merchant_id
    if actor.role is Role.SHOPPER:
        return and_(of_the_merchant, table.shopper_id == actor.user_id)
    return of_the_merchant if Can.SEE_ORDERS in allowed(actor.role) else false()
