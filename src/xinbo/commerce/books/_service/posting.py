"""Write the books, and ask them for one account or one thing."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from xinbo.commerce.books._models import EntryRow, PostingRow
from xinbo.commerce.books._rules import Leg, check
from xinbo.commerce.books._types import Entry
from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id


async def post(tx: Tx, key: str, kind: str, ref_id: UUID, legs: Iterable[Leg]) -> bool:
    """Write a posting about `ref_id`, once per key; say whether this call wrote it.

    Legs of zero are left out. Raises `Unbalanced`.
    """
    kept = check(legs)
    posting_id = new_id()
    written = await tx.db.scalar(
        upsert(PostingRow)
        .values(
            id=posting_id,
            merchant_id=tx.merchant_id,
            key=key,
            kind=kind,
            ref_id=ref_id,
            at=tx.now,
        )
        .on_conflict_do_nothing(constraint="book_posting_once")
        .returning(PostingRow.id)
    )
    if written is None:
        return False
    if kept:
        rows = [
            {
                "id": new_id(),
                "merchant_id": tx.merchant_id,
                "posting_id": posting_id,
                "at": tx.now,
                "kind": kind,
                "ref_id": ref_id,
                "account": leg.account,
                "owner_id": leg.owner_id,
                "unit": leg.unit,
                "amount": leg.amount,
            }
            for leg in kept
        ]
        await tx.db.execute(insert(EntryRow), rows)
    return True


async def balance(tx: Tx, account: str, owner_id: UUID, unit: str) -> int:
    """Return debit less credit of one owner's account."""
    found = await tx.db.scalar(
        select(func.coalesce(func.sum(EntryRow.amount), 0)).where(
            EntryRow.merchant_id == tx.merchant_id,
            EntryRow.account == account,
            EntryRow.owner_id == owner_id,
            EntryRow.unit == unit,
        )
    )
    return int(found or 0)


async def entries(tx: Tx, ref_id: UUID) -> list[Entry]:
    """List all that was written about one thing, in the order in which it was."""
    rows = await tx.db.scalars(
        select(EntryRow)
        .where(EntryRow.merchant_id == tx.merchant_id, EntryRow.ref_id == ref_id)
        .order_by(EntryRow.id)
    )
    return [Entry.of(row) for row in rows]
