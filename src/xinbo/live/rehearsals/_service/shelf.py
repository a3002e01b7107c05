"""What a rehearsal sells: planned pieces, of which nobody gets one."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id
from xinbo.live.rehearsals._models import PurchaseRow, RehearsalRow, ShelfRow


class Wish(msgspec.Struct, frozen=True):
    """What a simulated viewer would like to take: one of a product's SKUs, by whim."""

    act: str
    viewer: int
    product_id: UUID
    whim: float


async def buy(tx: Tx, rehearsal: RehearsalRow, wishes: Sequence[Wish]) -> dict[UUID, int]:
    """Sell what is there, once an act; return how many of each product were taken.

    The caller holds the rehearsal's lock, so nobody else sells from its shelf meanwhile.
    """
    sold: dict[UUID, int] = {}
    if not wishes:
        return sold
    done = set(
        await tx.db.scalars(
            select(PurchaseRow.act).where(
                PurchaseRow.rehearsal_id == rehearsal.id,
                PurchaseRow.act.in_([wish.act for wish in wishes]),
            )
        )
    )
    shelf = await on_shelf(tx, rehearsal.id)
    taken: list[dict[str, object]] = []
    for wish in {wish.act: wish for wish in wishes if wish.act not in done}.values():
        there = [sku for sku in shelf if sku.product_id == wish.product_id and sku.left > 0]
        if not there:
            continue
        sku = there[int(wish.whim * len(there)) % len(there)]
        sku.left -= 1
        sku.sold += 1
        sold[sku.product_id] = sold.get(sku.product_id, 0) + 1
        taken.append(
            {
                "id": new_id(),
                "merchant_id": tx.merchant_id,
                "rehearsal_id": rehearsal.id,
                "act": wish.act,
                "viewer": wish.viewer,
                "sku_id": sku.sku_id,
                "product_id": sku.product_id,
                "price": sku.price,
                "at": tx.now,
            }
        )
    if taken:
        await tx.db.execute(insert(PurchaseRow).on_conflict_do_nothing(), taken)
        await tx.db.flush()
    return sold


async def run_out(tx: Tx, rehearsal_id: UUID, product_id: UUID) -> None:
    """Empty a product's shelf."""
    await tx.db.execute(
        update(ShelfRow)
        .where(ShelfRow.rehearsal_id == rehearsal_id, ShelfRow.product_id == product_id)
        .values(left=0)
    )


async def on_shelf(tx: Tx, rehearsal_id: UUID) -> Sequence[ShelfRow]:
    """List what the rehearsal sells, as it stands in the database."""
    return (
        await tx.db.scalars(
            select(ShelfRow)
            .where(ShelfRow.rehearsal_id == rehearsal_id, ShelfRow.merchant_id == tx.merchant_id)
            .order_by(ShelfRow.sku_id)
            .execution_options(populate_existing=True)
        )
    ).all()
