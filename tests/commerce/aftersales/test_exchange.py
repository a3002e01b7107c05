"""Goods go back and other goods come: stock counts every piece."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from tests.commerce.aftersales.counter import BACK, OUT, Counter, ask
from tests.commerce.orders.shop import stocked
from xinbo.commerce import aftersales
from xinbo.commerce.aftersales import (
    ApproveCase,
    AskCase,
    CaseKind,
    CaseState,
    Reason,
    ReceiveGoods,
    RefuseCase,
    VariantRefused,
)
from xinbo.commerce.inventory import OutOfStock

pytestmark = pytest.mark.anyio


async def test_an_exchange_sets_the_new_piece_aside_and_sends_it(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, stock=3)
    sku_id = order.lines[0].sku_id
    case = await shop.ask(who, order, ask(CaseKind.EXCHANGE, Reason.QUALITY))

    await shop.act(shop.service, aftersales.approve, case, ApproveCase())
    assert await shop.left(sku_id) == 1, "one sold, one set aside"
    await shop.act(who.actor, aftersales.send_back, case, BACK)
    await shop.act(shop.service, aftersales.receive, case, ReceiveGoods(restock=True))
    assert await shop.left(sku_id) == 2, "the old piece is back"
    await shop.act(shop.service, aftersales.send_replacement, case, OUT)
    case = await shop.act(who.actor, aftersales.confirm, case)

    assert (case.state, case.refunded) == (CaseState.COMPLETED, 0)
    assert await shop.left(sku_id) == 2
    again = await shop.ask(who, order, ask(reason=Reason.QUALITY))
    assert again.state is CaseState.APPLIED, "the new piece has the same rights"


async def test_another_size_of_the_same_product_is_sent(shop: Counter) -> None:
    who = await shop.buyer()
    async with shop.database.begin(shop.system) as tx:
        small, large = await stocked(tx, 5, price=10_000, skus=2)
    order = await shop.bought(who, who.basket(small, price=10_000))
    await shop.received(who, order)
    async with shop.database.begin(who.actor) as tx:
        offered = await aftersales.options(tx, order.id)
    assert {each.sku_id for each in offered.lines[0].variants} == {small, large}

    wish = ask(CaseKind.EXCHANGE, Reason.WRONG_SIZE)
    case = await shop.ask(who, order, _for(wish, large))
    await shop.act(shop.service, aftersales.approve, case, ApproveCase())

    assert (await shop.left(small), await shop.left(large)) == (4, 4)
    stranger, other = await shop.stock(1), await shop.had(who)
    with pytest.raises(VariantRefused):
        await shop.ask(who, other, _for(wish, stranger))


def _for(command: AskCase, sku_id: UUID) -> AskCase:
    return replace(command, wanted_sku_id=sku_id)


async def test_an_exchange_of_what_is_sold_out_is_not_promised(shop: Counter) -> None:
    who = await shop.buyer()
    case = await shop.ask(who, await shop.had(who, stock=1), ask(CaseKind.EXCHANGE, Reason.QUALITY))

    with pytest.raises(OutOfStock):
        await shop.act(shop.service, aftersales.approve, case, ApproveCase())

    assert (await shop.case(case)).state is CaseState.APPLIED


async def test_goods_that_are_not_what_was_sent_are_refused_and_nothing_stays_held(
    shop: Counter,
) -> None:
    who = await shop.buyer()
    order = await shop.had(who, stock=2)
    case = await shop.ask(who, order, ask(CaseKind.EXCHANGE, Reason.QUALITY))
    await shop.act(shop.service, aftersales.approve, case, ApproveCase())
    await shop.act(who.actor, aftersales.send_back, case, BACK)

    no = RefuseCase(words="寄回的是空盒")
    case = await shop.act(shop.service, aftersales.reject_goods, case, no)

    assert case.state is CaseState.REFUSED
    assert await shop.left(order.lines[0].sku_id) == 1
