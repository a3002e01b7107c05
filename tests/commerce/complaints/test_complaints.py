"""A refused case is complained about and decided, and the decision carries itself out."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.commerce.aftersales.counter import BACK, Counter, ask
from tests.commerce.orders.shop import Buyer
from xinbo.commerce import aftersales, complaints
from xinbo.commerce.aftersales import (
    Case,
    CaseKind,
    CaseState,
    Reason,
    ReceiveGoods,
    RefuseCase,
)
from xinbo.commerce.complaints import (
    Act,
    ClaimRefused,
    Complaint,
    ComplaintNotFound,
    ComplaintOpen,
    ComplaintState,
    Decide,
    IllegalAct,
    NothingToComplainAbout,
    OpenComplaint,
    Party,
    SayIt,
    Topic,
    Verdict,
)
from xinbo.commerce.orders import Order
from xinbo.engines.callers import SignInRequired
from xinbo.engines.tx import Actor, Role, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def refused(shop: Counter, who: Buyer) -> tuple[Order, Case]:
    """Have a refund refused."""
    order = await shop.had(who, price=10_000)
    case = await shop.ask(who, order, ask(CaseKind.REFUND_ONLY, Reason.QUALITY))
    return order, await shop.act(
        shop.service, aftersales.refuse, case, RefuseCase(words="没有问题")
    )


async def complain(
    shop: Counter, who: Buyer, order: Order, case: Case | None = None, **more: object
) -> Complaint:
    command = OpenComplaint(
        topic=Topic.REFUND_REFUSED,
        case_id=case.id if case else None,
        words="收到就是坏的",
        **more,  # pyright: ignore[reportArgumentType] # fields by name
    )
    async with shop.database.begin(who.actor) as tx:
        return await complaints.open_complaint(tx, order.id, command, str(new_id()))


async def decide(
    shop: Counter, arbiter: Actor, complaint: Complaint, command: Decide, key: str | None = None
) -> Complaint:
    async with shop.database.begin(arbiter) as tx:
        return await complaints.decide(tx, complaint.id, command, key or str(new_id()))


async def say(shop: Counter, who: Actor, complaint: Complaint, words: str) -> Complaint:
    async with shop.database.begin(who) as tx:
        return await complaints.say(tx, complaint.id, SayIt(words=words), str(new_id()))


async def test_a_refused_case_is_decided_and_the_money_goes_back(
    shop: Counter, arbiter: Actor
) -> None:
    """#10: the shopper has a way on when the merchant says no, and sees every word of it."""
    who = await shop.buyer()
    order, case = await refused(shop, who)

    complaint = await complain(shop, who, order, case)
    assert (complaint.state, complaint.amount) == (ComplaintState.NEW, 10_000)
    assert (await shop.case(case)).state is CaseState.IN_DISPUTE
    complaint = await say(shop, shop.service, complaint, "出库前检查过")
    assert complaint.state is ComplaintState.COMMUNICATION
    await say(shop, who.actor, complaint, "请看照片")
    complaint = await decide(
        shop, arbiter, complaint, Decide(verdict=Verdict.REFUND, amount=6_000, words="各担一半")
    )

    assert complaint.decision is not None
    assert (complaint.state, complaint.decision.refunded) == (ComplaintState.COMPLETE, 6_000)
    after = await shop.case(case)
    assert (after.state, after.refunded) == (CaseState.COMPLETED, 6_000)
    assert (await shop.get(order.id)).refunded == 6_000
    async with shop.database.begin(who.actor) as tx:
        said = await complaints.messages(tx, complaint.id, None, 2)
        first = await complaints.messages(tx, complaint.id, said.next, 2)
    assert [each.party for each in (*said.items, *first.items)] == [
        Party.SHOPPER,
        Party.MERCHANT,
        Party.SHOPPER,
    ]
    assert await shop.balanced()


async def test_a_rejected_complaint_ends_the_case_without_money(
    shop: Counter, arbiter: Actor
) -> None:
    who = await shop.buyer()
    order, case = await refused(shop, who)
    complaint = await complain(shop, who, order, case)

    await decide(shop, arbiter, complaint, Decide(verdict=Verdict.REJECT, words="人为损坏"))

    assert (await shop.case(case)).state is CaseState.CLOSED
    assert (await shop.get(order.id)).refunded == 0


async def test_a_decision_may_send_the_goods_back_first(shop: Counter, arbiter: Actor) -> None:
    who = await shop.buyer()
    order, case = await refused(shop, who)
    complaint = await complain(shop, who, order, case)

    verdict = Decide(verdict=Verdict.RETURN_REFUND, words="退货后退款")
    await decide(shop, arbiter, complaint, verdict)
    assert (await shop.case(case)).state is CaseState.AWAITING_RETURN
    await shop.act(who.actor, aftersales.send_back, case, BACK)
    done = await shop.act(shop.service, aftersales.receive, case, ReceiveGoods(restock=True))

    assert (done.state, done.refunded) == (CaseState.COMPLETED, 10_000)
    assert (await shop.get(order.id)).lines[0].returned == 1


async def test_an_order_is_complained_about_without_a_case(shop: Counter, arbiter: Actor) -> None:
    who = await shop.buyer()
    order = await shop.had(who, price=10_000)
    complaint = await complain(shop, who, order, amount=2_500)
    assert complaint.amount == 2_500

    await decide(shop, arbiter, complaint, Decide(verdict=Verdict.REFUND, words="补偿"))
    again = await complain(shop, who, order)
    again = await decide(shop, arbiter, again, Decide(verdict=Verdict.RETURN_REFUND, words="退"))

    assert (await shop.get(order.id)).refunded == 2_500
    assert again.case_id is not None
    async with shop.database.begin(who.actor) as tx:
        opened = (await aftersales.get(tx, again.case_id)).case
    assert (opened.state, opened.amount) == (CaseState.AWAITING_RETURN, 7_500)


async def test_nobody_of_the_merchant_ends_a_complaint(shop: Counter) -> None:
    who = await shop.buyer()
    order, case = await refused(shop, who)
    complaint = await complain(shop, who, order, case)
    for staff in (shop.owner, shop.service):
        with pytest.raises(NotPermitted):
            await decide(shop, staff, complaint, Decide(verdict=Verdict.REJECT, words="不"))
        with pytest.raises(IllegalAct):
            async with shop.database.begin(staff) as tx:
                await complaints.withdraw(tx, complaint.id, str(new_id()))
    async with shop.database.begin(shop.owner) as tx:
        assert (await complaints.get(tx, complaint.id)).may == [Act.ANSWER]


async def test_silence_never_helps_the_merchant(shop: Counter) -> None:
    """24 h to take it up, 72 h to answer, 7 days to decide: then the claim stands."""
    who = await shop.buyer()
    order, case = await refused(shop, who)
    complaint = await complain(shop, who, order, case)

    seen: list[ComplaintState] = []
    for later in (25 * HOUR, 98 * HOUR, 98 * HOUR + 7 * DAY):
        await complaints.sweep(shop.database, shop.now(later))
        async with shop.database.begin(shop.system) as tx:
            complaint = await complaints.get(tx, complaint.id)
        seen.append(complaint.state)

    assert seen == [
        ComplaintState.WAIT_APPEAL,
        ComplaintState.WAIT_ARBITRATION,
        ComplaintState.COMPLETE,
    ]
    assert complaint.decision is not None
    assert complaint.decision.by is Party.TIME
    assert (await shop.get(order.id)).refunded == 10_000


async def test_deciding_twice_or_from_two_tabs_pays_once(shop: Counter, arbiter: Actor) -> None:
    """#2, #4: one decision, one refund, however often it is sent."""
    who = await shop.buyer()
    order = await shop.had(who, price=10_000)
    complaint = await complain(shop, who, order)
    verdict = Decide(verdict=Verdict.REFUND, amount=4_000, words="赔")

    answers = await asyncio.gather(
        *(decide(shop, arbiter, complaint, verdict) for _ in range(4)),
        complaints.sweep(shop.database, shop.now(30 * DAY)),
        return_exceptions=True,
    )

    assert sum(isinstance(each, Complaint) for each in answers) <= 1
    assert (await shop.get(order.id)).refunded in {4_000, 10_000}
    assert await shop.sent_back(order.id) == (await shop.get(order.id)).refunded


async def test_a_complaint_is_taken_back_and_the_case_with_it(shop: Counter) -> None:
    who = await shop.buyer()
    order, case = await refused(shop, who)
    complaint = await complain(shop, who, order, case)
    with pytest.raises(ComplaintOpen):
        await complain(shop, who, order)

    async with shop.database.begin(who.actor) as tx:
        over = await complaints.withdraw(tx, complaint.id, str(new_id()))

    assert over.state is ComplaintState.CANCEL
    assert (await shop.case(case)).state is CaseState.CLOSED
    assert (await complain(shop, who, order)).state is ComplaintState.NEW


async def test_two_tabs_open_one_complaint(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who)

    answers = await asyncio.gather(
        *(complain(shop, who, order) for _ in range(5)), return_exceptions=True
    )

    assert sum(isinstance(each, Complaint) for each in answers) == 1
    assert all(isinstance(each, Complaint | ComplaintOpen) for each in answers)


async def test_a_claim_is_at_most_what_was_paid(shop: Counter, arbiter: Actor) -> None:
    who = await shop.buyer()
    order = await shop.had(who, price=10_000)
    with pytest.raises(ClaimRefused):
        await complain(shop, who, order, amount=10_001)
    complaint = await complain(shop, who, order)
    with pytest.raises(ClaimRefused):
        await decide(
            shop, arbiter, complaint, Decide(verdict=Verdict.REFUND, amount=10_001, words="多")
        )
    disputed, case = await refused(shop, who)
    two = await shop.had(who, quantity=2, price=10_000)
    half = await shop.ask(who, two, ask(CaseKind.REFUND_ONLY, Reason.QUALITY))
    with pytest.raises(ClaimRefused):
        await complain(shop, who, two, half, amount=10_001)
    assert (await shop.case(half)).state is CaseState.APPLIED, "a refused complaint moves nothing"
    assert (await complain(shop, who, disputed, case)).amount == 10_000
    unpaid = await shop.order(who, who.basket(await shop.stock(1)))
    with pytest.raises(NothingToComplainAbout):
        await complain(shop, who, unpaid)


async def test_strangers_and_other_merchants_see_nothing(
    shop: Counter, other_merchant_id: UUID
) -> None:
    who = await shop.buyer()
    complaint = await complain(shop, who, await shop.had(who))
    for stranger in (
        (await shop.buyer()).actor,
        Actor(shop.merchant_id, Role.GUEST),
        Actor(shop.merchant_id, Role.HOST, new_id()),
        Actor(other_merchant_id, Role.SUPERVISOR, new_id()),
        Actor(other_merchant_id, Role.SHOPPER, who.id),
        system(other_merchant_id),
    ):
        async with shop.database.begin(stranger) as tx:
            with pytest.raises(ComplaintNotFound):
                await complaints.get(tx, complaint.id)
            with pytest.raises(ComplaintNotFound):
                await complaints.messages(tx, complaint.id, None, 20)
            with pytest.raises((ComplaintNotFound, NotPermitted, SignInRequired)):
                await complaints.say(tx, complaint.id, SayIt(words="?"), str(new_id()))
    analyst = Actor(shop.merchant_id, Role.ANALYST, new_id())
    async with shop.database.begin(analyst) as tx:
        assert (await complaints.get(tx, complaint.id)).may == []
        with pytest.raises(NotPermitted):
            await complaints.say(tx, complaint.id, SayIt(words="?"), str(new_id()))
