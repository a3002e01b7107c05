"""Price protection: the difference, exactly once for each lowest price."""

import asyncio
from datetime import timedelta

import pytest

from tests.commerce.aftersales.counter import Counter
from tests.commerce.orders.shop import Buyer
from xinbo.commerce import aftersales, catalog
from xinbo.commerce.aftersales import CaseDetail, CaseState, NothingCheaper, PriceChecks
from xinbo.commerce.catalog import PutProduct, PutSku
from xinbo.commerce.orders import Order
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


async def cost(shop: Counter, order: Order, price: int) -> None:
    """Change the list price of the first line's SKU."""
    async with shop.database.begin(shop.owner) as tx:
        product = await catalog.get(tx, order.lines[0].product_id)
        await catalog.put(
            tx,
            product.id,
            PutProduct(
                handle=None,
                title=product.title,
                subtitle="",
                description="",
                unit=product.unit,
                status=product.status,
                option_names=product.option_names,
                skus=[
                    PutSku(
                        id=sku.id,
                        code=sku.code,
                        options=sku.options,
                        price=price,
                        barcode="",
                    )
                    for sku in product.skus
                ],
            ),
        )


async def check(shop: Counter, who: Buyer, order: Order) -> PriceChecks:
    async with shop.database.begin(who.actor) as tx:
        return await aftersales.check_prices(tx, order.id)


async def protect(
    shop: Counter, who: Buyer, order: Order, key: str | None = None, days: int = 0
) -> CaseDetail:
    async with shop.database.begin(who.actor, shop.now(timedelta(days=days))) as tx:
        return await aftersales.protect_price(tx, order.id, key or str(new_id()))


async def test_a_fallen_price_comes_back_once_and_the_page_says_why(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, quantity=2, price=10_000)
    assert [each.why for each in (await check(shop, who, order)).lines] == ["not_lower"]
    with pytest.raises(NothingCheaper):
        await protect(shop, who, order)

    await cost(shop, order, 8_000)
    shown = await check(shop, who, order)
    assert (shown.amount, shown.lines[0].why) == (4_000, "lower")
    first = await protect(shop, who, order)
    assert (first.case.state, first.case.refunded) == (CaseState.COMPLETED, 4_000)
    assert [each.why for each in (await check(shop, who, order)).lines] == ["paid_already"]

    await cost(shop, order, 9_000)
    with pytest.raises(NothingCheaper):
        await protect(shop, who, order)
    await cost(shop, order, 7_000)
    again = await protect(shop, who, order)

    assert again.case.refunded == 2_000
    assert (await shop.get(order.id)).refunded == 6_000
    assert (await shop.get(order.id)).lines[0].returned == 0
    assert await shop.balanced()


async def test_price_protection_ends_after_fifteen_days(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, price=10_000)
    await cost(shop, order, 8_000)

    with pytest.raises(NothingCheaper):
        await protect(shop, who, order, days=17)


async def test_tapping_twice_pays_once(shop: Counter) -> None:
    who = await shop.buyer()
    order = await shop.had(who, price=10_000)
    await cost(shop, order, 8_000)

    answers = await asyncio.gather(
        *(protect(shop, who, order) for _ in range(5)), return_exceptions=True
    )

    assert sum(isinstance(each, CaseDetail) for each in answers) == 1
    assert (await shop.get(order.id)).refunded == 2_000


async def test_what_was_protected_is_not_refunded_a_second_time(shop: Counter) -> None:
    """The difference came back already: a return brings what is left."""
    who = await shop.buyer()
    order = await shop.had(who, price=10_000)
    await cost(shop, order, 8_000)
    await protect(shop, who, order)

    async with shop.database.begin(who.actor) as tx:
        quoted = await aftersales.quote(tx, order.id, _return())

    assert quoted.amount == 8_000


def _return() -> aftersales.AskCase:
    return aftersales.AskCase(
        kind=aftersales.CaseKind.RETURN_REFUND,
        reason=aftersales.Reason.CHANGED_MIND,
        parts=[aftersales.CasePart(position=0, quantity=1)],
    )
