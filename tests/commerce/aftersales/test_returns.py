"""A shopper opens a case, follows it, and gets exactly what is due."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from tests.commerce.aftersales.counter import BACK, Counter, ask
from xinbo.commerce import aftersales, orders
from xinbo.commerce.aftersales import (
    ApproveCase,
    AskAgain,
    CaseKind,
    CaseNotFound,
    CaseRefused,
    CaseState,
    IllegalStep,
    ProposeCase,
    Reason,
    ReceiveGoods,
    RefuseCase,
    Side,
    Step,
    TooMuchAsked,
    WhyNot,
)
from xinbo.commerce.orders import Status
from xinbo.engines.callers import SignInRequired
from xinbo.engines.tx import Actor, Role, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


async def test_a_shopper_starts_a_return_and_follows_it_to_the_money(shop: Counter) -> None:
    """#10: buyers start a return themselves and see where it stands, who did what, and why."""
    who = await shop.buyer()
    order = await shop.had(who, quantity=2, price=10_000)

    async with shop.database.begin(who.actor) as tx:
        offered = await aftersales.options(tx, order.id)
        shown = await aftersales.quote(tx, order.id, ask(pieces=2))
    (line,) = offered.lines
    assert (line.left, shown.amount, shown.return_freight_by) == (2, 20_000, Side.SHOPPER)
    assert {each.kind for each in line.kinds if each.reasons} == {
        CaseKind.REFUND_ONLY,
        CaseKind.RETURN_REFUND,
        CaseKind.EXCHANGE,
        CaseKind.REPAIR,
    }

    case = await shop.ask(who, order, ask(pieces=2))
    assert (case.state, case.owed_by, case.amount) == (CaseState.APPLIED, Side.MERCHANT, 20_000)
    assert case.may == [Step.WITHDRAW, Step.ESCALATE]
    case = await shop.act(shop.service, aftersales.approve, case, ApproveCase(words="好的"))
    assert case.state is CaseState.AWAITING_RETURN
    assert case.return_to is not None
    case = await shop.act(who.actor, aftersales.send_back, case, BACK)
    assert case.back is not None
    case = await shop.act(
        shop.service, aftersales.receive, case, ReceiveGoods(restock=True, words="完好")
    )

    assert (case.state, case.refunded) == (CaseState.COMPLETED, 20_000)
    async with shop.database.begin(who.actor) as tx:
        detail = await aftersales.get(tx, case.id)
    assert [(step.step, step.by) for step in detail.steps] == [
        ("open", Side.SHOPPER),
        (Step.APPROVE, Side.MERCHANT),
        (Step.SEND_BACK, Side.SHOPPER),
        (Step.RECEIVE, Side.MERCHANT),
    ]
    assert [step.words for step in detail.steps][1] == "好的"
    assert (await shop.get(order.id)).refunded == 20_000
    assert await shop.left(order.lines[0].sku_id) == 20
    assert await shop.balanced()


async def test_the_orders_history_tells_every_step(shop: Counter) -> None:
    """#10, #4: what happened is told once, under the order, with who did it."""
    who = await shop.buyer()
    order = await shop.had(who)
    case = await shop.ask(who, order, ask())
    await shop.act(shop.service, aftersales.approve, case, ApproveCase())

    async with shop.database.begin(shop.service) as tx:
        happened = await orders.timeline(tx, order.id)
    told = [(each.name, each.role) for each in happened if "aftersales" in each.name]
    assert sorted(told) == [("aftersales.moved", "service"), ("aftersales.opened", "shopper")]


async def test_a_whole_order_refunded_before_shipment_is_cancelled(shop: Counter) -> None:
    who = await shop.buyer()
    sku_id = await shop.stock(3, price=5_000)
    order = await shop.bought(who, who.basket(sku_id, quantity=2, price=5_000))

    case = await shop.ask(who, order, ask(CaseKind.REFUND_ONLY, pieces=2))
    case = await shop.act(shop.service, aftersales.approve, case, ApproveCase())

    after = await shop.get(order.id)
    assert (case.refunded, after.status, after.refunded) == (10_000, Status.CANCELLED, 10_000)
    assert await shop.left(sku_id) == 3


async def test_parts_split_coupon_and_points_exactly(shop: Counter) -> None:
    """Three pieces for ¥100.00 with ¥10 off and points: one by one all comes back, to the fen."""
    who = await shop.buyer()
    sku_id = await shop.stock(3, price=3_333)
    await shop.points_for(who, 1_000)
    coupon = await shop.coupon_for(who, off=1_000)
    basket = who.basket(sku_id, quantity=3, price=3_333)
    order = await shop.bought(who, replace(basket, coupon_id=coupon, points=500))
    order = await shop.received(who, order)
    assert order.points > 0
    before = await shop.points_of(who)

    back = points = 0
    for _ in range(3):
        case = await shop.ask(who, order, ask())
        await shop.act(shop.service, aftersales.approve, case, ApproveCase())
        await shop.act(who.actor, aftersales.send_back, case, BACK)
        case = await shop.act(shop.service, aftersales.receive, case, ReceiveGoods(restock=True))
        back += case.refunded
        points += case.refunded_points

    assert (back, points) == (order.total, order.points)
    assert await shop.points_of(who) <= before + order.points
    assert await shop.balanced()


async def test_some_money_for_goods_that_stay(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, price=10_000)

    command = ask(CaseKind.REFUND_ONLY, Reason.DAMAGED, amount=1_500)
    case = await shop.ask(who, order, command)
    case = await shop.act(shop.service, aftersales.approve, case, ApproveCase())
    again = await shop.ask(who, order, ask(reason=Reason.QUALITY))

    after = await shop.get(order.id)
    assert (case.refunded, after.lines[0].returned, after.refunded) == (1_500, 0, 1_500)
    assert again.amount == 8_500


async def test_more_than_was_paid_cannot_be_asked_for(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, price=10_000)

    with pytest.raises(TooMuchAsked):
        await shop.ask(who, order, ask(CaseKind.REFUND_ONLY, Reason.DAMAGED, amount=10_001))


async def test_terms_are_those_of_the_day_it_was_bought(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who)
    end = aftersales.last_moment(order.completed_at or shop.now(), 7)

    for at, why in ((end - timedelta(minutes=1), None), (end, WhyNot.TOO_LATE)):
        async with shop.database.begin(who.actor, at) as tx:
            if why is None:
                assert (await aftersales.quote(tx, order.id, ask())).amount
            else:
                with pytest.raises(CaseRefused) as refused:
                    await aftersales.quote(tx, order.id, ask())
                assert refused.value.facts["why"] == why


async def test_an_unpaid_order_has_nothing_to_put_right(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.order(who, who.basket(await shop.stock(1)))

    with pytest.raises(CaseRefused):
        await shop.ask(who, order, ask(CaseKind.REFUND_ONLY))


async def test_the_same_key_opens_one_case(shop: Counter) -> None:
    """#4: a repeated request changes nothing."""
    who = await shop.buyer()
    order = await shop.had(who, quantity=2)

    first = await shop.ask(who, order, ask(), key="the same key")
    again = await shop.ask(who, order, ask(), key="the same key")
    once = await shop.act(shop.service, aftersales.approve, first, ApproveCase(), key="approve-1")
    twice = await shop.act(shop.service, aftersales.approve, first, ApproveCase(), key="approve-1")

    assert first.id == again.id
    assert once == twice
    with pytest.raises(IllegalStep):
        await shop.act(shop.service, aftersales.approve, first, ApproveCase())


async def test_a_refusal_is_answered_with_less_or_taken_back(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, price=10_000)
    case = await shop.ask(who, order, ask(CaseKind.REFUND_ONLY, Reason.QUALITY))

    case = await shop.act(shop.service, aftersales.refuse, case, RefuseCase(words="没有问题"))
    assert (case.state, case.owed_by) == (CaseState.REFUSED, Side.SHOPPER)
    case = await shop.act(who.actor, aftersales.apply_again, case, AskAgain(amount=4_000))
    assert (case.state, case.amount) == (CaseState.APPLIED, 4_000)
    case = await shop.act(who.actor, aftersales.withdraw, case)
    assert case.state is CaseState.CLOSED


async def test_the_two_sides_agree_on_something_else(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, price=10_000)
    case = await shop.ask(who, order, ask(reason=Reason.DAMAGED))

    offer = ProposeCase(kind=CaseKind.REFUND_ONLY, amount=3_000, words="补偿 30 元，不用退")
    case = await shop.act(shop.service, aftersales.propose, case, offer)
    assert case.proposal is not None
    case = await shop.act(who.actor, aftersales.decline, case, "太少")
    assert (case.state, case.proposal) == (CaseState.APPLIED, None)
    case = await shop.act(shop.service, aftersales.propose, case, offer)
    case = await shop.act(who.actor, aftersales.accept, case)

    assert (case.state, case.kind, case.refunded) == (
        CaseState.COMPLETED,
        CaseKind.REFUND_ONLY,
        3_000,
    )
    assert (await shop.get(order.id)).lines[0].returned == 0


async def test_goods_that_left_meanwhile_are_looked_at_again(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.bought(who, who.basket(await shop.stock(1)))
    case = await shop.ask(who, order, ask(CaseKind.REFUND_ONLY))
    await shop.sent(order)
    await shop.run(shop.system, lambda tx: aftersales.follow_shipment(tx, order.id))

    now = await shop.case(case)
    assert now.stage == "not_received"
    assert now.state is CaseState.APPLIED


async def test_strangers_and_other_merchants_see_nothing(
    shop: Counter, other_merchant_id: UUID
) -> None:
    who = await shop.buyer()
    case = await shop.ask(who, await shop.had(who), ask())
    for stranger in (
        (await shop.buyer()).actor,
        Actor(shop.merchant_id, Role.GUEST),
        Actor(shop.merchant_id, Role.HOST, new_id()),
        Actor(other_merchant_id, Role.OWNER, new_id()),
        Actor(other_merchant_id, Role.SHOPPER, who.id),
        system(other_merchant_id),
    ):
        with pytest.raises(CaseNotFound):
            await shop.case(case, stranger)
        with pytest.raises((CaseNotFound, NotPermitted, SignInRequired)):
            await shop.act(stranger, aftersales.approve, case, ApproveCase())
    with pytest.raises(IllegalStep):
        await shop.act(shop.service, aftersales.send_back, case, BACK)
    with pytest.raises(NotPermitted):
        await shop.act(who.actor, aftersales.approve, case, ApproveCase())
    analyst = Actor(shop.merchant_id, Role.ANALYST, new_id())
    assert (await shop.case(case, analyst)).may == []


async def test_the_desk_shows_the_most_urgent_first(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, quantity=3)
    first, second, third = [await shop.ask(who, order, ask()) for _ in range(3)]
    await shop.act(shop.service, aftersales.approve, first, ApproveCase())

    seen: list[UUID] = []
    cursor = None
    while True:
        async with shop.database.begin(shop.service) as tx:
            page = await aftersales.desk(tx, aftersales.ALL_OPEN, cursor, 1)
        seen += [each.id for each in page.items]
        if (cursor := page.next) is None:
            break
    async with shop.database.begin(shop.service) as tx:
        counted = {each.state: each.cases for each in await aftersales.counts(tx)}

    assert seen == [second.id, third.id, first.id]
    assert counted == {CaseState.APPLIED: 2, CaseState.AWAITING_RETURN: 1}
