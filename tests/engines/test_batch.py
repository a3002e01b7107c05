"""Batches: in order, with one answer for each question, and no fault that spreads."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from xinbo.engines.batch import Batcher, Overloaded, again, emit_many, insert_many
from xinbo.engines.db import EventRow
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict, XinboError
from xinbo.kit.ids import new_id
from xinbo.kit.wire import Event

pytestmark = pytest.mark.anyio


class Rung(Event, frozen=True):
    """Somebody rang."""

    name = "bells.rung"
    times: int


class Refusal(Conflict):
    """Not this one."""


def fault(state: str) -> DBAPIError:
    class Orig(Exception):
        sqlstate = state

    return DBAPIError("select", {}, Orig())


async def test_what_arrives_while_a_batch_is_under_way_forms_the_next() -> None:
    seen: list[list[int]] = []

    async def work(batch: Sequence[int]) -> Sequence[int]:
        seen.append(list(batch))
        await asyncio.sleep(0.01)
        return [each * 10 for each in batch]

    batcher = Batcher(work)
    first = asyncio.create_task(batcher.ask(0))
    await asyncio.sleep(0.005)
    others = await asyncio.gather(*(batcher.ask(n) for n in range(1, 9)))

    assert await first == 0
    assert others == [10, 20, 30, 40, 50, 60, 70, 80]
    assert seen == [[0], [1, 2, 3, 4, 5, 6, 7, 8]]
    assert list(batcher.sizes) == [1, 8]


async def test_a_refusal_reaches_only_the_one_who_asked() -> None:
    async def work(batch: Sequence[int]) -> Sequence[int | XinboError]:
        return [Refusal(of=each) if each == 2 else each for each in batch]

    batcher = Batcher(work)
    answers = await asyncio.gather(*(batcher.ask(n) for n in range(4)), return_exceptions=True)

    assert [each for each in answers if isinstance(each, int)] == [0, 1, 3]
    assert isinstance(answers[2], Refusal)


async def test_a_question_that_spoils_its_batch_fails_alone() -> None:
    async def work(batch: Sequence[int]) -> Sequence[int]:
        if 5 in batch:
            raise fault("22021")
        return batch

    batcher = Batcher(work)
    answers = await asyncio.gather(*(batcher.ask(n) for n in range(9)), return_exceptions=True)

    assert [n for n, each in enumerate(answers) if isinstance(each, DBAPIError)] == [5]


async def test_a_lost_connection_fails_the_batch_once() -> None:
    tries = 0

    async def work(batch: Sequence[int]) -> Sequence[int]:
        nonlocal tries
        tries += 1
        raise fault("57P01")

    batcher = Batcher(work)
    answers = await asyncio.gather(*(batcher.ask(n) for n in range(9)), return_exceptions=True)

    assert all(isinstance(each, DBAPIError) for each in answers)
    assert tries == 1


async def test_an_answer_too_few_leaves_nobody_waiting() -> None:
    async def work(batch: Sequence[int]) -> Sequence[int]:
        return batch[1:]

    batcher = Batcher(work)
    answers = await asyncio.gather(*(batcher.ask(n) for n in range(3)), return_exceptions=True)

    assert all(isinstance(each, ValueError) for each in answers)


async def test_who_hangs_up_does_not_stop_the_others() -> None:
    async def work(batch: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0.01)
        return batch

    batcher = Batcher(work)
    asked = [asyncio.create_task(batcher.ask(n)) for n in range(3)]
    await asyncio.sleep(0)
    asked[1].cancel()

    assert await asyncio.gather(asked[0], asked[2]) == [0, 2]


async def test_more_than_can_be_answered_in_good_time_is_refused() -> None:
    async def work(batch: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0.01)
        return batch

    batcher = Batcher(work, most_waiting=2)
    answers = await asyncio.gather(*(batcher.ask(n) for n in range(4)), return_exceptions=True)

    assert [isinstance(each, Overloaded) for each in answers] == [False, False, True, True]


@pytest.mark.parametrize(("state", "tries"), [("23505", 3), ("40P01", 3), ("23514", 1)])
async def test_only_duplicates_and_deadlocks_are_tried_again(state: str, tries: int) -> None:
    count = 0

    async def work() -> str:
        nonlocal count
        count += 1
        if count < 3:
            raise fault(state)
        return "done"

    if tries == 1:
        with pytest.raises(DBAPIError):
            await again(work)
    else:
        assert await again(work) == "done"
    assert count == tries


async def test_rows_of_every_type_arrive_whole(tx: Tx) -> None:
    shopper_id = new_id()
    rows = [
        {
            "id": new_id(),
            "type": "a'b\\c",
            "merchant_id": tx.merchant_id,
            "actor_id": actor_id,
            "at": tx.now,
            "payload": {"名": ["一", 2, None]},
        }
        for actor_id in (shopper_id, None)
    ]

    back = await insert_many(tx, EventRow, rows, "id", "seq")

    assert [row.id for row in back] == [row["id"] for row in rows]
    stored = list(await tx.db.scalars(select(EventRow).where(EventRow.type == "a'b\\c")))
    assert {row.actor_id for row in stored} == {shopper_id, None}
    assert stored[0].payload == {"名": ["一", 2, None]}
    assert await insert_many(tx, EventRow, []) == []


async def test_many_facts_are_recorded_each_in_its_own_name(tx: Tx) -> None:
    people = [new_id(), new_id()]
    await emit_many(tx, [(who, Rung(times=n)) for n, who in enumerate(people)])

    rows = await tx.db.execute(
        text("select actor_id, payload ->> 'times' as times from event_log where merchant_id = :m"),
        {"m": tx.merchant_id},
    )
    assert {row.actor_id: row.times for row in rows} == dict(zip(people, "01", strict=True))
