"""Points are earned, spent, given back and taken back; a balance is always what the books say."""

import asyncio
import contextlib
from collections.abc import Awaitable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinbo.commerce import books, members
from xinbo.commerce.members import MoveKind, TooFewPoints
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

KEYS = 4
moves = st.tuples(
    st.sampled_from(["earn", "spend", "give_back", "take_back", "leave", "join"]),
    st.integers(0, 60),
    st.integers(0, KEYS),
)


async def member(tx: Tx, points: int = 0) -> UUID:
    shopper_id = new_id()
    await members.join(tx, shopper_id)
    await members.earn(tx, shopper_id, points, f"earn-{shopper_id}", "order")
    return shopper_id


async def booked(tx: Tx, shopper_id: UUID) -> int:
    return await books.balance(tx, "points", shopper_id, "points")


async def test_points_are_spent_once_per_key(tx: Tx) -> None:
    shopper_id = await member(tx, 100)

    await members.spend(tx, shopper_id, 30, "order-1")
    await members.spend(tx, shopper_id, 30, "order-1")

    assert await members.balance(tx, shopper_id) == 70 == await booked(tx, shopper_id)


async def test_nobody_spends_more_than_there_is_and_a_refusal_leaves_no_trace(tx: Tx) -> None:
    shopper_id = await member(tx, 10)

    with pytest.raises(TooFewPoints) as refusal:
        await members.spend(tx, shopper_id, 11, "order-1")

    assert refusal.value.facts == {"balance": 10, "wanted": 11}
    await members.spend(tx, shopper_id, 10, "order-1")
    assert await members.balance(tx, shopper_id) == 0


async def test_a_stranger_to_the_club_neither_earns_nor_spends(tx: Tx) -> None:
    shopper_id = new_id()

    assert await members.earn(tx, shopper_id, 50, "order-1", "order") == 0
    with pytest.raises(TooFewPoints):
        await members.spend(tx, shopper_id, 1, "order-2")
    assert (await members.get(tx, shopper_id)).level == 0


async def test_points_spent_before_the_goods_go_back_are_owed_and_paid_by_the_next(
    tx: Tx,
) -> None:
    shopper_id = await member(tx, 100)
    await members.spend(tx, shopper_id, 80, "order-2")

    taken = await members.take_back(tx, shopper_id, 100, "refund-1")
    reached = await members.earn(tx, shopper_id, 90, "order-3", "order")

    assert (taken, reached) == (20, 10)
    after = await members.get(tx, shopper_id)
    assert (after.balance, after.owed, after.earned) == (10, 0, 90)
    assert await booked(tx, shopper_id) == 10


async def test_spent_points_come_back_to_one_who_left_meanwhile(tx: Tx) -> None:
    shopper_id = await member(tx, 40)
    await members.spend(tx, shopper_id, 40, "order-1")
    await members.leave(tx, shopper_id)

    await members.give_back(tx, shopper_id, 40, "order-1-cancelled")

    assert await members.balance(tx, shopper_id) == 0, "nobody spends outside the club"
    assert (await members.join(tx, shopper_id)).balance == 40


async def test_the_history_says_what_came_and_went_and_why(tx: Tx) -> None:
    shopper_id = await member(tx, 100)
    order_id = new_id()
    await members.spend(tx, shopper_id, 30, "order-1", ref_id=order_id)

    first = await members.history(tx, shopper_id, None, 1)
    second = await members.history(tx, shopper_id, first.next, 1)

    (spent,), (earned,) = first.items, second.items
    assert (spent.kind, spent.points, spent.balance) == (MoveKind.SPEND, -30, 70)
    assert spent.why == str(order_id)
    assert (earned.kind, earned.points, earned.why) == (MoveKind.EARN, 100, "order")
    assert [entry.amount for entry in await books.entries(tx, order_id)] == [-30, 30]


async def test_points_cannot_be_spent_twice_at_once(database: Database, merchant_id: UUID) -> None:
    async with database.begin(system(merchant_id)) as tx:
        shopper_id = await member(tx, 100)

    async def spend(n: int) -> bool:
        try:
            async with database.begin(system(merchant_id)) as tx:
                await members.spend(tx, shopper_id, 30, f"order-{n}")
        except TooFewPoints:
            return False
        return True

    spent = await asyncio.gather(*(spend(n) for n in range(10)))

    assert sum(spent) == 3
    async with database.begin(system(merchant_id)) as tx:
        assert await members.balance(tx, shopper_id) == 10 == await booked(tx, shopper_id)


async def test_the_same_order_at_once_spends_once(database: Database, merchant_id: UUID) -> None:
    async with database.begin(system(merchant_id)) as tx:
        shopper_id = await member(tx, 100)

    async def spend() -> None:
        async with database.begin(system(merchant_id)) as tx:
            await members.spend(tx, shopper_id, 30, "order-1")

    await asyncio.gather(*(spend() for _ in range(8)))

    async with database.begin(system(merchant_id)) as tx:
        assert await members.balance(tx, shopper_id) == 70


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(moves, max_size=20))
def test_whatever_happens_a_balance_is_what_the_books_say_and_never_below_zero(
    database_url: str, steps: list[tuple[str, int, int]]
) -> None:
    asyncio.run(follow(database_url, steps))


async def follow(url: str, steps: list[tuple[str, int, int]]) -> None:
    database = Database(url, RecordedJobs(), pool=1)
    async with database.begin(system(new_id())) as tx:
        shopper_id = await member(tx)
        for what, points, n in steps:
            key = f"{what}-{n}"
            if what == "earn":
                await members.earn(tx, shopper_id, points, key, "order")
            elif what == "spend":
                await tried(tx, members.spend(tx, shopper_id, points, key))
            elif what == "give_back":
                await members.give_back(tx, shopper_id, points, key)
            elif what == "take_back":
                await members.take_back(tx, shopper_id, points, key)
            elif what == "leave":
                await members.leave(tx, shopper_id)
            else:
                await members.join(tx, shopper_id)
            now = await members.get(tx, shopper_id)
            assert now.balance == await booked(tx, shopper_id) >= 0
            assert now.owed >= 0
        await tx.db.rollback()
    await database.engine.dispose()


async def tried(tx: Tx, work: Awaitable[None]) -> None:
    with contextlib.suppress(TooFewPoints):
        async with tx.db.begin_nested():
            await work
