"""Promise stock, give it back, take it in, move it between pools.

Whoever changes stock locks its rows first, in the order of (SKU, pool), then looks.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, text, update

from xinbo.commerce.inventory._models import ReservationRow, StockRow
from xinbo.commerce.inventory._rules import Shelf, grant
from xinbo.commerce.inventory._service import watching, yards
from xinbo.commerce.inventory._types import MoveReason, Stock, StockChanged, Take
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import NIL

type Holding = tuple[UUID, Sequence[Take]]
"""A holder and what it wants set aside: each SKU once."""

CHUNK = 500
"""SKUs in one fact."""

LOOK = """
    select s.sku_id, s.pool_id, s.on_hand, s.reserved, s.closed from stock s
    join unnest(cast(:skus as uuid[]), cast(:pools as uuid[])) w(sku_id, pool_id)
      on w.sku_id = s.sku_id and w.pool_id = s.pool_id
    where s.merchant_id = :merchant order by s.sku_id, s.pool_id
"""
LEFT = text(LOOK)
LOCK = text(LOOK + " for update of s")

SET_ASIDE = text("""
    with held as (
      insert into reservation (holder_id, sku_id, pool_id, quantity, merchant_id)
      select holder_id, sku_id, pool_id, quantity, :merchant
      from unnest(cast(:holders as uuid[]), cast(:skus as uuid[]), cast(:pools as uuid[]),
                  cast(:quantities as bigint[])) w(holder_id, sku_id, pool_id, quantity)
      returning sku_id, pool_id, quantity
    ), taken as (
      select sku_id, pool_id, cast(sum(quantity) as bigint) as quantity from held group by 1, 2
    )
    update stock s set reserved = s.reserved + t.quantity from taken t
    where s.merchant_id = :merchant and s.sku_id = t.sku_id and s.pool_id = t.pool_id
""")

OPEN = text("""
    insert into stock (merchant_id, sku_id, pool_id, on_hand, reserved, closed)
    select :merchant, sku_id, pool_id, 0, 0, false
    from unnest(cast(:skus as uuid[]), cast(:pools as uuid[])) w(sku_id, pool_id)
    on conflict do nothing
""")
SET_ON_HAND = text("""
    update stock s set on_hand = w.on_hand
    from unnest(cast(:skus as uuid[]), cast(:pools as uuid[]), cast(:counts as bigint[]))
      w(sku_id, pool_id, on_hand)
    where s.merchant_id = :merchant and s.sku_id = w.sku_id and s.pool_id = w.pool_id
""")


class OutOfStock(Conflict):
    """Raised when fewer pieces are `left` than `wanted`."""


class NotReserved(Conflict):
    """Raised when a holder has fewer pieces set aside than are to leave."""


class BelowReserved(Conflict):
    """Raised when a pool would hold fewer pieces than are `reserved` in it already."""


async def stock(tx: Tx, sku_ids: Sequence[UUID], pool_id: UUID = NIL) -> list[Stock]:
    """Show what is left of these SKUs in a pool, in the order asked. Unknown ones have none.

    How many are reserved is the merchant's business: others see what is left and no more.
    """
    rows = {
        row.sku_id: row
        for row in await tx.db.scalars(
            select(StockRow).where(
                StockRow.merchant_id == tx.merchant_id,
                StockRow.sku_id.in_(sku_ids),
                StockRow.pool_id == pool_id,
            )
        )
    }
    return [_shown(tx, sku_id, pool_id, rows.get(sku_id)) for sku_id in dict.fromkeys(sku_ids)]


async def left(tx: Tx, pairs: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], int]:
    """Say how many pieces each (SKU, pool) can still promise."""
    wanted = [Shelf(*pair) for pair in pairs]
    rows = await tx.db.execute(LEFT, _named(tx, wanted))
    known = {(row.sku_id, row.pool_id): row.on_hand - row.reserved for row in rows}
    return {(shelf.sku_id, shelf.pool_id): known.get(shelf, 0) for shelf in wanted}


async def reserve(tx: Tx, holder_id: UUID, takes: Sequence[Take]) -> None:
    """Set pieces aside for the holder: every line, or none and `OutOfStock`."""
    (refusal,) = await reserve_all(tx, [(holder_id, takes)])
    if refusal is not None:
        raise refusal


async def reserve_all(tx: Tx, holdings: Sequence[Holding]) -> list[OutOfStock | None]:
    """Set pieces aside for many holders: first come first served, each whole or not at all.

    Returns, for each holder, None where it was served. The rows are locked once for all of
    them, so a hot SKU costs one lock a batch.
    """
    wishes = [
        {Shelf(take.sku_id, take.pool_id): take.quantity for take in takes} for _, takes in holdings
    ]
    shelves = {shelf for wish in wishes for shelf in wish}
    rows = await _lock(tx, shelves)
    answers = grant(
        {Shelf(row.sku_id, row.pool_id): row.on_hand - row.reserved for row in rows}, wishes
    )
    served = [
        (holder_id, shelf, quantity)
        for (holder_id, _), wish, short in zip(holdings, wishes, answers, strict=True)
        if short is None
        for shelf, quantity in wish.items()
    ]
    if served:
        await tx.db.execute(
            SET_ASIDE,
            _named(tx, [shelf for _, shelf, _ in served])
            | {
                "holders": [holder_id for holder_id, _, _ in served],
                "quantities": [quantity for _, _, quantity in served],
            },
        )
    return [
        short and OutOfStock(sku_id=short.shelf.sku_id, wanted=short.wanted, left=short.left)
        for short in answers
    ]


async def release(tx: Tx, holder_id: UUID) -> None:
    """Give back whatever the holder still has set aside. Harmless to repeat.

    Pieces of a pool that was closed meanwhile go to the general pool.
    """
    freed = (
        await tx.db.execute(
            delete(ReservationRow)
            .where(
                ReservationRow.holder_id == holder_id,
                ReservationRow.merchant_id == tx.merchant_id,
            )
            .returning(ReservationRow.sku_id, ReservationRow.pool_id, ReservationRow.quantity)
        )
    ).all()
    await _unreserve(tx, {Shelf(row.sku_id, row.pool_id): int(row.quantity) for row in freed})


async def release_some(tx: Tx, holder_id: UUID, takes: Sequence[Take]) -> None:
    """Give back some of what a holder has set aside. Raises `NotReserved`."""
    back: dict[Shelf, int] = {}
    for take in takes:
        shelf = Shelf(take.sku_id, take.pool_id)
        back[shelf] = back.get(shelf, 0) + take.quantity
    await _lock(tx, {pair for shelf in back for pair in (shelf, Shelf(shelf.sku_id, NIL))})
    for shelf, quantity in sorted(back.items()):
        await _shrink(tx, holder_id, shelf, quantity)
    await _unreserve(tx, back)


async def _unreserve(tx: Tx, back: Mapping[Shelf, int]) -> None:
    """Put pieces that nobody holds any more back on sale."""
    if not back:
        return
    both = {pair for shelf in back for pair in (shelf, Shelf(shelf.sku_id, NIL))}
    closed = {Shelf(row.sku_id, row.pool_id) for row in await _lock(tx, both) if row.closed}
    for shelf, quantity in back.items():
        await _add(tx, shelf, reserved=-quantity)
        if shelf in closed:
            await _add(tx, shelf, on_hand=-quantity)
            await _add(tx, Shelf(shelf.sku_id, NIL), on_hand=quantity)
    await watching.touch(tx, {shelf.sku_id for shelf in back})


async def set_on_hand(tx: Tx, sku_id: UUID, on_hand: int) -> Stock:
    """Say how many pieces of an SKU there are in the general pool, reserved ones included."""
    await set_on_hand_many(tx, {sku_id: on_hand})
    (now,) = await stock(tx, [sku_id])
    return now


async def set_on_hand_many(tx: Tx, counts: Mapping[UUID, int]) -> None:
    """Say how many pieces there are of many SKUs: all of them, or none and `BelowReserved`.

    What that is more or less than before comes into the default warehouse or leaves it, and
    those after it, as a count.
    """
    require(tx, Can.EDIT_GOODS)
    warehouses = await yards.in_order(tx)
    shelves = sorted(Shelf(sku_id, NIL) for sku_id in counts)
    changes: dict[UUID, int] = {}
    for row in await _open(tx, shelves):
        if counts[row.sku_id] < row.reserved:
            raise BelowReserved(sku_id=row.sku_id, reserved=row.reserved)
        if change := counts[row.sku_id] - row.on_hand:
            changes[row.sku_id] = change
    on_hand = [counts[shelf.sku_id] for shelf in shelves]
    await tx.db.execute(SET_ON_HAND, _named(tx, shelves) | {"counts": on_hand})
    await yards.move(tx, changes, warehouses, yards.Reason(MoveReason.COUNT))
    await watching.look(tx, counts.keys())
    await tell(tx, [shelf.sku_id for shelf in shelves], NIL)


async def change_general(tx: Tx, changes: Mapping[UUID, int]) -> None:
    """Add pieces to the general pool or take them away. Raises `BelowReserved`."""
    shelves = sorted(Shelf(sku_id, NIL) for sku_id in changes)
    on_hand: list[int] = []
    for row in await _open(tx, shelves):
        on_hand.append(row.on_hand + changes[row.sku_id])
        if on_hand[-1] < row.reserved:
            raise BelowReserved(sku_id=row.sku_id, reserved=row.reserved)
    await tx.db.execute(SET_ON_HAND, _named(tx, shelves) | {"counts": on_hand})


async def lock_general(tx: Tx, sku_ids: Iterable[UUID]) -> None:
    """Lock the general pool of these SKUs: who moves them between warehouses must hold it."""
    await _open(tx, [Shelf(sku_id, NIL) for sku_id in sku_ids])


async def take_out(tx: Tx, holder_id: UUID, takes: Sequence[Take]) -> dict[UUID, int]:
    """Let reserved pieces leave their pools; return how many of each SKU did.

    Raises `NotReserved` where the holder has not that many set aside.
    """
    wanted: dict[Shelf, int] = {}
    for take in takes:
        shelf = Shelf(take.sku_id, take.pool_id)
        wanted[shelf] = wanted.get(shelf, 0) + take.quantity
    general = {Shelf(shelf.sku_id, NIL) for shelf in wanted}
    await _open(tx, wanted.keys() | general)
    gone: dict[UUID, int] = {}
    for shelf, quantity in sorted(wanted.items()):
        await _shrink(tx, holder_id, shelf, quantity)
        await _add(tx, shelf, on_hand=-quantity, reserved=-quantity)
        gone[shelf.sku_id] = gone.get(shelf.sku_id, 0) + quantity
    return gone


async def _shrink(tx: Tx, holder_id: UUID, shelf: Shelf, quantity: int) -> None:
    """Take pieces out of what a holder has set aside."""
    mine = (
        ReservationRow.holder_id == holder_id,
        ReservationRow.sku_id == shelf.sku_id,
        ReservationRow.pool_id == shelf.pool_id,
        ReservationRow.merchant_id == tx.merchant_id,
    )
    shrunk = update(ReservationRow).where(*mine, ReservationRow.quantity >= quantity)
    rest = await tx.db.scalar(
        shrunk.values(quantity=ReservationRow.quantity - quantity)
        .returning(ReservationRow.quantity)
        .execution_options(synchronize_session=False)
    )
    if rest is None:
        raise NotReserved(sku_id=shelf.sku_id, wanted=quantity)
    if rest == 0:
        await tx.db.execute(delete(ReservationRow).where(*mine))


async def allocate(tx: Tx, sku_id: UUID, pool_id: UUID, quantity: int) -> None:
    """Give a pool `quantity` pieces, counting those reserved in it, out of the general pool.

    Pieces that the pool has beyond that go back. Raises `BelowReserved`, or `OutOfStock` where
    the general pool cannot spare the difference.
    """
    pool, general = Shelf(sku_id, pool_id), Shelf(sku_id, NIL)
    rows = {row.pool_id: row for row in await _open(tx, [pool, general])}
    have = rows[pool_id]
    if quantity < have.reserved:
        raise BelowReserved(sku_id=sku_id, reserved=have.reserved)
    more = quantity - have.on_hand
    spare = rows[NIL].on_hand - rows[NIL].reserved
    if more > spare:
        raise OutOfStock(sku_id=sku_id, wanted=quantity, left=have.on_hand + spare)
    await _add(tx, general, on_hand=-more)
    await _add(tx, pool, on_hand=more, closed=False)
    await watching.touch(tx, [sku_id])
    await tell(tx, [sku_id], pool_id)


async def close_pool(tx: Tx, pool_id: UUID) -> None:
    """Give a pool's unreserved pieces back to the general pool. Harmless to repeat.

    Reserved ones stay with their holders; those given back later follow the others.
    """
    known = await tx.db.scalars(
        select(StockRow.sku_id).where(
            StockRow.merchant_id == tx.merchant_id,
            StockRow.pool_id == pool_id,
            StockRow.closed.is_(False),
        )
    )
    sku_ids = sorted(known)
    both = [Shelf(sku_id, each) for sku_id in sku_ids for each in (NIL, pool_id)]
    spare = {
        Shelf(row.sku_id, row.pool_id): int(row.on_hand - row.reserved)
        for row in await _open(tx, both)
        if row.pool_id == pool_id
    }
    for shelf, pieces in spare.items():
        await _add(tx, Shelf(shelf.sku_id, NIL), on_hand=pieces)
        await _add(tx, shelf, on_hand=-pieces, closed=True)
    await watching.touch(tx, sku_ids)
    await tell(tx, sku_ids, pool_id)


def _shown(tx: Tx, sku_id: UUID, pool_id: UUID, row: StockRow | None) -> Stock:
    if row is None:
        return Stock(sku_id=sku_id, pool_id=pool_id, on_hand=0, reserved=0, left=0)
    reserved = row.reserved if tx.actor.is_staff else 0
    return Stock(
        sku_id=sku_id,
        pool_id=pool_id,
        on_hand=row.left + reserved,
        reserved=reserved,
        left=row.left,
    )


def _named(tx: Tx, shelves: Iterable[Shelf]) -> dict[str, object]:
    listed = list(shelves)
    return {
        "merchant": tx.merchant_id,
        "skus": [shelf.sku_id for shelf in listed],
        "pools": [shelf.pool_id for shelf in listed],
    }


async def _lock(tx: Tx, shelves: Iterable[Shelf]) -> Sequence[Row[Any]]:
    """Lock the shelves that exist, in order, and look at them."""
    return (await tx.db.execute(LOCK, _named(tx, shelves))).all()


async def _open(tx: Tx, shelves: Iterable[Shelf]) -> Sequence[Row[Any]]:
    """Make the shelves that are missing, lock them all and look at them."""
    ordered = sorted(set(shelves))
    await tx.db.execute(OPEN, _named(tx, ordered))
    return await _lock(tx, ordered)


async def _add(
    tx: Tx, shelf: Shelf, *, on_hand: int = 0, reserved: int = 0, closed: bool | None = None
) -> None:
    """Change one locked shelf."""
    values = {"on_hand": StockRow.on_hand + on_hand, "reserved": StockRow.reserved + reserved}
    await tx.db.execute(
        update(StockRow)
        .where(
            StockRow.merchant_id == tx.merchant_id,
            StockRow.sku_id == shelf.sku_id,
            StockRow.pool_id == shelf.pool_id,
        )
        .values(values if closed is None else values | {"closed": closed})
        .execution_options(synchronize_session=False)
    )


async def tell(tx: Tx, sku_ids: Sequence[UUID], pool_id: UUID) -> None:
    """Say that there are more or fewer of these, other than by an order."""
    await tx.emit(
        *(
            StockChanged(sku_ids=list(some), pool_id=pool_id)
            for some in itertools.batched(sku_ids, CHUNK, strict=False)
        )
    )
