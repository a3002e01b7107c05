"""Move points: lock the member, look whether the key came before, move, write the books."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from xinbo.commerce import books
from xinbo.commerce.books import Leg
from xinbo.commerce.members._models import MemberRow, PointMoveRow
from xinbo.commerce.members._rules import settle, take
from xinbo.commerce.members._types import MoveKind, PointsMoved
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import new_id

ISSUED, HELD, SPENT = "points_issued", "points", "points_spent"
UNIT = "points"


class _Move(NamedTuple):
    kind: MoveKind
    points: int
    other: str
    """The account on the other side."""
    key: str
    why: str
    ref_id: UUID | None


class TooFewPoints(Conflict):
    """Raised when a shopper would spend more points than the `balance`."""


async def balance(tx: Tx, shopper_id: UUID) -> int:
    """Return the points that a shopper can spend; one who is no member has none."""
    found = await tx.db.scalar(
        select(MemberRow.balance).where(
            MemberRow.merchant_id == tx.merchant_id,
            MemberRow.shopper_id == shopper_id,
            MemberRow.left_at.is_(None),
        )
    )
    return found or 0


async def spend(
    tx: Tx, shopper_id: UUID, points: int, key: str, *, ref_id: UUID | None = None
) -> None:
    """Spend points, once per key. Raises `TooFewPoints`; then nothing has changed.

    `ref_id` is what the books name it by, an order mostly; the same goes for the moves below.
    """
    member = await _locked(tx, shopper_id)
    if points == 0 or await _done(tx, shopper_id, key):
        return
    if member is None or member.left_at is not None or member.balance < points:
        here = member is not None and member.left_at is None
        raise TooFewPoints(balance=member.balance if member and here else 0, wanted=points)
    member.balance -= points
    await _write(tx, member, _Move(MoveKind.SPEND, -points, SPENT, key, str(ref_id or key), ref_id))


async def give_back(
    tx: Tx, shopper_id: UUID, points: int, key: str, *, ref_id: UUID | None = None
) -> None:
    """Return spent points, once per key. They come back to one who left meanwhile, too."""
    member = await _locked(tx, shopper_id)
    if member is None or points == 0 or await _done(tx, shopper_id, key):
        return
    member.balance += points
    await _write(
        tx, member, _Move(MoveKind.GIVE_BACK, points, SPENT, key, str(ref_id or key), ref_id)
    )


async def earn(  # noqa: PLR0913 # who, how many, once per what, why, and whose books
    tx: Tx, shopper_id: UUID, points: int, key: str, why: str, *, ref_id: UUID | None = None
) -> int:
    """Add earned points, once per key; return how many reached the balance.

    Only members earn. Points still owed from refunds are paid first.
    """
    member = await _locked(tx, shopper_id)
    if member is None or member.left_at is not None or points == 0:
        return 0
    if await _done(tx, shopper_id, key):
        return 0
    reached, paid = settle(points, member.owed)
    member.balance += reached
    member.owed -= paid
    member.earned += points
    await _write(tx, member, _Move(MoveKind.EARN, reached, ISSUED, key, why, ref_id))
    return reached


async def take_back(
    tx: Tx, shopper_id: UUID, points: int, key: str, *, ref_id: UUID | None = None
) -> int:
    """Take earned points back, once per key; return how many the balance could give.

    The rest is owed, and paid by what is earned next: a balance never falls below zero, and
    nobody gains by spending points before sending the goods back.
    """
    member = await _locked(tx, shopper_id)
    if member is None or points == 0 or await _done(tx, shopper_id, key):
        return 0
    taken, owed = take(points, member.balance)
    member.balance -= taken
    member.owed += owed
    member.earned = max(0, member.earned - points)
    await _write(
        tx, member, _Move(MoveKind.TAKE_BACK, -taken, ISSUED, key, str(ref_id or key), ref_id)
    )
    return taken


async def _locked(tx: Tx, shopper_id: UUID) -> MemberRow | None:
    return await tx.db.scalar(
        select(MemberRow)
        .where(MemberRow.merchant_id == tx.merchant_id, MemberRow.shopper_id == shopper_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def _done(tx: Tx, shopper_id: UUID, key: str) -> bool:
    found = await tx.db.scalar(
        select(PointMoveRow.id).where(
            PointMoveRow.merchant_id == tx.merchant_id,
            PointMoveRow.shopper_id == shopper_id,
            PointMoveRow.key == key,
        )
    )
    return found is not None


async def _write(tx: Tx, member: MemberRow, move: _Move) -> None:
    """Write a locked member's move into the history, the books and the log."""
    move_id = new_id()
    tx.db.add(
        PointMoveRow(
            merchant_id=tx.merchant_id,
            shopper_id=member.shopper_id,
            key=move.key,
            id=move_id,
            kind=move.kind,
            points=move.points,
            balance=member.balance,
            why=move.why,
            at=tx.now,
        )
    )
    await tx.db.flush()
    await books.post(
        tx,
        f"points:{member.shopper_id}:{move.key}",
        f"points_{move.kind}",
        move.ref_id or move_id,
        # Points that a shopper holds stand as a debit: the balance is what the account says.
        [
            Leg(account=HELD, owner_id=member.shopper_id, unit=UNIT, amount=move.points),
            Leg(account=move.other, unit=UNIT, amount=-move.points),
        ],
    )
    await tx.emit(
        PointsMoved(shopper_id=member.shopper_id, kind=move.kind, points=move.points, key=move.key)
    )
