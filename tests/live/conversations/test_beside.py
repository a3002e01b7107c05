"""Order, parcel and product stand beside the conversation; after-sales is one tap away."""

import pytest

from tests.commerce.aftersales.counter import ask as wish
from tests.live.conversations.desk import Desk
from xinbo.commerce import aftersales
from xinbo.commerce.aftersales import CaseKind, CaseOpened, Reason
from xinbo.commerce.orders import Order, OrderNotFound
from xinbo.engines.tx import Actor, Role
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id
from xinbo.live import conversations
from xinbo.live.conversations import (
    Beside,
    Conversation,
    ConversationNotFound,
    HandToAftersales,
    NothingToHandOver,
    TakenBySomeone,
    TalkCardKind,
    TalkNote,
)
from xinbo.live.conversations._reactions import on_case_opened

pytestmark = pytest.mark.anyio


async def beside(desk: Desk, talk: Conversation, order: Order | None = None) -> Beside:
    async with desk.database.begin(desk.one) as tx:
        return await conversations.beside(tx, talk.id, order.id if order else None, None)


async def test_the_agent_sees_the_shoppers_orders_and_the_product_at_the_shows_price(
    desk: Desk,
) -> None:
    """#24: the shopper's orders stand inside the conversation, the product at this show's price."""
    who = await desk.buyer()
    order = await desk.had(who)
    await desk.had(await desk.buyer())
    talk = await desk.asks(who, product_id=desk.product_id, order_id=order.id)
    shown = await beside(desk, talk)
    assert [each.id for each in shown.orders] == [order.id]
    assert shown.order is not None
    assert shown.order.id == order.id
    assert shown.options is not None
    assert shown.product is not None
    assert (shown.product.price, shown.product.list_price, shown.product.left) == (
        8_000,
        10_000,
        10,
    )


async def test_another_shoppers_order_is_not_shown_beside(desk: Desk) -> None:
    talk = await desk.asks(await desk.buyer())
    other = await desk.had(await desk.buyer())
    with pytest.raises(OrderNotFound):
        await beside(desk, talk, other)
    for stranger in (
        Actor(desk.merchant_id, Role.ANALYST, new_id()),
        Actor(desk.merchant_id, Role.HOST, new_id()),
    ):
        async with desk.database.begin(stranger) as tx:
            with pytest.raises((NotPermitted, ConversationNotFound)):
                await conversations.beside(tx, talk.id, None, None)


async def test_one_tap_puts_the_filled_form_into_the_conversation_and_says_who_handed_over(
    desk: Desk,
) -> None:
    who = await desk.buyer()
    order = await desk.had(who)
    talk = await desk.asks(who, "瓶子碎了", order_id=order.id)
    command = HandToAftersales(id=new_id(), order_id=order.id, position=0, reason=Reason.DAMAGED)
    for _ in range(2):
        async with desk.database.begin(desk.one) as tx:
            await conversations.hand_over(tx, talk.id, command)
    forms = [
        each.card
        for each in await desk.read(who.actor, talk)
        if each.card is not None and each.card.kind is TalkCardKind.ASK_AFTERSALES
    ]
    assert len(forms) == 1
    assert (forms[0].order_id, forms[0].position, forms[0].quantity) == (order.id, 0, 1)
    assert forms[0].asked is CaseKind.REFUND_ONLY or forms[0].asked is CaseKind.RETURN_REFUND
    noted = [each for each in await desk.read(desk.two, talk) if each.note is TalkNote.HANDED_OVER]
    assert [each.by for each in noted] == ["小禾"]
    with pytest.raises(TakenBySomeone):
        async with desk.database.begin(desk.two) as tx:
            await conversations.hand_over(
                tx, talk.id, HandToAftersales(id=new_id(), order_id=order.id, position=0)
            )


async def test_the_case_that_comes_of_it_is_noted_in_the_conversation(desk: Desk) -> None:
    who = await desk.buyer()
    order = await desk.had(who)
    talk = await desk.asks(who, order_id=order.id)
    async with desk.database.begin(who.actor) as tx:
        case = (await aftersales.open_case(tx, order.id, wish(), str(new_id()))).case
    async with desk.database.begin(desk.system) as tx:
        await on_case_opened(
            tx,
            CaseOpened(
                order_id=order.id,
                case_id=case.id,
                shopper_id=who.id,
                kind=case.kind,
                reason=case.reason,
                amount=case.amount,
                pieces=1,
                sku_ids=[],
            ),
        )
    last = (await desk.read(who.actor, talk))[-1]
    assert last.note is TalkNote.CASE_OPENED
    assert last.card is not None
    assert (last.card.kind, last.card.case_id, last.card.title) == (
        TalkCardKind.CASE,
        case.id,
        case.number,
    )
    assert [each.id for each in (await beside(desk, talk)).cases] == [case.id]


async def test_nothing_is_handed_over_that_after_sales_would_refuse(desk: Desk) -> None:
    who = await desk.buyer()
    order = await desk.had(who)
    talk = await desk.asks(who)
    await desk.take(desk.one, talk)
    async with desk.database.begin(who.actor) as tx:
        await aftersales.open_case(tx, order.id, wish(), str(new_id()))
    for position in (0, 7):
        async with desk.database.begin(desk.one) as tx:
            with pytest.raises(NothingToHandOver):
                await conversations.hand_over(
                    tx, talk.id, HandToAftersales(id=new_id(), order_id=order.id, position=position)
                )
    strange = await desk.had(await desk.buyer())
    async with desk.database.begin(desk.one) as tx:
        with pytest.raises(OrderNotFound):
            await conversations.hand_over(
                tx, talk.id, HandToAftersales(id=new_id(), order_id=strange.id, position=0)
            )
