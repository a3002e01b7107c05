"""Orders are placed alike through the batcher and one by one."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.commerce.orders.shop import PRICE, Shop
from xinbo.commerce import cart, catalog, inventory, offers, orders
from xinbo.commerce.cart import PutCartLine
from xinbo.commerce.catalog import ProductStatus, PutProduct, PutSku
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.offers import NotOnSale, Offer
from xinbo.commerce.orders import PriceChanged, Status
from xinbo.commerce.payments import IdempotencyKeyReused
from xinbo.engines.db import EventRow
from xinbo.identity import accounts
from xinbo.identity.accounts import AddressNotFound
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


async def test_an_order_holds_its_stock_and_says_what_was_bought(shop: Shop) -> None:
    sku_id, who = await shop.stock(3), await shop.buyer()

    order = await shop.place(who, who.basket(sku_id, quantity=2, note="轻放"))

    assert order.status is Status.AWAITING_PAYMENT
    assert (order.total, order.currency, order.note) == (2 * PRICE, "CNY", "轻放")
    assert [(line.title, line.quantity, line.price) for line in order.lines] == [
        ("洗发水", 2, PRICE)
    ]
    assert order.recipient.region == ["浙江省", "杭州市", "西湖区"]
    assert order.pay_by - order.placed_at == orders.PAYMENT_WINDOW
    assert len(order.number) == 18
    assert await shop.left(sku_id) == 1
    async with shop.database.begin(who.actor) as tx:
        assert await orders.get(tx, order.id) == order


async def test_placing_is_recorded_once_in_the_shoppers_name(shop: Shop) -> None:
    sku_id, who = await shop.stock(3), await shop.buyer()
    order = await shop.place(who, who.basket(sku_id, quantity=2))

    async with shop.database.begin(shop.system) as tx:
        (fact,) = await tx.db.scalars(
            select(EventRow).where(
                EventRow.merchant_id == shop.merchant_id, EventRow.type == "orders.placed"
            )
        )
    assert fact.actor_id == who.id
    assert fact.payload == {
        "orderId": str(order.id),
        "shopperId": str(who.id),
        "showId": None,
        "productIds": [str(order.lines[0].product_id)],
        "skuIds": [str(sku_id)],
        "quantity": 2,
        "total": 2 * PRICE,
        "simulated": False,
        "lines": [
            {
                "productId": str(order.lines[0].product_id),
                "skuId": str(sku_id),
                "quantity": 2,
                "amount": 2 * PRICE,
            }
        ],
    }


async def test_more_than_there_is_is_refused_and_holds_nothing(shop: Shop) -> None:
    sku_id, who = await shop.stock(3), await shop.buyer()

    with pytest.raises(OutOfStock) as refusal:
        await shop.place(who, who.basket(sku_id, quantity=4))

    assert refusal.value.facts == {"sku_id": sku_id, "wanted": 4, "left": 3}
    assert await shop.left(sku_id) == 3


async def test_the_price_shown_is_the_price_paid_or_nothing_is_sold(shop: Shop) -> None:
    sku_id, who = await shop.stock(3), await shop.buyer()

    with pytest.raises(PriceChanged) as refusal:
        await shop.place(who, who.basket(sku_id, price=PRICE - 1))

    assert refusal.value.facts == {"sku_id": sku_id, "expected": PRICE - 1, "price": PRICE}
    assert await shop.left(sku_id) == 3


async def test_a_price_change_is_noticed_by_the_next_order(shop: Shop) -> None:
    sku_id, who, show_id = await shop.stock(3), await shop.buyer(), new_id()
    basket = who.basket(sku_id, price=500, show_id=show_id)
    for price in (500, 499):
        async with shop.database.begin(shop.system) as tx:
            offer = Offer(sku_id=sku_id, venue_id=show_id, price=price, pool_id=UUID(int=0))
            await offers.publish(tx, show_id, [offer])
        if price == 500:
            assert (await shop.place(who, basket)).total == 500

    with pytest.raises(PriceChanged):
        await shop.place(who, basket)


async def test_a_show_sells_its_own_stock(shop: Shop) -> None:
    sku_id, who, show_id = await shop.stock(5), await shop.buyer(), new_id()
    async with shop.database.begin(shop.system) as tx:
        await inventory.allocate(tx, sku_id, show_id, 1)
        offer = Offer(sku_id=sku_id, venue_id=show_id, price=500, pool_id=show_id)
        await offers.publish(tx, show_id, [offer])
    basket = who.basket(sku_id, price=500, show_id=show_id)

    order = await shop.place(who, basket)
    with pytest.raises(OutOfStock):
        await shop.place(who, basket)

    assert (order.lines[0].price, order.lines[0].list_price) == (500, PRICE)
    assert order.show_id == show_id
    assert await shop.left(sku_id) == 4


async def test_what_is_off_sale_is_not_sold(shop: Shop) -> None:
    who = await shop.buyer()
    async with shop.database.begin(shop.system) as tx:
        added = await catalog.add(
            tx,
            PutProduct(
                handle=None,
                title="样品",
                subtitle="",
                description="",
                unit="件",
                status=ProductStatus.ARCHIVED,
                option_names=[],
                skus=[PutSku(id=None, code="样品-1", options=[], price=PRICE, barcode="")],
            ),
        )
        await inventory.set_on_hand(tx, added.skus[0].id, 5)

    for sku_id in (added.skus[0].id, new_id()):
        with pytest.raises(NotOnSale):
            await shop.place(who, who.basket(sku_id))


async def test_goods_go_to_ones_own_address_only(shop: Shop) -> None:
    sku_id, who, stranger = await shop.stock(3), await shop.buyer(), await shop.buyer()

    with pytest.raises(AddressNotFound):
        await shop.place(who, stranger.basket(sku_id))

    assert await shop.left(sku_id) == 3


async def test_a_repeated_key_leads_to_the_same_order(shop: Shop) -> None:
    sku_id, who = await shop.stock(3), await shop.buyer()
    basket = who.basket(sku_id)

    first = await shop.place(who, basket, "key-00000001")
    async with shop.database.begin(who.actor) as tx:
        await accounts.remove_address(tx, who.id, who.address_id)
    again = await asyncio.gather(*(shop.place(who, basket, "key-00000001") for _ in range(10)))

    assert again == [first] * 10
    assert await shop.left(sku_id) == 2


async def test_ten_taps_at_once_are_one_order(shop: Shop) -> None:
    sku_id, who = await shop.stock(3), await shop.buyer()
    basket = who.basket(sku_id)

    placed = await asyncio.gather(*(shop.place(who, basket, "key-00000001") for _ in range(10)))

    assert len({order.id for order in placed}) == 1
    assert await shop.left(sku_id) == 2


async def test_a_key_cannot_be_used_for_something_else(shop: Shop) -> None:
    sku_id, who = await shop.stock(3), await shop.buyer()
    await shop.place(who, who.basket(sku_id), "key-00000001")

    with pytest.raises(IdempotencyKeyReused):
        await shop.place(who, who.basket(sku_id, quantity=2), "key-00000001")

    assert await shop.left(sku_id) == 2


async def test_two_shoppers_may_use_the_same_key(shop: Shop) -> None:
    sku_id, one, other = await shop.stock(3), await shop.buyer(), await shop.buyer()

    first = await shop.place(one, one.basket(sku_id), "key-00000001")
    second = await shop.place(other, other.basket(sku_id), "key-00000001")

    assert first.id != second.id
    assert await shop.left(sku_id) == 1


async def test_a_refused_wish_may_be_tried_again_with_its_key(shop: Shop) -> None:
    sku_id, who = await shop.stock(1), await shop.buyer()
    with pytest.raises(OutOfStock):
        await shop.place(who, who.basket(sku_id, quantity=2), "key-00000001")

    async with shop.database.begin(shop.system) as tx:
        await inventory.set_on_hand(tx, sku_id, 2)

    assert (await shop.place(who, who.basket(sku_id, quantity=2), "key-00000001")).total > 0


async def test_several_lines_are_sold_together_or_not_at_all(shop: Shop) -> None:
    plenty, scarce, who = await shop.stock(5), await shop.stock(1), await shop.buyer()

    with pytest.raises(OutOfStock) as refusal:
        await shop.place(who, who.basket(plenty, scarce, quantity=2))
    assert refusal.value.facts == {"sku_id": scarce, "wanted": 2, "left": 1}
    assert (await shop.left(plenty), await shop.left(scarce)) == (5, 1)

    order = await shop.place(who, who.basket(plenty, scarce))
    assert [line.sku_id for line in order.lines] == [plenty, scarce]
    assert (await shop.left(plenty), await shop.left(scarce)) == (4, 0)


async def test_what_was_ordered_leaves_the_cart(shop: Shop) -> None:
    sku_id, other, who = await shop.stock(5), await shop.stock(5), await shop.buyer()
    async with shop.database.begin(who.actor) as tx:
        await cart.put(tx, who.id, sku_id, PutCartLine(quantity=1, show_id=None))
        await cart.put(tx, who.id, other, PutCartLine(quantity=3, show_id=None))

    await shop.place(who, who.basket(sku_id))
    await shop.place(who, who.basket(other))

    async with shop.database.begin(who.actor) as tx:
        left = await cart.show(tx, who.id)
    assert [(line.sku_id, line.quantity) for line in left.lines] == [(other, 3)]
