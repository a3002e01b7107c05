"""Pieces are neither made nor lost, whatever is done in whatever order: checked with a model."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinbo.commerce import inventory
from xinbo.commerce.inventory import BelowReserved, OutOfStock, Take
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.ids import NIL, new_id

POOLS = [NIL, UUID(int=1), UUID(int=2)]
HOLDERS = 6

reserve = st.tuples(
    st.just("reserve"), st.integers(0, HOLDERS - 1), st.sampled_from(POOLS), st.integers(1, 6)
)
release = st.tuples(st.just("release"), st.integers(0, HOLDERS - 1), st.just(NIL), st.just(0))
allocate = st.tuples(
    st.just("allocate"), st.just(0), st.sampled_from(POOLS[1:]), st.integers(0, 12)
)
close = st.tuples(st.just("close"), st.just(0), st.sampled_from(POOLS[1:]), st.just(0))
steps = st.lists(st.one_of(reserve, release, allocate, close), max_size=25)

type Step = tuple[str, int, UUID, int]

TOTAL = 20


class Model:
    """What should be where."""

    def __init__(self) -> None:
        self.free = Counter({NIL: TOTAL})
        self.held: dict[int, tuple[UUID, int]] = {}
        self.closed: set[UUID] = set()

    def reserved(self, pool: UUID) -> int:
        return sum(pieces for where, pieces in self.held.values() if where == pool)

    def reserve(self, holder: int, pool: UUID, pieces: int) -> bool:
        if holder in self.held or self.free[pool] < pieces:
            return False
        self.free[pool] -= pieces
        self.held[holder] = pool, pieces
        return True

    def release(self, holder: int) -> None:
        pool, pieces = self.held.pop(holder, (NIL, 0))
        self.free[NIL if pool in self.closed else pool] += pieces

    def allocate(self, pool: UUID, pieces: int) -> bool:
        more = pieces - self.free[pool] - self.reserved(pool)
        if pieces < self.reserved(pool) or more > self.free[NIL]:
            return False
        self.free[NIL] -= more
        self.free[pool] += more
        self.closed.discard(pool)
        return True

    def close(self, pool: UUID) -> None:
        self.free[NIL] += self.free.pop(pool, 0)
        self.closed.add(pool)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_stock_is_conserved(database_url: str, steps: list[Step]) -> None:
    asyncio.run(follow(database_url, steps))


async def follow(url: str, steps: list[Step]) -> None:
    database = Database(url, RecordedJobs(), pool=1)
    model, sku_id, holders = Model(), new_id(), [new_id() for _ in range(HOLDERS)]
    pools = {pool: NIL if pool == NIL else new_id() for pool in POOLS}
    async with database.begin(system(new_id())) as tx:
        await inventory.set_on_hand(tx, sku_id, TOTAL)
        for what, holder, pool, pieces in steps:
            if what == "reserve" and holder not in model.held:
                take = Take(sku_id=sku_id, pool_id=pools[pool], quantity=pieces)
                done = await tried(tx, inventory.reserve(tx, holders[holder], [take]))
                assert done == model.reserve(holder, pool, pieces)
            elif what == "release":
                await inventory.release(tx, holders[holder])
                model.release(holder)
            elif what == "allocate":
                done = await tried(tx, inventory.allocate(tx, sku_id, pools[pool], pieces))
                assert done == model.allocate(pool, pieces)
            elif what == "close":
                await inventory.close_pool(tx, pools[pool])
                model.close(pool)
            for name, pool_id in pools.items():
                (row,) = await inventory.stock(tx, [sku_id], pool_id)
                assert (row.left, row.reserved) == (model.free[name], model.reserved(name))
            assert sum(model.free.values()) + sum(n for _, n in model.held.values()) == TOTAL
        await tx.db.rollback()
    await database.engine.dispose()


async def tried(tx: Tx, work: Awaitable[None]) -> bool:
    try:
        async with tx.db.begin_nested():
            await work
    except (OutOfStock, BelowReserved):
        return False
    return True
