"""Every order that can be sent has a moment by which it must have left."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from tests.commerce.fulfilment.conftest import Depot
from xinbo.commerce import fulfilment
from xinbo.commerce.fulfilment import PROMISE, REACTIONS
from xinbo.engines.db import EventRow
from xinbo.engines.events import Fact, handle
from xinbo.kit.wire import Page

pytestmark = pytest.mark.anyio


async def react(depot: Depot) -> None:
    """Let fulfilment hear of everything so far, twice."""
    for reaction in REACTIONS:
        async with depot.database.begin(depot.system) as tx:
            rows = await tx.db.scalars(
                select(EventRow).where(
                    EventRow.merchant_id == depot.merchant_id,
                    EventRow.type == reaction.event.name,
                )
            )
            facts = [msgspec.convert(row, Fact, from_attributes=True) for row in rows]
        for fact in facts:
            for _ in range(2):
                assert await handle(depot.database, reaction, msgspec.json.encode(fact))


async def overdue(depot: Depot, hours: float, cursor: str | None = None) -> Page[Any]:
    """List what is overdue so many hours from now."""
    async with depot.database.begin(depot.clerk) as tx:
        now = tx.now
    async with depot.database.begin(depot.clerk, now + timedelta(hours=hours)) as tx:
        return await fulfilment.overdue(tx, cursor, 2)


async def test_an_order_is_overdue_48_hours_after_it_could_be_sent(depot: Depot) -> None:
    _, order = await depot.sold(quantity=2)
    await react(depot)

    assert (await overdue(depot, 47)).items == []
    (late,) = (await overdue(depot, 50)).items
    assert (late.order_id, late.number, late.pieces) == (order.id, order.number, 2)
    assert late.promised_at - late.ready_at == PROMISE
    assert 1 <= late.late_hours <= 2


async def test_what_left_in_part_is_still_overdue_and_what_left_is_not(depot: Depot) -> None:
    _, order = await depot.sold(quantity=2)
    await react(depot)

    await depot.ship((order, 0, 1))
    (late,) = (await overdue(depot, 50)).items
    await depot.ship((order, 0, 1), number="SF1000000000002")

    assert late.pieces == 1
    assert (await overdue(depot, 50)).items == []


async def test_an_order_that_left_before_anybody_heard_of_it_is_no_promise(depot: Depot) -> None:
    _, order = await depot.sold()
    await depot.ship((order, 0, 1))
    await react(depot)
    assert (await overdue(depot, 50)).items == []


async def test_overdue_orders_are_listed_page_by_page(depot: Depot) -> None:
    sold = [(await depot.sold())[1] for _ in range(3)]
    await react(depot)

    first = await overdue(depot, 50)
    rest = await overdue(depot, 50, first.next)

    assert [each.order_id for each in [*first.items, *rest.items]] == [each.id for each in sold]
    assert rest.next is None
