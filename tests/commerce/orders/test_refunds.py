"""Money goes back for exactly its share, once, and everything that came with it."""

import asyncio
import random
from uuid import UUID

import msgspec
import pytest

from tests.commerce.orders.shop import Buyer
from tests.commerce.orders.till import PRICE, Till
from xinbo.commerce import inventory, orders, promotions
from xinbo.commerce.inventory import NotReserved, Take
from xinbo.commerce.orders import NothingToRefund, Order, RefundAsk, Refunded, RefundPart, Status
from xinbo.commerce.promotions import CouponState
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio


async def discounted(till: Till, quantity: int = 3) -> tuple[UUID, Buyer, Order]:
    """Buy pieces with a full reduction, a coupon and points, and pay."""
    sku_id, who = await till.stock(20), await till.buyer()
    await till.reduce(10_000, 1_001)
    coupon_id = await till.coupon_for(who, off=777)
    await till.points_for(who, 1_000)
    basket = msgspec.structs.replace(
        who.basket(sku_id, quantity=quantity), coupon_id=coupon_id, points=333
    )
    return sku_id, who, await till.bought(who, basket)


async def test_piece_by_piece_goes_back_what_was_paid_to_the_last_fen(till: Till) -> None:
    sku_id, who, order = await discounted(till)

    given = [await till.refund(order, [(0, 1)]) for _ in range(3)]

    assert sum(each.amount for each in given) == order.total
    assert sum(each.points for each in given) == order.points
    assert await till.points_of(who) == 1_000
    ended = await till.get(order.id)
    assert (ended.status, ended.refunded) == (Status.CANCELLED, order.total)
    assert await till.left(sku_id) == 20
    assert await till.balanced()


async def test_the_coupon_is_whole_again_when_all_goes_back_before_it_was_sent(
    till: Till,
) -> None:
    _, who, order = await discounted(till)

    first = await till.refund(order, [(0, 2)])
    last = await till.refund(order, [(0, 1)])

    assert (first.coupon_restored, last.coupon_restored) == (False, True)
    async with till.database.begin(who.actor) as tx:
        mine = await promotions.page_of_coupons(tx, who.id, CouponState.UNUSED, None, 10)
    assert len(mine.items) == 1


async def test_the_same_refund_asked_twice_at_once_is_made_once(till: Till) -> None:
    _, _, order = await discounted(till)

    first, second = await asyncio.gather(
        *(till.refund(order, [(0, 1)], key="case-1") for _ in range(2))
    )

    assert first == second
    assert (await till.get(order.id)).refunded == first.amount
    assert await till.sent_back(order.id) == first.amount


async def test_two_refunds_of_the_last_piece_are_one(till: Till) -> None:
    _, _, order = await discounted(till, quantity=1)

    answers = await asyncio.gather(
        *(till.refund(order, [(0, 1)]) for _ in range(4)), return_exceptions=True
    )

    assert sum(isinstance(each, Refunded) for each in answers) == 1
    assert (await till.get(order.id)).refunded == order.total


async def test_more_pieces_than_were_bought_do_not_go_back(till: Till) -> None:
    _, _, order = await discounted(till)

    with pytest.raises(NothingToRefund) as refusal:
        await till.refund(order, [(0, 4)])

    assert refusal.value.facts == {"what": "pieces", "left": 3}
    assert (await till.get(order.id)).refunded == 0


async def test_an_agreed_amount_leaves_the_rest_for_the_pieces(till: Till) -> None:
    _, _, order = await discounted(till)
    ask = RefundAsk(
        parts=[RefundPart(position=0, quantity=0, amount=500)], key="talk-1", reason="scratch"
    )
    async with till.database.begin(till.system) as tx:
        agreed = await orders.refund(tx, order.id, ask)

    rest = await till.refund(order, [(0, 3)])

    assert agreed.amount == 500
    assert agreed.amount + rest.amount == order.total


async def test_any_sequence_of_partial_refunds_sums_to_what_was_paid(till: Till) -> None:
    """Eight orders of several lines go back in random pieces; nobody gains or loses a fen."""
    chance = random.Random(117)  # noqa: S311 # not a secret
    await till.reduce(20_000, 3_333)
    for _ in range(8):
        who = await till.buyer()
        skus = [await till.stock(20, price=chance.randint(1, 9_999)) for _ in range(3)]
        lines = {sku_id: chance.randint(1, 4) for sku_id in skus}
        basket = who.basket(*lines)
        wanted = [
            msgspec.structs.replace(line, quantity=lines[line.sku_id]) for line in basket.lines
        ]
        order = await till.bought(who, msgspec.structs.replace(basket, lines=wanted))
        pieces = [line.position for line in order.lines for _ in range(line.quantity)]
        chance.shuffle(pieces)
        given = [(await till.refund(order, [(place, 1)])).amount for place in pieces]
        assert all(each >= 0 for each in given)
        assert sum(given) == order.total
    assert await till.balanced()


async def test_pieces_that_were_not_sent_are_on_sale_again_and_those_sent_are_not(
    till: Till,
) -> None:
    sku_id, _, order = await discounted(till)
    async with till.database.begin(till.owner) as tx:
        await orders.ship(tx, order.id, [(0, 1)], "parcel-1")
    assert (await till.get(order.id)).status is Status.PARTLY_SHIPPED

    await till.refund(order, [(0, 2)])

    sent = await till.get(order.id)
    assert (sent.status, sent.lines[0].withdrawn) == (Status.SHIPPED, 2)
    assert await till.left(sku_id) == 19


async def test_what_the_shopper_had_goes_back_without_touching_what_is_unsent(till: Till) -> None:
    sku_id, _, order = await discounted(till)
    async with till.database.begin(till.owner) as tx:
        await orders.ship(tx, order.id, [(0, 2)], "parcel-1")
    ask = RefundAsk(
        parts=[RefundPart(position=0, quantity=1, sent=True)], key="case-2", reason="broken"
    )
    async with till.database.begin(till.system) as tx:
        await orders.refund(tx, order.id, ask)

    async with till.database.begin(till.owner) as tx:
        await orders.ship(tx, order.id, [(0, 1)], "parcel-2")

    assert (await till.get(order.id)).status is Status.SHIPPED
    assert await till.left(sku_id) == 17


async def test_nobody_gives_back_what_he_does_not_hold(till: Till) -> None:
    take = Take(sku_id=await till.stock(3), pool_id=NIL, quantity=1)

    with pytest.raises(NotReserved):
        async with till.database.begin(till.system) as tx:
            await inventory.release_some(tx, new_id(), [take])


async def test_points_that_money_earned_go_with_the_money(till: Till) -> None:
    sku_id, who = await till.stock(5), await till.buyer()
    await till.points_for(who, 10)
    order = await till.bought(who, who.basket(sku_id, quantity=2))
    async with till.database.begin(till.owner) as tx:
        await orders.ship(tx, order.id, [(0, 2)], "parcel-1")
    async with till.database.begin(who.actor) as tx:
        await orders.confirm_receipt(tx, order.id)
    earned = 2 * PRICE // 100
    assert await till.points_of(who) == 10 + earned

    for _ in range(2):
        ask = RefundAsk(
            parts=[RefundPart(position=0, quantity=1, sent=True)],
            key=str(new_id()),
            reason="seven_days",
        )
        async with till.database.begin(till.system) as tx:
            await orders.refund(tx, order.id, ask)

    assert await till.points_of(who) == 10
    assert await till.balanced()
