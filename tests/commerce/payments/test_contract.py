"""One contract for everybody who takes payments: the same tests run on each provider.

The providers' side is played on a real socket with real keys (`far`), after their documents.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from tests.commerce.payments.desk import AMOUNT, FARS, Bench, Desk
from tests.commerce.payments.far.base import Books, Twist
from xinbo.commerce import books, payments
from xinbo.commerce.payments import (
    ActionKind,
    CallbackRefused,
    PaymentStatus,
    RefundNotFailed,
    RefundStatus,
    RefundTooLarge,
)
from xinbo.engines.web_client import ThirdPartyAway
from xinbo.kit.ids import new_id

pytestmark = [
    pytest.mark.anyio,
    # Stripe's SDK calls httpx so; it is theirs to change.
    pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning"),
]


@pytest.fixture(params=FARS)
async def desk(request: pytest.FixtureRequest, bench: Bench) -> AsyncIterator[Desk]:
    async with bench.desk(request.param) as desk:
        yield desk


def books_of(desk: Desk) -> Books:
    assert isinstance(desk.far, Books)
    return desk.far


async def test_an_opened_payment_says_what_the_page_does_next(desk: Desk) -> None:
    payment = await desk.open()

    assert payment.status is PaymentStatus.PENDING
    assert payment.action.kind is not ActionKind.NONE
    assert (await desk.get(payment)).action == payment.action


async def test_a_genuine_callback_settles_and_is_answered_as_the_provider_wants(
    desk: Desk,
) -> None:
    payment = await desk.open()
    await desk.pay(payment)

    answer = await desk.hear(desk.far.callback(payment))

    wanted = {"alipay": (200, b"success"), "wechatpay": (204, b"")}
    assert (answer.status, answer.body) == wanted.get(
        desk.far.name, (desk.far.provider.heard.status, desk.far.provider.heard.body)
    )
    paid = await desk.get(payment)
    assert paid.status is PaymentStatus.SUCCEEDED
    assert paid.action.kind is ActionKind.NONE
    (fact,) = await desk.facts("payments.succeeded")
    assert (fact["amount"], fact["purpose"]) == (AMOUNT, "whole")


async def test_money_that_comes_is_owed_to_its_order_in_the_books(desk: Desk) -> None:
    payment = await desk.paid()

    async with desk.begin() as tx:
        entries = await books.entries(tx, payment.order_id)

    assert {(entry.account, entry.owner_id, entry.amount) for entry in entries} == {
        (f"clearing:{desk.far.name}", UUID(int=0), AMOUNT),
        ("advances", payment.order_id, -AMOUNT),
    }


async def test_a_callback_under_another_key_is_refused(desk: Desk) -> None:
    payment = await desk.open()
    assert await desk.told(payment, Twist(forged=True)) == "signature"
    assert (await desk.get(payment)).status is PaymentStatus.PENDING


async def test_a_callback_that_was_changed_on_its_way_is_refused(desk: Desk) -> None:
    payment = await desk.open()
    headers, body = desk.far.callback(payment)

    for at in range(0, len(body), max(1, len(body) // 25)):
        changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        with pytest.raises(CallbackRefused):
            await desk.hear((headers, changed))
    for odd in (b"", b"{}", b"\xff\xfe", body + b" ", body[:-1]):
        with pytest.raises(CallbackRefused):
            await desk.hear((headers, odd))

    assert (await desk.get(payment)).status is PaymentStatus.PENDING


async def test_a_callback_without_its_signature_is_refused(desk: Desk) -> None:
    payment = await desk.open()
    _, body = desk.far.callback(payment)
    bare = body.split(b"&sign=")[0]

    for headers in ({}, {"stripe-signature": "t=,v1="}, {"wechatpay-timestamp": "9" * 30}):
        with pytest.raises(CallbackRefused):
            await desk.hear((headers, bare))


async def test_an_old_callback_is_not_believed_again(desk: Desk) -> None:
    payment = await desk.open()
    for age in (desk.far.stale, -desk.far.stale):
        assert await desk.told(payment, Twist(age=age)) in {"stale", "signature"}
    assert (await desk.get(payment)).status is PaymentStatus.PENDING


async def test_a_callback_about_another_merchants_account_is_refused(desk: Desk) -> None:
    payment = await desk.open()
    assert await desk.told(payment, Twist(ours=False)) in {"account", "signature"}
    assert (await desk.get(payment)).status is PaymentStatus.PENDING


async def test_only_the_exact_amount_is_believed(desk: Desk) -> None:
    payment = await desk.open()
    for amount in (AMOUNT - 1, AMOUNT + 1, 1, AMOUNT * 100):
        assert await desk.told(payment, Twist(amount=amount)) == "amount"
    assert (await desk.get(payment)).status is PaymentStatus.PENDING


async def test_only_the_right_currency_is_believed(desk: Desk) -> None:
    payment = await desk.open()
    told = await desk.told(payment, Twist(currency="USD"))
    # Alipay's domestic notices name no currency: there is but one.
    assert told == ("amount" if desk.far.foreign else "")


async def test_money_for_a_payment_that_nobody_opened_is_refused(desk: Desk) -> None:
    payment = await desk.open()
    assert await desk.told(payment, Twist(payment=new_id().hex)) == "payment"


async def test_a_callback_that_comes_again_changes_nothing_more(desk: Desk) -> None:
    """#4: a repeated callback must not push anything back to paid."""
    payment = await desk.open()
    await desk.pay(payment)

    for _ in range(3):
        assert await desk.told(payment) == ""
    await desk.refund(payment)
    await desk.work_off()
    assert await desk.told(payment) == ""

    assert (await desk.get(payment)).status is PaymentStatus.REFUNDED
    assert len(await desk.facts("payments.succeeded")) == 1


async def test_callbacks_and_checks_that_race_count_once(desk: Desk) -> None:
    payment = await desk.open()
    await desk.pay(payment)

    await asyncio.gather(
        *(desk.told(payment) for _ in range(6)), *(desk.check(payment) for _ in range(2))
    )

    assert len(await desk.facts("payments.succeeded")) == 1
    assert await desk.clearing() == AMOUNT


async def test_that_no_money_came_is_not_believed_after_it_came(desk: Desk) -> None:
    payment = await desk.paid()
    assert await desk.told(payment, Twist(succeeded=False)) == ""
    assert (await desk.get(payment)).status is PaymentStatus.SUCCEEDED
    assert await desk.facts("payments.failed") == []


async def test_money_that_comes_after_a_failure_is_there(desk: Desk) -> None:
    """#2: a payment that lands late is told of, and its order decides."""
    payment = await desk.open()
    assert await desk.told(payment, Twist(succeeded=False)) == ""
    assert (await desk.get(payment)).status is PaymentStatus.FAILED

    await desk.pay(payment) if desk.far.name != "sandbox" else None
    assert await desk.told(payment) == ""

    assert (await desk.get(payment)).status is PaymentStatus.SUCCEEDED


async def test_a_payment_whose_callback_is_lost_is_found(desk: Desk) -> None:
    payment = await desk.open()
    await desk.check(payment)
    assert (await desk.get(payment)).status is PaymentStatus.PENDING
    await desk.pay(payment)

    await desk.check(payment, timedelta(minutes=3))

    assert (await desk.get(payment)).status is PaymentStatus.SUCCEEDED
    assert await desk.clearing() == AMOUNT


async def test_a_payment_whose_time_is_up_is_closed(desk: Desk) -> None:
    payment = await desk.open()

    await desk.check(payment, timedelta(minutes=16))

    assert (await desk.get(payment)).status is PaymentStatus.FAILED
    if isinstance(desk.far, Books):
        assert len(desk.far.closed) == 1
    (fact,) = await desk.facts("payments.failed")
    assert fact["paymentId"] == str(payment.id)


async def test_a_refund_that_is_asked_for_twice_is_sent_once(desk: Desk) -> None:
    """#5: paid twice, sent back once, and not stuck."""
    payment = await desk.paid()

    first, again = await desk.refund(payment, key="k"), await desk.refund(payment, key="k")
    await desk.work_off(2)

    assert first is not None
    assert first == again
    assert await desk.sent(payment) == AMOUNT
    assert (await desk.get(payment)).status is PaymentStatus.REFUNDED
    (fact,) = await desk.facts("payments.refunded")
    assert (fact["amount"], fact["key"], fact["reason"]) == (AMOUNT, "k", "changed_mind")


async def test_parts_go_back_one_by_one_and_never_more_than_came(desk: Desk) -> None:
    payment = await desk.paid()

    await desk.refund(payment, 2_000, "a")
    await desk.refund(payment, 345, "b")
    with pytest.raises(RefundTooLarge) as refusal:
        await desk.refund(payment, 10_001, "c")
    await desk.work_off()
    half = await desk.get(payment)
    await desk.refund(payment, None, "d")
    await desk.work_off()
    nothing = await desk.refund(payment, None, "e")

    assert refusal.value.facts == {"left": 10_000}
    assert (half.status, half.refunded) == (PaymentStatus.PARTLY_REFUNDED, 2_345)
    assert nothing is None
    done = await desk.get(payment)
    assert (done.status, done.refunded) == (PaymentStatus.REFUNDED, AMOUNT)
    assert await desk.sent(payment) == AMOUNT
    assert await desk.clearing() == 0


async def test_refunds_that_race_never_send_more_than_came(desk: Desk) -> None:
    payment = await desk.paid()

    asked = await asyncio.gather(
        *(desk.refund(payment, 5_000, f"k{n}") for n in range(6)), return_exceptions=True
    )
    await desk.work_off()

    assert sum(isinstance(each, RefundTooLarge) for each in asked) == 4
    assert await desk.sent(payment) == 10_000


async def test_nothing_goes_back_that_did_not_come(desk: Desk) -> None:
    payment = await desk.open()

    assert await desk.refund(payment) is None
    with pytest.raises(RefundTooLarge):
        await desk.refund(payment, 1, "k")

    assert desk.jobs.waiting == []


async def test_a_refund_that_is_refused_for_now_is_sent_later(desk: Desk) -> None:
    payment = await desk.paid("busy")
    await desk.refund(payment, key="k")

    await desk.work_off()
    assert await desk.statuses(payment) == [RefundStatus.PENDING]
    assert (await desk.get(payment)).status is PaymentStatus.REFUNDING
    await desk.work_off()

    assert await desk.statuses(payment) == [RefundStatus.SENT]
    assert await desk.sent(payment) == AMOUNT


async def test_a_refund_that_is_refused_for_good_is_told_of(desk: Desk) -> None:
    payment = await desk.paid("refuse")
    await desk.refund(payment, 500, key="k")
    await desk.work_off()

    (refund,) = await desk.refunds(payment)
    assert (refund.status, desk.jobs.waiting) == (RefundStatus.FAILED, [])
    assert refund.why
    (fact,) = await desk.facts("payments.refund_failed")
    assert (fact["key"], fact["amount"]) == ("k", 500)
    assert (await desk.get(payment)).status is PaymentStatus.SUCCEEDED
    assert await desk.clearing() == AMOUNT


async def test_a_crash_after_the_provider_answered_sends_nothing_twice(desk: Desk) -> None:
    payment = await desk.paid()
    refund = await desk.refund(payment, 700, "k")
    assert refund is not None

    class Killed(Exception):
        pass

    for _ in range(3):
        with pytest.raises(Killed):  # noqa: PT012 # the process dies before the commit
            async with desk.begin() as tx:
                await payments.send_back(tx, str(refund.id), 0)
                raise Killed
    assert await desk.statuses(payment) == [RefundStatus.PENDING]
    for _ in range(3):
        async with desk.begin() as tx:
            await payments.send_back(tx, str(refund.id), 0)
    await desk.work_off()

    assert await desk.sent(payment) == 700
    assert len(await desk.facts("payments.refunded")) == 1
    assert await desk.clearing() == AMOUNT - 700


@pytest.fixture(params=[far for far in FARS if far != "sandbox"])
async def wire(request: pytest.FixtureRequest, bench: Bench) -> AsyncIterator[Desk]:
    """A desk whose provider is reached over the network."""
    async with bench.desk(request.param) as desk:
        yield desk


async def test_a_refund_whose_answer_is_lost_is_sent_once(wire: Desk) -> None:
    payment = await wire.paid("lost")
    await wire.refund(payment, 700, "k")
    await wire.work_off(2)
    assert await wire.statuses(payment) == [RefundStatus.SENT]
    assert await wire.sent(payment) == 700


async def test_a_refund_that_takes_its_time_is_asked_after(wire: Desk) -> None:
    payment = await wire.paid("slow")
    await wire.refund(payment, 700, "k")
    await wire.work_off()
    assert await wire.statuses(payment) == [RefundStatus.PENDING]
    await wire.work_off()
    assert await wire.statuses(payment) == [RefundStatus.SENT]


async def test_a_provider_that_is_away_leaves_payments_and_refunds_to_be_tried_again(
    wire: Desk,
) -> None:
    payment = await wire.paid()
    await wire.refund(payment, 700, "k")
    unpaid = await wire.open()
    books_of(wire).away = True

    await wire.work_off(3)
    await wire.check(unpaid)
    assert (await wire.get(unpaid)).status is PaymentStatus.PENDING
    if wire.far.name != "alipay":  # its till is an address that we sign ourselves
        with pytest.raises(ThirdPartyAway):
            await wire.open()
    books_of(wire).away = False
    await wire.work_off()

    assert await wire.statuses(payment) == [RefundStatus.SENT]
    assert await wire.sent(payment) == 700
    assert (await wire.open()).status is PaymentStatus.PENDING


async def test_a_provider_that_stays_away_is_given_up_and_can_be_asked_again(
    wire: Desk,
) -> None:
    payment = await wire.paid()
    await wire.refund(payment, 700, "k")
    books_of(wire).away = True
    rounds = 0
    while wire.jobs.waiting:
        rounds += 1
        await wire.work_off()
    assert rounds > 30
    (failed,) = await wire.refunds(payment)
    assert failed.status is RefundStatus.FAILED

    books_of(wire).away = False
    async with wire.begin() as tx:
        await payments.try_again(tx, failed.id)
    await wire.work_off()

    assert await wire.statuses(payment) == [RefundStatus.SENT]
    assert await wire.sent(payment) == 700
    async with wire.begin() as tx:
        with pytest.raises(RefundNotFailed):
            await payments.try_again(tx, failed.id)
