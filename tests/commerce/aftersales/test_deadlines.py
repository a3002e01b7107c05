"""Deadlines run by themselves: each once, whoever sweeps, and a missed promise costs."""

import asyncio
from datetime import timedelta

import pytest

from tests.commerce.aftersales.counter import BACK, OUT, Counter, ask
from xinbo.commerce import aftersales
from xinbo.commerce.aftersales import (
    ApproveCase,
    CaseKind,
    CaseState,
    ExtendCase,
    IllegalStep,
    Reason,
    ReceiveGoods,
    RefuseCase,
    Side,
)

pytestmark = pytest.mark.anyio
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_a_merchant_that_does_not_answer_agrees(shop: Counter) -> None:
    who = await shop.buyer()
    case = await shop.ask(who, await shop.had(who), ask(CaseKind.REFUND_ONLY, Reason.QUALITY))

    await shop.wait(47 * HOUR)
    assert (await shop.case(case)).state is CaseState.APPLIED
    await shop.wait(48 * HOUR + HOUR)

    after = await shop.case(case)
    assert (after.state, after.refunded) == (CaseState.COMPLETED, 10_000)


async def test_a_shopper_who_sends_nothing_back_ends_the_case(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who)
    case = await shop.ask(who, order, ask())
    await shop.act(shop.service, aftersales.approve, case, ApproveCase())

    await shop.wait(7 * DAY + HOUR)

    after = await shop.case(case)
    assert (after.state, after.close_reason) == (CaseState.CLOSED, "lapse")
    assert (await shop.get(order.id)).refunded == 0


async def test_a_return_that_nobody_confirms_is_refunded(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who)
    case = await shop.ask(who, order, ask())
    await shop.act(shop.service, aftersales.approve, case, ApproveCase())
    await shop.act(who.actor, aftersales.send_back, case, BACK)

    await shop.wait(9 * DAY)
    assert (await shop.case(case)).state is CaseState.RETURNING
    await shop.wait(10 * DAY + HOUR)

    after = await shop.case(case)
    assert (after.state, after.refunded) == (CaseState.COMPLETED, 10_000)
    assert await shop.left(order.lines[0].sku_id) == 19, "nobody saw the goods: not on sale again"


async def test_a_return_that_arrived_has_seven_days(shop: Counter) -> None:
    who = await shop.buyer()
    case = await shop.ask(who, await shop.had(who), ask())
    await shop.act(shop.service, aftersales.approve, case, ApproveCase())
    await shop.act(who.actor, aftersales.send_back, case, BACK)

    async with shop.database.begin(shop.system, shop.now(DAY)) as tx:
        await aftersales.return_arrived(tx, case.id)
        await aftersales.return_arrived(tx, case.id)

    due = (await shop.case(case)).due_at
    assert due is not None
    assert due - shop.now(8 * DAY) < HOUR


async def test_a_refusal_that_is_left_alone_ends_the_case(shop: Counter) -> None:
    who = await shop.buyer()
    case = await shop.ask(who, await shop.had(who), ask(reason=Reason.DAMAGED))
    await shop.act(shop.service, aftersales.refuse, case, RefuseCase(words="包装完好"))

    await shop.wait(7 * DAY + HOUR)

    assert (await shop.case(case)).state is CaseState.CLOSED


async def test_a_missed_replacement_costs_and_in_the_end_becomes_money(shop: Counter) -> None:
    """¥100: 5 % is ¥5, at once; missed again, everything that is left goes back."""
    who = await shop.buyer()
    await shop.points_for(who, 1)
    order = await shop.had(who, price=10_000)
    case = await shop.ask(who, order, ask(CaseKind.EXCHANGE, Reason.QUALITY))
    await shop.act(shop.service, aftersales.approve, case, ApproveCase())
    await shop.act(who.actor, aftersales.send_back, case, BACK)
    await shop.act(shop.service, aftersales.receive, case, ReceiveGoods(restock=False))

    await shop.wait(73 * HOUR)
    late = await shop.case(case)
    assert (late.state, late.compensated) == (CaseState.AWAITING_REPLACEMENT, 500)
    await shop.wait(4 * 73 * HOUR)

    after = await shop.case(case)
    assert (after.state, after.refunded) == (CaseState.COMPLETED, 9_500)
    assert (await shop.get(order.id)).refunded == 10_000
    assert await shop.left(order.lines[0].sku_id) == 19, "what was set aside is on sale again"
    assert await shop.balanced()


@pytest.mark.parametrize("member", [True, False], ids=["member", "no member"])
async def test_where_too_little_money_is_left_a_missed_promise_costs_points(
    shop: Counter, *, member: bool
) -> None:
    """Members get points for what the goods' price does not cover; others what money there is."""
    who = await shop.buyer()
    if member:
        await shop.points_for(who, 1)
    order = await shop.had(who, price=300)
    case = await shop.ask(who, order, ask(CaseKind.REPAIR, Reason.QUALITY))
    await shop.act(shop.service, aftersales.approve, case, ApproveCase())
    await shop.act(who.actor, aftersales.send_back, case, BACK)
    await shop.act(shop.service, aftersales.receive, case, ReceiveGoods(restock=False))

    await shop.wait(73 * HOUR)

    late = await shop.case(case)
    assert late.compensated == (0 if member else 300)
    assert (late.compensated_points > 0) is member


async def test_a_replacement_that_arrived_is_confirmed_by_time(shop: Counter) -> None:
    who = await shop.buyer()
    case = await shop.ask(who, await shop.had(who), ask(CaseKind.REPAIR, Reason.QUALITY))
    await shop.act(shop.service, aftersales.approve, case, ApproveCase())
    await shop.act(who.actor, aftersales.send_back, case, BACK)
    await shop.act(shop.service, aftersales.receive, case, ReceiveGoods(restock=False))
    await shop.act(shop.service, aftersales.send_replacement, case, OUT)

    await shop.wait(10 * DAY + HOUR)

    assert (await shop.case(case)).state is CaseState.COMPLETED


async def test_an_exchange_that_cannot_be_sent_becomes_a_return(shop: Counter) -> None:
    """The merchant says nothing, and the last piece is gone: the shopper gets money instead."""
    who = await shop.buyer()
    order = await shop.had(who, stock=1)
    case = await shop.ask(who, order, ask(CaseKind.EXCHANGE, Reason.QUALITY))

    await shop.wait(49 * HOUR)

    after = await shop.case(case)
    assert (after.kind, after.state) == (CaseKind.RETURN_REFUND, CaseState.AWAITING_RETURN)


async def test_more_time_is_given_once_and_both_see_why(shop: Counter) -> None:
    who = await shop.buyer()
    case = await shop.ask(who, await shop.had(who), ask())
    more = ExtendCase(words="节假日")
    later = await shop.act(shop.service, aftersales.extend_once, case, more)
    with pytest.raises(IllegalStep):
        await shop.act(shop.service, aftersales.extend_once, case, more)

    assert case.due_at is not None
    assert later.due_at == case.due_at + 3 * DAY
    async with shop.database.begin(who.actor) as tx:
        steps = (await aftersales.get(tx, case.id)).steps
    assert (steps[-1].step, steps[-1].by, steps[-1].words) == ("extend", Side.MERCHANT, "节假日")


async def test_many_workers_let_time_act_once(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, quantity=5)
    cases = [
        await shop.ask(who, order, ask(CaseKind.REFUND_ONLY, Reason.QUALITY)) for _ in range(5)
    ]

    await asyncio.gather(*(shop.wait(49 * HOUR) for _ in range(6)))

    for case in cases:
        async with shop.database.begin(shop.system) as tx:
            steps = (await aftersales.get(tx, case.id)).steps
        assert [each.step for each in steps] == ["open", "approve"]
    after = await shop.get(order.id)
    assert after.refunded == order.total
    assert await shop.sent_back(order.id) == order.total
