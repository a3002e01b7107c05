"""Group buying, pre-sale, bargaining, flash sale and member price share one way to an order."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.commerce.orders.shop import Buyer
from tests.commerce.orders.till import PRICE, Till
from xinbo.commerce import bargains, groups, members, offers, orders
from xinbo.commerce.groups import GroupFull
from xinbo.commerce.offers import OfferKind, PerPersonLimit, Special
from xinbo.commerce.orders import BalanceNotDue, IllegalTransition, Order, Status
from xinbo.commerce.promotions import (
    Bargaining,
    FlashSale,
    GroupBuy,
    MemberPrice,
    Presale,
    PutItem,
)

pytestmark = pytest.mark.anyio
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def special(till: Till, sku_id: UUID) -> Special:
    async with till.database.begin(till.system) as tx:
        (found,) = await offers.specials(tx, [sku_id], None)
    return found


async def grouped(till: Till, size: int = 2) -> tuple[UUID, Special]:
    sku_id = await till.stock(10)
    await till.promote(GroupBuy(size=size, hours=24), PutItem(sku_id=sku_id, price=7_000, stock=6))
    return sku_id, await special(till, sku_id)


async def joined(till: Till, size: int = 2) -> tuple[UUID, Special, Buyer, Order]:
    """Open a group with one paid seat."""
    sku_id, offer = await grouped(till, size)
    who = await till.buyer()
    return sku_id, offer, who, await till.pay(who, await till.choose(who, sku_id, offer.id))


async def test_a_group_that_fills_up_is_sent(till: Till) -> None:
    sku_id, offer, _, first = await joined(till)
    assert (first.status, first.total) == (Status.AWAITING_GROUP, 7_000)

    friend = await till.buyer()
    second = await till.choose(friend, sku_id, offer.id, group_id=first.group_id)
    await till.pay(friend, second)

    for order in (first, second):
        assert (await till.get(order.id)).status is Status.AWAITING_SHIPMENT
    assert await till.balanced()


async def test_a_group_that_does_not_fill_up_gives_the_money_back_exactly_once(
    till: Till,
) -> None:
    """#6: an expired group is no success, and its member is not left waiting for the money."""
    _, _, _, first = await joined(till)
    late = till.now(25 * HOUR)

    await asyncio.gather(*(orders.sweep(till.database, late) for _ in range(3)))
    await till.react(late)
    await till.react(late)

    ended = await till.get(first.id)
    assert (ended.status, ended.cancel_reason) == (Status.CANCELLED, "group_failed")
    assert (ended.refunded, await till.sent_back(first.id)) == (7_000, 7_000)
    assert len(await till.facts("orders.cancelled")) == 1
    assert await till.balanced()


async def test_the_last_seat_goes_to_one_of_ten(till: Till) -> None:
    sku_id, offer, _, first = await joined(till)
    crowd = [await till.buyer() for _ in range(10)]

    answers = await asyncio.gather(
        *(till.choose(each, sku_id, offer.id, group_id=first.group_id) for each in crowd),
        return_exceptions=True,
    )

    seated = [answer for answer in answers if isinstance(answer, Order)]
    assert len(seated) == 1
    assert {type(each) for each in answers if not isinstance(each, Order)} == {GroupFull}
    async with till.database.begin(till.system) as tx:
        (stock,) = await offers.specials(tx, [sku_id], None)
    assert stock.left == 4


async def test_money_for_a_group_that_failed_meanwhile_goes_back(till: Till) -> None:
    sku_id, offer, _, first = await joined(till)
    friend = await till.buyer()
    second = await till.choose(friend, sku_id, offer.id, group_id=first.group_id)
    payment = await till.open(friend, second.id)
    late = till.now(25 * HOUR)
    await orders.sweep(till.database, late)
    await till.react(late)

    await till.tell(payment)

    assert (await till.get(second.id)).status is Status.CANCELLED
    assert await till.sent_back(second.id) == 7_000
    assert await till.balanced()


async def test_an_unpaid_seat_is_free_again(till: Till) -> None:
    sku_id, offer, _, first = await joined(till)
    idle, eager = await till.buyer(), await till.buyer()
    unpaid = await till.choose(idle, sku_id, offer.id, group_id=first.group_id)

    await orders.sweep(till.database, unpaid.pay_by)
    await till.react(unpaid.pay_by)

    paid = await till.pay(
        eager, await till.choose(eager, sku_id, offer.id, group_id=first.group_id)
    )
    assert paid.status is Status.AWAITING_SHIPMENT
    async with till.database.begin(eager.actor) as tx:
        shown = await groups.get(tx, first.group_id or first.id)
    assert (shown.state, len(shown.members)) == ("succeeded", 2)


async def presold(till: Till) -> tuple[UUID, Special]:
    sku_id = await till.stock(10)
    opens = till.now(DAY)
    await till.promote(
        Presale(balance_from=opens, balance_until=opens + DAY, ships_by=opens + 3 * DAY),
        PutItem(sku_id=sku_id, price=9_000, stock=5, deposit=1_000, worth=2_000),
        lasts=timedelta(hours=20),
    )
    return sku_id, await special(till, sku_id)


async def test_a_presale_takes_the_deposit_now_and_the_balance_in_its_window(till: Till) -> None:
    sku_id, offer = await presold(till)
    who = await till.buyer()
    order = await till.choose(who, sku_id, offer.id, quantity=2)
    # The deposit of 10 counts for 20, so a piece of 90 costs 80 in all.
    assert (order.deposit, order.total) == (2_000, 16_000)

    order = await till.pay(who, order)
    assert order.status is Status.AWAITING_BALANCE
    with pytest.raises(BalanceNotDue):
        await till.open(who, order.id)

    order = await till.pay(who, order, till.now(DAY + HOUR))
    assert order.status is Status.AWAITING_SHIPMENT
    paid = [each["amount"] for each in await till.facts("payments.succeeded")]
    assert paid == [2_000, 14_000]
    assert await till.balanced()


async def test_a_balance_that_is_not_paid_in_time_forfeits_the_deposit(till: Till) -> None:
    sku_id, offer = await presold(till)
    who = await till.buyer()
    order = await till.pay(who, await till.choose(who, sku_id, offer.id))

    await orders.sweep(till.database, till.now(3 * DAY))

    ended = await till.get(order.id)
    assert (ended.status, ended.cancel_reason) == (Status.CANCELLED, "balance_unpaid")
    assert (ended.refunded, await till.sent_back(order.id)) == (0, 0)
    assert await till.balanced()


async def test_a_merchant_who_calls_a_presale_off_returns_the_deposit(till: Till) -> None:
    sku_id, offer = await presold(till)
    who = await till.buyer()
    order = await till.pay(who, await till.choose(who, sku_id, offer.id))

    async with till.database.begin(till.owner) as tx:
        await orders.call_off(tx, order.id, "工厂停产", "call-off-1")

    assert await till.sent_back(order.id) == 1_000
    assert await till.balanced()


async def test_a_bargain_is_bought_at_the_price_friends_cut_it_to(till: Till) -> None:
    sku_id = await till.stock(10)
    await till.promote(
        Bargaining(helpers=2, hours=24), PutItem(sku_id=sku_id, price=PRICE, stock=5, floor=5_000)
    )
    offer = await special(till, sku_id)
    who, friend = await till.buyer(), await till.buyer()
    async with till.database.begin(who.actor) as tx:
        bargain = await bargains.start(tx, who.id, offer.id)
    async with till.database.begin(friend.actor) as tx:
        bargain = await bargains.help_along(tx, bargain.id, friend.id)

    order = await till.choose(who, sku_id, offer.id, bargain_id=bargain.id)

    assert order.total == bargain.price < PRICE
    with pytest.raises(bargains.BargainClosed):
        await till.choose(who, sku_id, offer.id, bargain_id=bargain.id)


async def test_a_bargain_buys_one_piece_however_far_friends_cut_it(till: Till) -> None:
    sku_id = await till.stock(10)
    await till.promote(
        Bargaining(helpers=2, hours=24), PutItem(sku_id=sku_id, price=PRICE, stock=5, floor=5_000)
    )
    offer, who = await special(till, sku_id), await till.buyer()
    async with till.database.begin(who.actor) as tx:
        bargain = await bargains.start(tx, who.id, offer.id)

    with pytest.raises(PerPersonLimit):
        await till.choose(who, sku_id, offer.id, bargain_id=bargain.id, quantity=2)

    assert (await till.choose(who, sku_id, offer.id, bargain_id=bargain.id)).total == PRICE


async def test_a_bargains_price_is_not_sold_without_a_bargain(till: Till) -> None:
    sku_id = await till.stock(10)
    await till.promote(
        Bargaining(helpers=2, hours=24), PutItem(sku_id=sku_id, price=PRICE, stock=5, floor=5_000)
    )
    who = await till.buyer()

    with pytest.raises(offers.OfferGone):
        await till.choose(who, sku_id, (await special(till, sku_id)).id)


async def test_a_flash_sale_sells_a_person_no_more_than_it_says(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    await till.promote(FlashSale(), PutItem(sku_id=sku_id, price=4_000, stock=5, per_person=2))

    first = await till.order(who, who.basket(sku_id, quantity=2))
    assert (first.kind, first.total) == (OfferKind.FLASH_SALE, 8_000)
    with pytest.raises(PerPersonLimit) as refusal:
        await till.order(who, who.basket(sku_id))
    assert refusal.value.facts["taken"] == 2

    async with till.database.begin(who.actor) as tx:
        await orders.cancel(tx, first.id, "shopper")
    assert (await till.order(who, who.basket(sku_id))).total == 4_000


async def test_a_member_price_is_for_members(till: Till) -> None:
    sku_id, who = await till.stock(10), await till.buyer()
    await till.promote(MemberPrice(level=1), PutItem(sku_id=sku_id, price=8_800))
    assert (await till.checkout(who, who.basket(sku_id))).total == PRICE

    async with till.database.begin(who.actor) as tx:
        await members.join(tx, who.id)

    assert (await till.order(who, who.basket(sku_id))).total == 8_800


async def test_who_has_paid_a_deposit_cannot_just_cancel(till: Till) -> None:
    sku_id, offer = await presold(till)
    who = await till.buyer()
    order = await till.pay(who, await till.choose(who, sku_id, offer.id))

    with pytest.raises(IllegalTransition):
        async with till.database.begin(who.actor) as tx:
            await orders.cancel(tx, order.id, "shopper")
