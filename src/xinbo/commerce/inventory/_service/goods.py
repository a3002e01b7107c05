"""What comes in, goes out and moves between warehouses: pools and warehouses change together."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from xinbo.commerce import catalog
from xinbo.commerce.inventory._models import HeldRow, StockRow, WatchRow
from xinbo.commerce.inventory._service import pools, watching, yards
from xinbo.commerce.inventory._service.yards import Reason
from xinbo.commerce.inventory._types import (
    Adjust,
    Held,
    MoveReason,
    Receive,
    StockLevel,
    Take,
    Transfer,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit import paging
from xinbo.kit.ids import NIL
from xinbo.kit.wire import Page


async def ship(
    tx: Tx,
    holder_id: UUID,
    takes: Sequence[Take],
    warehouse_id: UUID | None = None,
    ref: str = "",
) -> None:
    """Let reserved pieces of a holder leave a warehouse (None = the default, then others).

    Raises `NotReserved`, `WarehouseNotFound`, `WarehouseShort`. Whether the actor may ship is for
    the caller to say.
    """
    order = await yards.in_order(tx, warehouse_id)
    gone = await pools.take_out(tx, holder_id, takes)
    await yards.move(
        tx,
        {sku_id: -pieces for sku_id, pieces in gone.items()},
        order,
        Reason(MoveReason.SHIPMENT, ref),
    )
    await watching.touch(tx, gone)


async def take_back(
    tx: Tx,
    parts: Sequence[tuple[UUID, int]],
    warehouse_id: UUID | None = None,
    ref: str = "",
    why: MoveReason = MoveReason.RETURN,
) -> None:
    """Take pieces (SKU, quantity) that came back into a warehouse and the general pool.

    Whether the actor may is for the caller to say.
    """
    order = await yards.in_order(tx, warehouse_id)
    await _change(tx, _sum(parts), order, Reason(why, ref))


async def receive(tx: Tx, command: Receive, key: str | None = None) -> None:
    """Take goods that came in into a warehouse and the general pool; once a key."""
    require(tx, Can.EDIT_GOODS)
    if await yards.is_done(tx, key):
        return
    parts = [(part.sku_id, part.quantity) for part in command.parts]
    await _ours(tx, parts)
    order = await yards.in_order(tx, command.warehouse_id)
    reason = Reason(
        MoveReason.RECEIPT, catalog.clean(command.ref), catalog.clean(command.note), key
    )
    await _change(tx, _sum(parts), order, reason)


async def adjust(tx: Tx, command: Adjust, key: str | None = None) -> None:
    """Set right what a warehouse holds; once a key. Raises `BelowReserved`, `WarehouseShort`."""
    require(tx, Can.EDIT_GOODS)
    if await yards.is_done(tx, key):
        return
    await _ours(tx, [(command.sku_id, command.delta)])
    order = await yards.in_order(tx, command.warehouse_id)
    reason = Reason(command.why, catalog.clean(command.ref), catalog.clean(command.note), key)
    await _change(tx, {command.sku_id: command.delta}, order, reason)


async def transfer(tx: Tx, command: Transfer, key: str | None = None) -> None:
    """Move pieces from one warehouse to another; what is promised stays as it is. Once a key."""
    require(tx, Can.EDIT_GOODS)
    if command.from_id == command.to_id:
        raise yards.WarehouseRefused(reason="same_warehouse")
    if await yards.is_done(tx, key):
        return
    parts = _sum([(part.sku_id, part.quantity) for part in command.parts])
    await _ours(tx, list(parts.items()))
    source = await yards.in_order(tx, command.from_id)
    target = await yards.in_order(tx, command.to_id)
    reason = Reason(
        MoveReason.TRANSFER, catalog.clean(command.ref), catalog.clean(command.note), key
    )
    await pools.lock_general(tx, parts)
    await yards.move(tx, {sku_id: -pieces for sku_id, pieces in parts.items()}, source, reason)
    await yards.move(tx, parts, target, reason)


async def levels(tx: Tx, words: str | None, cursor: str | None, limit: int) -> Page[StockLevel]:
    """List how the SKUs of the goods that are searched for stand, by product, the newest first.

    A page has the variants of up to `limit` products.
    """
    page = await catalog.search(tx, words, None, cursor, limit)
    sku_ids = [sku.id for product in page.items for sku in product.skus]
    return Page(items=await _levels(tx, sku_ids), next=page.next)


async def alerts(tx: Tx, cursor: str | None, limit: int) -> Page[StockLevel]:
    """List what is low, by SKU id."""
    require(tx, Can.SEE_CONSOLE)
    query = select(WatchRow.sku_id).where(
        WatchRow.merchant_id == tx.merchant_id, WatchRow.low_since.is_not(None)
    )
    if (last := paging.after(cursor)) is not None:
        query = query.where(WatchRow.sku_id < last)
    found = list(await tx.db.scalars(query.order_by(WatchRow.sku_id.desc()).limit(limit + 1)))
    shown = found[:limit]
    return Page(items=await _levels(tx, shown), next=str(shown[-1]) if len(found) > limit else None)


async def level(tx: Tx, sku_id: UUID) -> StockLevel:
    """Show how one SKU stands. Raises `SkuNotFound`."""
    require(tx, Can.SEE_CONSOLE)
    found = await _levels(tx, [sku_id])
    if not found:
        raise catalog.SkuNotFound(sku_id=sku_id)
    return found[0]


async def _levels(tx: Tx, sku_ids: Sequence[UUID]) -> list[StockLevel]:
    cards = await catalog.skus(tx, sku_ids)
    pieces: dict[UUID, tuple[int, int]] = {}
    for row in await tx.db.scalars(
        select(StockRow).where(StockRow.merchant_id == tx.merchant_id, StockRow.sku_id.in_(sku_ids))
    ):
        on_hand, reserved = pieces.get(row.sku_id, (0, 0))
        pieces[row.sku_id] = on_hand + row.on_hand, reserved + row.reserved
    held: dict[UUID, list[Held]] = {}
    for place in await tx.db.scalars(
        select(HeldRow)
        .where(HeldRow.merchant_id == tx.merchant_id, HeldRow.sku_id.in_(sku_ids))
        .order_by(HeldRow.warehouse_id)
    ):
        held.setdefault(place.sku_id, []).append(Held.of(place))
    watched = {
        row.sku_id: row
        for row in await tx.db.scalars(
            select(WatchRow)
            .where(WatchRow.merchant_id == tx.merchant_id, WatchRow.sku_id.in_(sku_ids))
            .execution_options(populate_existing=True)
        )
    }
    found: list[StockLevel] = []
    for card in (cards[each] for each in sku_ids if each in cards):
        on_hand, reserved = pieces.get(card.sku_id, (0, 0))
        watch = watched.get(card.sku_id)
        found.append(
            StockLevel(
                sku_id=card.sku_id,
                product_id=card.product_id,
                code=card.code,
                title=card.title,
                options=card.options,
                unit=card.unit,
                picture_url=card.picture_url,
                on_hand=on_hand,
                reserved=reserved,
                left=on_hand - reserved,
                threshold=watch.threshold if watch else None,
                low_since=watch.low_since if watch else None,
                held=held.get(card.sku_id, []),
            )
        )
    return found


async def _change(
    tx: Tx, changes: dict[UUID, int], warehouse_ids: Sequence[UUID], reason: Reason
) -> None:
    await pools.change_general(tx, changes)
    await yards.move(tx, changes, warehouse_ids, reason)
    await watching.look(tx, changes)
    await pools.tell(tx, sorted(changes), NIL)


async def _ours(tx: Tx, parts: Sequence[tuple[UUID, int]]) -> None:
    """Refuse SKUs that are not of our goods: stock is counted of whatever has an id."""
    known = await catalog.skus(tx, [sku_id for sku_id, _ in parts])
    for sku_id, _ in parts:
        if sku_id not in known:
            raise catalog.SkuNotFound(sku_id=sku_id)


def _sum(parts: Sequence[tuple[UUID, int]]) -> dict[UUID, int]:
    total: dict[UUID, int] = {}
    for sku_id, quantity in parts:
        total[sku_id] = total.get(sku_id, 0) + quantity
    return total
