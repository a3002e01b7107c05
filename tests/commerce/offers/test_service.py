"""What an SKU costs at a venue, and out of which stock it comes."""

from uuid import UUID

import pytest
from sqlalchemy import select

from tests.commerce.orders.shop import PRICE, stocked
from xinbo.commerce import offers
from xinbo.commerce.offers import Offer
from xinbo.engines.db import EventRow
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio

VENUE = new_id()


def offer(sku_id: UUID, price: int, pool_id: UUID = NIL) -> Offer:
    return Offer(sku_id=sku_id, venue_id=VENUE, price=price, pool_id=pool_id)


async def price(tx: Tx, sku_id: UUID, venue_id: UUID | None = VENUE) -> tuple[int, UUID]:
    quote = (await offers.quote(tx, [sku_id], venue_id))[sku_id]
    assert quote.list_price == PRICE
    return quote.price, quote.pool_id


async def test_without_an_offer_an_sku_costs_its_list_price(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 1)

    assert await price(tx, sku_id) == await price(tx, sku_id, None) == (PRICE, NIL)


async def test_a_venue_sells_at_its_own_price_from_its_own_pool_until_it_closes(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 1)

    await offers.publish(tx, VENUE, [offer(sku_id, 500, VENUE)])
    assert await price(tx, sku_id) == (500, VENUE)
    assert await price(tx, sku_id, None) == (PRICE, NIL)
    assert await price(tx, sku_id, new_id()) == (PRICE, NIL)

    await offers.publish(tx, VENUE, [offer(sku_id, 400)])
    assert await price(tx, sku_id) == (400, NIL)

    await offers.close(tx, VENUE)
    await offers.close(tx, VENUE)
    assert await price(tx, sku_id) == (PRICE, NIL)


async def test_publishing_replaces_what_was_offered_and_says_so(tx: Tx) -> None:
    one, two = await stocked(tx, 1, skus=2)
    await offers.publish(tx, VENUE, [offer(one, 500)])
    await offers.publish(tx, VENUE, [offer(two, 600)])

    assert await price(tx, one) == (PRICE, NIL)
    assert await price(tx, two) == (600, NIL)
    rows = await tx.db.scalars(
        select(EventRow.payload)
        .where(EventRow.merchant_id == tx.merchant_id, EventRow.type == "offers.changed")
        .order_by(EventRow.seq)
    )
    assert [row["skuIds"] for row in rows] == [[str(one)], sorted([str(one), str(two)])]


async def test_unknown_skus_and_other_merchants_get_no_quote(
    tx: Tx, database: Database, other_merchant_id: UUID
) -> None:
    (sku_id,) = await stocked(tx, 1)
    await offers.publish(tx, VENUE, [offer(sku_id, 500)])
    elsewhere = tx.acting(system(other_merchant_id))

    assert await offers.quote(tx, [new_id()], VENUE) == {}
    assert await offers.quote(elsewhere, [sku_id], VENUE) == {}
    await offers.close(elsewhere, VENUE)
    assert await price(tx, sku_id) == (500, NIL)
