"""The watch on stock: what is low is said once, and what is sold out is listed last."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import catalog
from xinbo.commerce.inventory._models import ReservationRow, TouchedRow, WatchRow
from xinbo.commerce.inventory._types import StockLow
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.ids import NIL

LEFT = text("""
    select sku_id, cast(coalesce(sum(on_hand - reserved), 0) as bigint) as everywhere,
           cast(coalesce(sum(on_hand - reserved) filter (where pool_id = :general), 0) as bigint)
             as general
    from stock where merchant_id = :merchant and sku_id = any(cast(:skus as uuid[])) group by 1
""")
NOTE = text("""
    with w as (
      select * from unnest(cast(:skus as uuid[]), cast(:lefts as bigint[])) w(sku_id, pieces)
    ), locked as (
      select s.sku_id, w.pieces from stock_watch s join w on w.sku_id = s.sku_id
      where s.merchant_id = :merchant order by s.sku_id for update of s
    )
    update stock_watch s
    set low_since = case when l.pieces <= s.threshold then cast(:now as timestamptz) end
    from locked l
    where s.merchant_id = :merchant and s.sku_id = l.sku_id
      and (l.pieces <= s.threshold) <> (s.low_since is not null)
    returning s.sku_id, l.pieces, s.threshold, s.low_since is not null as low
""")


async def set_threshold(tx: Tx, sku_id: UUID, threshold: int | None) -> None:
    """Say at how many pieces an SKU is low; None = do not watch it."""
    require(tx, Can.EDIT_GOODS)
    if threshold is None:
        await tx.db.execute(
            delete(WatchRow).where(
                WatchRow.merchant_id == tx.merchant_id, WatchRow.sku_id == sku_id
            )
        )
        return
    await tx.db.execute(
        insert(WatchRow)
        .values(merchant_id=tx.merchant_id, sku_id=sku_id, threshold=threshold)
        .on_conflict_do_update(
            index_elements=["merchant_id", "sku_id"], set_={"threshold": threshold}
        )
    )
    await look(tx, [sku_id])


async def touch(tx: Tx, sku_ids: Iterable[UUID]) -> None:
    """Leave it to the sweep to look at these SKUs."""
    rows = [{"merchant_id": tx.merchant_id, "sku_id": each} for each in sorted(set(sku_ids))]
    if rows:
        await tx.db.execute(insert(TouchedRow).on_conflict_do_nothing(), rows)


async def look(tx: Tx, sku_ids: Collection[UUID]) -> None:
    """See which of these SKUs are low or sold out now, and say what became low."""
    if not sku_ids:
        return
    family = set(await catalog.siblings(tx, sku_ids)) | set(sku_ids)
    named = {"merchant": tx.merchant_id, "skus": list(family), "general": NIL}
    rows = {row.sku_id: row for row in await tx.db.execute(LEFT, named)}
    general = {each: rows[each].general if each in rows else 0 for each in family}
    await catalog.sold_out(tx, general)
    changed = await tx.db.execute(
        NOTE,
        {
            "merchant": tx.merchant_id,
            "now": tx.now,
            "skus": list(family),
            "lefts": [rows[each].everywhere if each in rows else 0 for each in family],
        },
    )
    await tx.emit(
        *(
            StockLow(sku_id=row.sku_id, left=row.pieces, threshold=row.threshold)
            for row in changed
            if row.low
        )
    )


async def reserved_since(tx: Tx, holder_id: UUID, limit: int) -> list[tuple[UUID, UUID]]:
    """List (merchant, SKU) set aside for holders made after this one: for the sweep.

    Ids of holders grow with time, so the primary key finds them.
    """
    found = await tx.db.execute(
        select(ReservationRow.merchant_id, ReservationRow.sku_id)
        .where(ReservationRow.holder_id > holder_id)
        .distinct()
        .limit(limit)
    )
    return [(merchant_id, sku_id) for merchant_id, sku_id in found]


async def watched(tx: Tx) -> list[tuple[UUID, UUID]]:
    """List all (merchant, SKU) that are watched: for the sweep."""
    found = await tx.db.execute(select(WatchRow.merchant_id, WatchRow.sku_id))
    return [(merchant_id, sku_id) for merchant_id, sku_id in found]


async def touched(tx: Tx, limit: int) -> list[tuple[UUID, UUID]]:
    """Take (merchant, SKU) off the list of what is to be looked at: for the sweep."""
    some = select(TouchedRow.merchant_id, TouchedRow.sku_id).limit(limit)
    found = (await tx.db.execute(some.with_for_update(skip_locked=True))).all()
    pairs = [(merchant_id, sku_id) for merchant_id, sku_id in found]
    for merchant_id in {merchant_id for merchant_id, _ in pairs}:
        mine = [sku_id for each, sku_id in pairs if each == merchant_id]
        await tx.db.execute(
            delete(TouchedRow).where(
                TouchedRow.merchant_id == merchant_id, TouchedRow.sku_id.in_(mine)
            )
        )
    return pairs
