"""Warehouses: where pieces lie, and every movement in and out.

Whoever moves pieces holds the lock on the SKU's general pool (see `pools`), so that what is read
here stays true until it is written.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from xinbo.commerce import catalog
from xinbo.commerce.inventory._models import MovementRow, WarehouseRow
from xinbo.commerce.inventory._rules import Lacking, spread
from xinbo.commerce.inventory._types import Movement, MoveReason, PutWarehouse, Warehouse
from xinbo.engines.tx import Actor, Tx
from xinbo.identity.access import Can, require
from xinbo.kit import paging
from xinbo.kit.errors import Conflict, Invalid, NotFound
from xinbo.kit.ids import new_id
from xinbo.kit.wire import Page

FIRST_NAME = "默认仓"
MOST = 100

FILL = text("""
    insert into warehouse_stock (merchant_id, sku_id, warehouse_id, on_hand)
    select merchant_id, sku_id, :warehouse, sum(on_hand) from stock
    where merchant_id = :merchant group by merchant_id, sku_id having sum(on_hand) > 0
""")
HELD = text("""
    select sku_id, warehouse_id, on_hand from warehouse_stock
    where merchant_id = :merchant and sku_id = any(cast(:skus as uuid[]))
""")
MOVE = text("""
    with w as (
      select * from unnest(cast(:ids as uuid[]), cast(:skus as uuid[]), cast(:yards as uuid[]),
                           cast(:deltas as bigint[]), cast(:now_held as bigint[]))
        w(id, sku_id, warehouse_id, delta, on_hand)
    ), kept as (
      insert into warehouse_stock (merchant_id, sku_id, warehouse_id, on_hand)
      select :merchant, sku_id, warehouse_id, on_hand from w
      on conflict (merchant_id, sku_id, warehouse_id) do update set on_hand = excluded.on_hand
    )
    insert into stock_movement (id, merchant_id, sku_id, warehouse_id, delta, why, actor_id, at,
                                ref, note, key)
    select id, :merchant, sku_id, warehouse_id, delta, :why, cast(:actor as uuid), :at,
           :ref, :note, cast(:key as text)
    from w
""")


class WarehouseNotFound(NotFound):
    """Raised when the merchant has no such warehouse."""


class WarehouseNameTaken(Conflict):
    """Raised when another warehouse of the merchant has the name."""


class WarehouseRefused(Invalid):
    """Raised when a warehouse cannot be so: `too_many`, `same_warehouse`."""


class WarehouseShort(Conflict):
    """Raised when the warehouse has fewer pieces than are to leave it: `left` of `wanted`."""


class Reason(NamedTuple):
    """MoveReason pieces move."""

    why: MoveReason
    ref: str = ""
    note: str = ""
    key: str | None = None


async def warehouses(tx: Tx) -> list[Warehouse]:
    """List the merchant's warehouses, the default first."""
    require(tx, Can.SEE_CONSOLE)
    return [Warehouse.of(row) for row in await _rows(tx)]


async def add_warehouse(tx: Tx, command: PutWarehouse) -> Warehouse:
    """Open a warehouse. The first one is the default whatever is said."""
    require(tx, Can.EDIT_GOODS)
    if len(await in_order(tx)) >= MOST:
        raise WarehouseRefused(reason="too_many", most=MOST)
    row = WarehouseRow(id=new_id(), merchant_id=tx.merchant_id, is_default=False, created_at=tx.now)
    return await _put(tx, row, command)


async def put_warehouse(tx: Tx, warehouse_id: UUID, command: PutWarehouse) -> Warehouse:
    """Change a warehouse."""
    require(tx, Can.EDIT_GOODS)
    row = next((each for each in await _rows(tx) if each.id == warehouse_id), None)
    if row is None:
        raise WarehouseNotFound(warehouse_id=warehouse_id)
    return await _put(tx, row, command)


async def in_order(tx: Tx, warehouse_id: UUID | None = None) -> list[UUID]:
    """List the warehouses, the default first; or only the one that is named.

    The default is made when it is first asked for, with all that the merchant has by then.
    Raises `WarehouseNotFound`.
    """
    rows = await _rows(tx) or await _make_first(tx)
    if warehouse_id is None:
        return [row.id for row in rows]
    if all(row.id != warehouse_id for row in rows):
        raise WarehouseNotFound(warehouse_id=warehouse_id)
    return [warehouse_id]


async def move(
    tx: Tx, changes: Mapping[UUID, int], warehouse_ids: Sequence[UUID], reason: Reason
) -> None:
    """Change what lies in these warehouses, and write down why: two statements.

    Raises `WarehouseShort` where all of them together have too few.
    """
    if not changes:
        return
    held = {
        (row.sku_id, row.warehouse_id): int(row.on_hand)
        for row in await tx.db.execute(HELD, {"merchant": tx.merchant_id, "skus": list(changes)})
    }
    moves = spread(held, changes, warehouse_ids)
    if isinstance(moves, Lacking):
        raise WarehouseShort(sku_id=moves.sku_id, wanted=moves.wanted, left=moves.left)
    await tx.db.execute(
        MOVE,
        {
            "merchant": tx.merchant_id,
            "ids": [new_id() for _ in moves],
            "skus": [sku_id for sku_id, _ in moves],
            "yards": [warehouse_id for _, warehouse_id in moves],
            "deltas": list(moves.values()),
            "now_held": [held.get(place, 0) + delta for place, delta in moves.items()],
            "why": reason.why,
            "actor": tx.actor.user_id,
            "at": tx.now,
            "ref": reason.ref,
            "note": reason.note,
            "key": reason.key,
        },
    )


async def is_done(tx: Tx, key: str | None) -> bool:
    """Say whether a request of this key moved pieces already; others of it wait until we end."""
    if key is None:
        return False
    lock = func.hashtextextended(f"stock {tx.merchant_id} {key}", 0)
    await tx.db.execute(select(func.pg_advisory_xact_lock(lock)))
    mine = exists().where(MovementRow.merchant_id == tx.merchant_id, MovementRow.key == key)
    return bool(await tx.db.scalar(select(mine)))


class Moved(NamedTuple):
    """Which movements somebody asks for: all that is given must hold."""

    sku_id: UUID | None = None
    warehouse_id: UUID | None = None
    why: MoveReason | None = None


async def movements(tx: Tx, moved: Moved, cursor: str | None, limit: int) -> Page[Movement]:
    """List what moved, the latest first."""
    sku_id, warehouse_id, why = moved
    require(tx, Can.SEE_CONSOLE)
    query = select(MovementRow).where(MovementRow.merchant_id == tx.merchant_id)
    if sku_id is not None:
        query = query.where(MovementRow.sku_id == sku_id)
    if warehouse_id is not None:
        query = query.where(MovementRow.warehouse_id == warehouse_id)
    if why is not None:
        query = query.where(MovementRow.why == why)
    if (last := paging.after(cursor)) is not None:
        query = query.where(MovementRow.id < last)
    rows = list(await tx.db.scalars(query.order_by(MovementRow.id.desc()).limit(limit + 1)))
    cards = await catalog.skus(tx, {row.sku_id for row in rows})
    return paging.page(rows, limit, lambda row: _shown(row, cards), lambda row: row.id)


def _shown(row: MovementRow, cards: Mapping[UUID, catalog.SkuCard]) -> Movement:
    card = cards.get(row.sku_id)
    return Movement(
        id=row.id,
        sku_id=row.sku_id,
        code=card.code if card else "",
        title=card.title if card else "",
        options=card.options if card else [],
        warehouse_id=row.warehouse_id,
        delta=row.delta,
        why=MoveReason(row.why),
        actor_id=row.actor_id,
        at=row.at,
        ref=row.ref,
        note=row.note,
    )


async def _put(tx: Tx, row: WarehouseRow, command: PutWarehouse) -> Warehouse:
    newly_default = command.is_default and not row.is_default
    if newly_default:
        await tx.db.execute(
            update(WarehouseRow)
            .where(WarehouseRow.merchant_id == tx.merchant_id, WarehouseRow.is_default)
            .values(is_default=False)
        )
    try:
        async with tx.db.begin_nested():
            # Changed in here alone: before it, a refusal would undo the whole transaction.
            row.name = catalog.clean(command.name)
            row.address = catalog.clean(command.address)
            row.is_default = row.is_default or newly_default
            tx.db.add(row)
            await tx.db.flush()
    except IntegrityError as error:
        if "warehouse_name" in str(error.orig):
            raise WarehouseNameTaken(name=command.name) from None
        raise
    return Warehouse.of(row)


async def _make_first(tx: Tx) -> list[WarehouseRow]:
    """Make the default warehouse, and put into it all that the merchant has.

    Of two who do it at once the later waits for the earlier, and finds it made.
    """
    made = await tx.db.scalar(
        insert(WarehouseRow)
        .values(
            id=new_id(),
            merchant_id=tx.merchant_id,
            name=FIRST_NAME,
            address="",
            is_default=True,
            created_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(WarehouseRow.id)
    )
    if made is not None:
        await tx.db.execute(FILL, {"merchant": tx.merchant_id, "warehouse": made})
    return await _rows(tx)


async def _rows(tx: Tx) -> list[WarehouseRow]:
    query = select(WarehouseRow).where(_visible(tx.actor))
    ordered = query.order_by(WarehouseRow.is_default.desc(), WarehouseRow.id)
    return list(await tx.db.scalars(ordered.execution_options(populate_existing=True)))


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show the merchant's staff its warehouses, nobody else any."""
    return WarehouseRow.merchant_id == actor.merchant_id if actor.is_staff else false()
