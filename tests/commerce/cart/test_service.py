"""A cart shows today's price and stock, and holds neither."""

import asyncio
from uuid import UUID

import msgspec
import pytest

from tests.commerce.orders.shop import PRICE, Buyer, Shop, buyer, product, stocked
from xinbo.commerce import cart, catalog, inventory, members, offers
from xinbo.commerce.cart import Cart, CartFull, PutCartLine
from xinbo.commerce.offers import NotOnSale, Offer, OfferKind
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio


def lines(shown: Cart) -> list[tuple[UUID, int]]:
    return [(line.sku_id, line.quantity) for line in shown.lines]


async def test_lines_are_put_changed_and_taken_out(tx: Tx) -> None:
    one, two = await stocked(tx, 5, skus=2)
    who = await buyer(tx)

    await cart.put(tx, who.id, one, PutCartLine(quantity=1, show_id=None))
    await cart.put(tx, who.id, two, PutCartLine(quantity=2, show_id=None))
    full = await cart.put(tx, who.id, one, PutCartLine(quantity=3, show_id=None))
    assert dict(lines(full)) == {one: 3, two: 2}
    assert full.total == 5 * PRICE
    assert [(line.left, line.on_sale) for line in full.lines] == [(5, True), (5, True)]

    assert lines(await cart.remove(tx, who.id, one)) == [(two, 2)]
    assert lines(await cart.remove(tx, who.id, one)) == [(two, 2)]


async def test_a_line_has_the_price_of_its_show_while_that_lasts(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 5)
    who, show_id = await buyer(tx), new_id()
    await inventory.allocate(tx, sku_id, show_id, 2)
    offer = Offer(sku_id=sku_id, venue_id=show_id, price=500, pool_id=show_id)
    await offers.publish(tx, show_id, [offer])

    (line,) = (await cart.put(tx, who.id, sku_id, PutCartLine(quantity=1, show_id=show_id))).lines
    assert (line.price, line.list_price, line.left, line.show_id) == (500, PRICE, 2, show_id)

    await offers.close(tx, show_id)
    (line,) = (await cart.show(tx, who.id)).lines
    assert (line.price, line.list_price, line.left, line.show_id) == (PRICE, PRICE, 3, None)


async def test_what_went_off_sale_stays_and_costs_nothing(tx: Tx) -> None:
    added = await catalog.add(tx, product("样品"))
    who, sku_id = await buyer(tx), added.skus[0].id
    await cart.put(tx, who.id, sku_id, PutCartLine(quantity=1, show_id=None))
    gone = msgspec.structs.replace(product("样品"), status=catalog.ProductStatus.ARCHIVED)
    sku = msgspec.structs.replace(gone.skus[0], id=sku_id)
    await catalog.put(tx, added.id, msgspec.structs.replace(gone, skus=[sku]))

    shown = await cart.show(tx, who.id)

    assert [(line.on_sale, line.left) for line in shown.lines] == [(False, 0)]
    assert shown.total == 0
    with pytest.raises(NotOnSale):
        await cart.put(tx, who.id, sku_id, PutCartLine(quantity=2, show_id=None))


async def test_a_cart_is_ones_own(tx: Tx, database: Database, other_merchant_id: UUID) -> None:
    (sku_id,) = await stocked(tx, 5)
    who, stranger = await buyer(tx), await buyer(tx)
    await cart.put(tx, who.id, sku_id, PutCartLine(quantity=1, show_id=None))
    elsewhere = tx.acting(system(other_merchant_id))

    assert (await cart.show(tx, stranger.id)).lines == []
    assert (await cart.show(elsewhere, who.id)).lines == []


async def test_a_cart_holds_a_hundred_lines_even_if_two_are_put_at_once(
    database: Database, merchant_id: UUID
) -> None:
    shop = Shop(database, merchant_id)
    async with database.begin(shop.system) as tx:
        skus = await stocked(tx, 1, skus=102)
        who: Buyer = await buyer(tx)
        for sku_id in skus[:99]:
            await cart.put(tx, who.id, sku_id, PutCartLine(quantity=1, show_id=None))

    async def put(sku_id: UUID) -> bool:
        try:
            async with database.begin(who.actor) as tx:
                await cart.put(tx, who.id, sku_id, PutCartLine(quantity=1, show_id=None))
        except CartFull:
            return False
        return True

    assert sum(await asyncio.gather(*(put(sku_id) for sku_id in skus[99:]))) == 1
    assert await put(skus[0])


async def test_only_exactly_what_was_ordered_is_taken_out(tx: Tx) -> None:
    one, two, three = await stocked(tx, 5, skus=3)
    who, show_id = await buyer(tx), new_id()
    for sku_id in (one, two, three):
        await cart.put(tx, who.id, sku_id, PutCartLine(quantity=2, show_id=None))

    await cart.take_out(
        tx, [(who.id, one, None, 2), (who.id, two, None, 1), (who.id, three, show_id, 2)]
    )

    assert dict(lines(await cart.show(tx, who.id))) == {two: 2, three: 2}
    assert await inventory.left(tx, [(one, NIL)]) == {(one, NIL): 5}


async def test_a_member_sees_the_members_price(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 5)
    who = await buyer(tx)
    offer = Offer(sku_id=sku_id, price=PRICE - 900, kind=OfferKind.MEMBER_PRICE, level=1)
    await offers.publish(tx, new_id(), [offer])
    plain = await cart.put(tx, who.id, sku_id, PutCartLine(quantity=1, show_id=None))

    await members.join(tx, who.id)

    assert plain.total == PRICE
    assert (await cart.show(tx, who.id)).total == PRICE - 900
