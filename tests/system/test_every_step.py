"""Checkout and refund are killed at every word with the database, and nothing is lost or doubled.

Each deed runs in a process of its own that the kernel ends at its first step, then its second,
and so on until it gets through. After every death the books balance and the deed was done either
wholly or not at all; whoever tries again with the same key gets it done once.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import func, select

from tests.commerce.orders.shop import Buyer
from tests.commerce.orders.till import Till
from xinbo.commerce import inventory, offers, orders, payments
from xinbo.commerce.inventory._models import ReservationRow
from xinbo.commerce.offers import OfferKind
from xinbo.commerce.orders import Order, PlaceOrder, RefundAsk, RefundPart, Status
from xinbo.commerce.payments import News, RefundStatus
from xinbo.commerce.payments._models import RefundRow, SandboxMoneyRow
from xinbo.commerce.promotions import GroupBuy, PutItem
from xinbo.engines.tx import Database

pytestmark = pytest.mark.anyio
MOST_STEPS = 400


class Mortal:
    """A process that does deeds and dies of them."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, step: int, deed: str, args: dict[str, Any]) -> str:
        """Do the deed, dying at the step; return what became of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        wish = {"step": step, "deed": deed, "args": args}
        self._process.stdin.write(msgspec.json.encode(wish) + b"\n")
        await self._process.stdin.drain()
        return (await self._process.stdout.readline()).decode().strip()

    async def survive(
        self, deed: str, args: dict[str, Any], check: Callable[[], Awaitable[None]]
    ) -> int:
        """Do the deed until no step kills it any more; return how many deaths it took."""
        for step in range(1, MOST_STEPS):
            answer = await self.ask(step, deed, args)
            await check()
            if answer == "done":
                return step - 1
            assert answer == "killed", answer
        pytest.fail(f"{deed} never came to its end")


@pytest.fixture
async def mortal(database_url: str) -> AsyncIterator[Mortal]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.system.mortal",
        database_url,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    await process.stdout.readline()
    yield Mortal(process)
    process.stdin.close()
    await process.wait()


class House(Till):
    """A till with one buyer's rich basket: promotion, coupon and points."""

    sku_id: UUID
    who: Buyer
    coupon_id: UUID
    stock_before = 20
    points_before = 1_000

    async def furnish(self) -> PlaceOrder:
        """Prepare everything an order can use; return the order."""
        self.sku_id, self.who = await self.stock(self.stock_before), await self.buyer()
        await self.reduce(10_000, 1_001)
        self.coupon_id = await self.coupon_for(self.who, off=777)
        await self.points_for(self.who, self.points_before)
        basket = self.who.basket(self.sku_id, quantity=2)
        wanted = msgspec.structs.replace(basket, coupon_id=self.coupon_id, points=300)
        shown = await self.checkout(self.who, wanted)
        return msgspec.structs.replace(wanted, expected_total=shown.total)

    async def orders_of(self) -> list[Order]:
        """List the buyer's orders."""
        async with self.database.begin(self.who.actor) as tx:
            return (await orders.page_of(tx, None, None, None, 50)).items

    async def whole(self) -> None:
        """Stock, coupon, points and orders tell one story, and the books balance."""
        placed = await self.orders_of()
        held = [each for each in placed if each.status is not Status.CANCELLED]
        assert len(placed) <= 1
        assert await self.left(self.sku_id) == self.stock_before - 2 * len(held)
        spent = sum(each.points for each in held)
        assert await self.points_of(self.who) == self.points_before - spent
        async with self.database.begin(self.system) as tx:
            reserved = await tx.db.scalar(
                select(func.coalesce(func.sum(ReservationRow.quantity), 0)).where(
                    ReservationRow.merchant_id == self.merchant_id
                )
            )
        assert reserved == 2 * len(held)
        assert await self.balanced()


@pytest.fixture
async def house(database: Database, merchant_id: UUID) -> House:
    return House(database, merchant_id)


@pytest.mark.parametrize("batched", [True, False], ids=["batched", "one by one"])
async def test_placing_an_order(house: House, mortal: Mortal, *, batched: bool) -> None:
    command = await house.furnish()
    args = {
        "merchant": house.merchant_id,
        "shopper": house.who.id,
        "command": msgspec.to_builtins(command),
        "key": "checkout-1",
        "batched": batched,
    }

    deaths = await mortal.survive("place", args, house.whole)

    assert deaths > 20
    (order,) = await house.orders_of()
    again = await house.place(house.who, command, "checkout-1")
    assert again.id == order.id
    await house.whole()


async def test_hearing_of_a_payment_and_counting_it(house: House, mortal: Mortal) -> None:
    command = await house.furnish()
    order = await house.place(house.who, command)
    payment = await house.open(house.who, order.id)
    body = msgspec.json.encode(
        News(
            payment_id=payment.id,
            ref=f"sbx-{payment.id.hex}",
            succeeded=True,
            amount=payment.amount,
            currency=payment.currency,
        )
    )
    heard = {
        "merchant": house.merchant_id,
        "headers": house.provider.signed(body, house.now()),
        "body": body.decode(),
    }
    counted = {
        "merchant": house.merchant_id,
        "order": order.id,
        "payment": payment.id,
        "amount": payment.amount,
    }

    assert await mortal.survive("hear", heard, house.whole) > 5
    assert await mortal.survive("count", counted, house.whole) > 10
    assert await mortal.ask(0, "count", counted) == "done"

    assert (await house.get(order.id)).status is Status.AWAITING_SHIPMENT
    assert len(await house.facts("payments.succeeded")) == 1
    assert len(await house.facts("orders.paid")) == 1
    await house.whole()


async def test_refunding_an_order(house: House, mortal: Mortal) -> None:
    command = await house.furnish()
    order = await house.pay(house.who, await house.place(house.who, command))
    ask = RefundAsk(parts=[RefundPart(position=0, quantity=2)], key="case-1", reason="changed_mind")
    decided = {
        "merchant": house.merchant_id,
        "order": order.id,
        "ask": msgspec.to_builtins(ask),
    }

    assert await mortal.survive("refund", decided, house.whole) > 20
    assert await mortal.ask(0, "refund", decided) == "done"

    ended = await house.get(order.id)
    assert (ended.status, ended.refunded) == (Status.CANCELLED, order.total)
    (refund,) = await refunds(house, order)
    sent = {"merchant": house.merchant_id, "refund": str(refund.id)}
    assert await mortal.survive("send_back", sent, house.whole) > 5
    assert await mortal.ask(0, "send_back", sent) == "done"
    (refund,) = await refunds(house, order)
    assert refund.status is RefundStatus.SENT
    async with house.database.begin(house.system) as tx:
        paid_back = await tx.db.scalars(
            select(SandboxMoneyRow.amount).where(
                SandboxMoneyRow.merchant_id == house.merchant_id, SandboxMoneyRow.amount < 0
            )
        )
    assert list(paid_back) == [-order.total]
    assert await house.sent_back(order.id) == 0


async def refunds(house: House, order: Order) -> list[RefundRow]:
    async with house.database.begin(house.system) as tx:
        rows = await tx.db.scalars(select(RefundRow).where(RefundRow.order_id == order.id))
        return list(rows)


async def test_failing_a_group(house: House, mortal: Mortal) -> None:
    """#6: however often it dies, each member's money goes back once."""
    sku_id = await house.stock(10)
    await house.promote(GroupBuy(size=3, hours=1), PutItem(sku_id=sku_id, price=7_000, stock=6))
    async with house.database.begin(house.system) as tx:
        (offer,) = await offers.specials(tx, [sku_id], None)
    assert offer.kind is OfferKind.GROUP_BUY
    first, second = await house.buyer(), await house.buyer()
    one = await house.pay(first, await house.choose(first, sku_id, offer.id))
    two = await house.pay(
        second, await house.choose(second, sku_id, offer.id, group_id=one.group_id)
    )
    args = {
        "merchant": house.merchant_id,
        "group": one.group_id,
        "orders": [one.id, two.id],
        "now": house.now(timedelta(hours=2)).isoformat(),
    }

    async def whole() -> None:
        assert await house.balanced()
        for each in (one, two):
            now = await house.get(each.id)
            ended = now.status is Status.CANCELLED
            assert now.refunded == (each.total if ended else 0)
            assert await house.sent_back(each.id) == now.refunded

    assert await mortal.survive("fail", args, whole) > 20

    for each in (one, two):
        assert (await house.get(each.id)).status is Status.CANCELLED
        assert len(await refunds(house, each)) == 1
    async with house.database.begin(house.system) as tx:
        (stock,) = await inventory.stock(tx, [sku_id])
        assert len(await payments.refunds_of(tx, (await refunds(house, one))[0].payment_id)) == 1
    assert stock.left == 4
