"""Every way in which a provider behaves, over real HTTP: the money is counted right each time."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from tests.commerce.payments.conftest import Till
from xinbo.commerce import orders, payments
from xinbo.commerce.orders import IllegalTransition, OrderNotFound, Status
from xinbo.commerce.payments import (
    CallbackRefused,
    IdempotencyKeyReused,
    Outcome,
    PaymentNotFound,
    PaymentSettled,
    PaymentStatus,
    ProviderUnknown,
)
from xinbo.commerce.payments._models import SandboxMoneyRow
from xinbo.commerce.payments._service.providers import find
from xinbo.engines.tx import Actor, Role, system
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


async def refunds(till: Till) -> int:
    async with till.database.begin(till.system) as tx:
        mine = [row.payload["paymentId"] for row in await till.facts("payments.refunded")]
        rows = await tx.db.scalars(
            select(SandboxMoneyRow.payment_id).where(SandboxMoneyRow.amount < 0)
        )
        booked = [str(payment_id) for payment_id in rows]
    assert all(booked.count(str(payment_id)) == 1 for payment_id in mine)
    return len(mine)


async def test_a_payment_that_succeeds_pays_the_order_once(till: Till) -> None:
    who, order = await till.order()
    payment = await till.pay(who, order, Outcome.SUCCEED)

    await till.react()

    paid = await till.now(order)
    assert (paid.status, paid.cancelled_at) == (Status.AWAITING_SHIPMENT, None)
    assert paid.paid_at is not None
    assert await till.state(payment) is PaymentStatus.SUCCEEDED
    (fact,) = await till.facts("orders.paid")
    assert fact.payload["total"] == order.total
    assert await refunds(till) == 0


async def test_a_callback_that_comes_twice_counts_once(till: Till) -> None:
    who, order = await till.order()
    await till.pay(who, order, Outcome.TWICE)

    await till.react()

    assert len(await till.facts("payments.succeeded")) == 1
    assert len(await till.facts("orders.paid")) == 1
    assert await refunds(till) == 0


async def test_a_payment_that_fails_leaves_the_order_open_for_another(till: Till) -> None:
    who, order = await till.order()
    failed = await till.pay(who, order, Outcome.FAIL)
    assert await till.state(failed) is PaymentStatus.FAILED
    assert (await till.now(order)).status is Status.AWAITING_PAYMENT

    again = await till.pay(who, order, Outcome.SUCCEED)
    await till.react()

    assert again.id != failed.id
    assert (await till.now(order)).status is Status.AWAITING_SHIPMENT


async def test_a_slow_provider_calls_back_after_five_seconds(till: Till) -> None:
    who, order = await till.order()
    payment = await till.open(who, order)
    await till.confirm(who, payment, Outcome.DELAY)

    assert await till.work_off() == [timedelta(seconds=5)]
    assert await till.state(payment) is PaymentStatus.SUCCEEDED


async def test_money_that_comes_after_the_order_expired_goes_back_once(till: Till) -> None:
    who, order = await till.order()
    payment = await till.open(who, order)
    await till.confirm(who, payment, Outcome.LATE)
    await orders.sweep(till.database, order.pay_by)
    assert (await till.now(order)).cancel_reason == "unpaid"
    assert await till.left(order.lines[0].sku_id) == 5

    # The provider speaks as if it were later; its clock is believed within five minutes only.
    _, body = await said(till)
    headers = sandbox().signed(body, datetime.now(UTC))
    async with till.database.begin(till.system) as tx:
        await payments.hear(tx, "sandbox", headers, body)
    await till.react()
    await till.react()
    await till.work_off()
    await till.work_off()

    assert (await till.now(order)).status is Status.CANCELLED
    assert await till.state(payment) is PaymentStatus.REFUNDED
    assert await refunds(till) == 1
    (fact,) = await till.facts("payments.refunded")
    assert fact.payload["reason"] == "order_cancelled"


async def said(till: Till) -> tuple[timedelta, bytes]:
    """Take the callback that waits out of the queue."""
    ((_, delay, args),) = till.jobs.waiting
    till.jobs.waiting = []
    return delay, str(args[2]).encode()


def sandbox() -> payments.Sandbox:
    provider = find("sandbox")
    assert isinstance(provider, payments.Sandbox)
    return provider


async def test_a_late_callback_waits_until_the_order_is_over(till: Till) -> None:
    who, order = await till.order()
    payment = await till.open(who, order)
    await till.confirm(who, payment, Outcome.LATE)

    delay, _ = await said(till)

    assert datetime.now(UTC) + delay > order.pay_by


async def test_a_lie_is_refused_and_changes_nothing(
    till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    who, order = await till.order()
    payment = await till.pay(who, order, Outcome.LIE)

    assert "signature" in caplog.text
    assert await till.state(payment) is PaymentStatus.PENDING
    assert till.jobs.waiting == []
    await till.confirm(who, payment, Outcome.SUCCEED)
    await till.work_off()
    assert await till.state(payment) is PaymentStatus.SUCCEEDED


async def test_two_tabs_that_pay_at_once_share_a_payment(till: Till) -> None:
    who, order = await till.order()

    opened = await asyncio.gather(*(till.open(who, order) for _ in range(8)))
    await asyncio.gather(*(till.confirm(who, opened[0], Outcome.SUCCEED) for _ in range(8)))
    await till.work_off()
    await till.react()

    assert len({payment.id for payment in opened}) == 1
    assert len(await till.facts("orders.paid")) == 1
    assert await refunds(till) == 0


async def test_the_second_payment_of_a_paid_order_goes_back_once(till: Till) -> None:
    who, order = await till.order()
    first = await till.pay(who, order, Outcome.FAIL)
    second = await till.pay(who, order, Outcome.SUCCEED)
    await till.react()
    # The provider finds the money of the first after all.
    body = f'{{"paymentId":"{first.id}","ref":"sbx-{first.id.hex}","succeeded":true,'
    body += f'"amount":{first.amount},"currency":"CNY"}}'
    for _ in range(2):
        headers = sandbox().signed(body.encode(), datetime.now(UTC))
        async with till.database.begin(till.system) as tx:
            await payments.hear(tx, "sandbox", headers, body.encode())

    await till.react()
    await till.work_off()
    await till.work_off()

    assert await till.state(second) is PaymentStatus.SUCCEEDED
    assert await till.state(first) is PaymentStatus.REFUNDED
    assert await refunds(till) == 1
    assert len(await till.facts("orders.paid")) == 1


async def test_the_provider_tries_again_until_it_is_heard(till: Till) -> None:
    who, order = await till.order()
    payment = await till.open(who, order)
    heard, sandbox().url = sandbox().url, "http://127.0.0.1:9/nobody"
    await till.confirm(who, payment, Outcome.SUCCEED)

    first, second, third = [(await till.work_off())[0] for _ in range(3)]
    sandbox().url = heard
    await till.work_off()

    assert timedelta() == first < second <= third
    assert await till.state(payment) is PaymentStatus.SUCCEEDED
    assert till.jobs.waiting == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"amount": 1}, "amount"),
        ({"currency": "USD"}, "amount"),
        ({"paymentId": str(new_id())}, "payment"),
        ({"succeeded": None}, "body"),
    ],
)
async def test_only_the_exact_money_is_believed(
    till: Till, change: dict[str, object], reason: str
) -> None:
    who, order = await till.order()
    payment = await till.open(who, order)
    news = {
        "paymentId": str(payment.id),
        "ref": "r-1",
        "succeeded": True,
        "amount": payment.amount,
        "currency": "CNY",
    }
    body = msgspec.json.encode(news | change)

    async with till.database.begin(till.system) as tx:
        with pytest.raises(CallbackRefused) as refusal:
            await payments.hear(tx, "sandbox", sandbox().signed(body, datetime.now(UTC)), body)

    assert refusal.value.facts == {"reason": reason}
    assert await till.state(payment) is PaymentStatus.PENDING


async def test_a_stale_callback_is_refused(till: Till) -> None:
    body = b"{}"
    for age in (timedelta(minutes=-6), timedelta(minutes=6)):
        headers = sandbox().signed(body, datetime.now(UTC) + age)
        async with till.database.begin(till.system) as tx:
            with pytest.raises(CallbackRefused):
                await payments.hear(tx, "sandbox", headers, body)


async def test_a_key_opens_one_payment_even_after_it_is_settled(till: Till) -> None:
    who, order = await till.order()
    payment = await till.open(who, order, "key-00000001")
    await till.confirm(who, payment, Outcome.SUCCEED)
    await till.work_off()
    await till.react()

    assert (await till.open(who, order, "key-00000001")).id == payment.id
    with pytest.raises(IllegalTransition):
        await till.open(who, order, "key-00000002")
    with pytest.raises(PaymentSettled):
        await till.confirm(who, payment, Outcome.SUCCEED)


async def test_a_key_cannot_pay_for_something_else(till: Till) -> None:
    who, order = await till.order()
    other = await till.place(who, who.basket(order.lines[0].sku_id))
    await till.open(who, order, "key-00000001")

    with pytest.raises(IdempotencyKeyReused):
        await till.open(who, other, "key-00000001")


async def test_nobody_pays_by_a_provider_we_do_not_know(till: Till) -> None:
    who, order = await till.order()
    async with till.database.begin(who.actor) as tx:
        with pytest.raises(ProviderUnknown):
            await orders.open_payment(tx, order.id, "nobody", "key-00000001")


async def test_an_order_whose_time_is_up_cannot_be_paid(till: Till) -> None:
    who, order = await till.order()
    async with till.database.begin(who.actor, order.pay_by) as tx:
        with pytest.raises(IllegalTransition):
            await orders.open_payment(tx, order.id, "sandbox", "key-00000001")


async def test_strangers_and_other_merchants_see_no_payment(
    till: Till, other_merchant_id: UUID
) -> None:
    who, order = await till.order()
    payment = await till.open(who, order)
    strangers = [
        (await till.buyer()).actor,
        Actor(till.merchant_id, Role.GUEST),
        Actor(till.merchant_id, Role.HOST, new_id()),
        Actor(other_merchant_id, Role.OWNER, new_id()),
        system(other_merchant_id),
    ]
    for stranger in strangers:
        async with till.database.begin(stranger) as tx:
            with pytest.raises(PaymentNotFound):
                await payments.get(tx, payment.id)
            with pytest.raises(PaymentNotFound):
                await payments.confirm_sandbox(tx, payment.id, Outcome.SUCCEED)
            with pytest.raises(OrderNotFound):
                await orders.open_payment(tx, order.id, "sandbox", "key-00000009")
