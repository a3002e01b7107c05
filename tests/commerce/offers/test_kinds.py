"""Which of several offers a shopper gets, and how many pieces of it."""

import asyncio
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commerce.orders.shop import PRICE, Shop, stocked
from tests.support import NOW
from xinbo.commerce import inventory, offers
from xinbo.commerce.offers import (
    GroupTerms,
    Offer,
    OfferGone,
    OfferKind,
    PerPersonLimit,
    PresaleTerms,
    Quote,
    Taking,
)
from xinbo.commerce.offers._rules import SPECIAL, Standing, best, open_at
from xinbo.engines.tx import Database, Tx
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
GROUP = GroupTerms(size=2, hours=24)


def offer(sku_id: UUID, kind: OfferKind, price: int, **more: object) -> Offer:
    return msgspec.structs.replace(Offer(sku_id=sku_id, price=price, kind=kind), **more)


async def price(tx: Tx, sku_id: UUID, level: int = 0) -> tuple[OfferKind, int]:
    quote = (await offers.quote(tx, [sku_id], None, level))[sku_id]
    return quote.kind, quote.price


async def test_the_lowest_price_wins_whoever_offers_it(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 5)
    await offers.publish(tx, new_id(), [offer(sku_id, OfferKind.TIMED_DISCOUNT, 9000)])
    await offers.publish(tx, new_id(), [offer(sku_id, OfferKind.FLASH_SALE, 7000)])
    await offers.publish(tx, new_id(), [offer(sku_id, OfferKind.RETAIL, 8000)])

    assert await price(tx, sku_id) == (OfferKind.FLASH_SALE, 7000)


async def test_an_offer_above_the_list_price_is_nobodys_price(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 5)
    await offers.publish(tx, new_id(), [offer(sku_id, OfferKind.TIMED_DISCOUNT, PRICE + 1)])

    assert await price(tx, sku_id) == (OfferKind.RETAIL, PRICE)


async def test_a_window_goes_by_the_clock_start_included_end_not(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 5)
    window = {"starts_at": tx.now, "ends_at": tx.now + HOUR}
    await offers.publish(tx, new_id(), [offer(sku_id, OfferKind.FLASH_SALE, 7000, **window)])

    tx.now -= timedelta(microseconds=1)
    assert await price(tx, sku_id) == (OfferKind.RETAIL, PRICE)
    tx.now += timedelta(microseconds=1)
    assert await price(tx, sku_id) == (OfferKind.FLASH_SALE, 7000)
    tx.now += HOUR
    assert await price(tx, sku_id) == (OfferKind.RETAIL, PRICE)


async def test_a_member_price_is_for_members_of_that_level_and_above(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 5)
    await offers.publish(tx, new_id(), [offer(sku_id, OfferKind.MEMBER_PRICE, 7000, level=2)])

    assert [(await price(tx, sku_id, level))[1] for level in range(4)] == [PRICE, PRICE, 7000, 7000]


async def test_a_flash_sale_that_is_sold_out_gives_way_to_the_next_price(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 5)
    flash = new_id()
    await inventory.allocate(tx, sku_id, flash, 1)
    await offers.publish(tx, flash, [offer(sku_id, OfferKind.FLASH_SALE, 7000, pool_id=flash)])
    await offers.publish(tx, new_id(), [offer(sku_id, OfferKind.TIMED_DISCOUNT, 9000)])
    assert await price(tx, sku_id) == (OfferKind.FLASH_SALE, 7000)

    piece = inventory.Take(sku_id=sku_id, pool_id=flash, quantity=1)
    await inventory.reserve(tx, new_id(), [piece])
    assert await price(tx, sku_id) == (OfferKind.TIMED_DISCOUNT, 9000)


async def test_two_flash_sales_that_are_sold_out_both_give_way(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 5)
    for amount in (6000, 7000):
        empty = new_id()
        await offers.publish(
            tx, empty, [offer(sku_id, OfferKind.FLASH_SALE, amount, pool_id=empty)]
        )

    assert await price(tx, sku_id) == (OfferKind.RETAIL, PRICE)


async def test_a_special_way_is_only_had_by_choosing_it(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 5)
    group = offer(sku_id, OfferKind.GROUP_BUY, 6000, terms=GROUP, ends_at=tx.now + HOUR)
    await offers.publish(tx, new_id(), [group])
    assert await price(tx, sku_id) == (OfferKind.RETAIL, PRICE)

    (special,) = await offers.specials(tx, [sku_id], None)
    assert (special.price, special.left, special.terms) == (6000, 5, GROUP)
    (quote,) = (await offers.quote_special(tx, [(special.id, None)])).values()
    assert isinstance(quote, Quote)
    assert (quote.price, quote.locked) == (6000, True)

    tx.now += HOUR
    assert await offers.specials(tx, [sku_id], None) == []
    (gone,) = (await offers.quote_special(tx, [(special.id, None)])).values()
    assert isinstance(gone, OfferGone)


async def test_a_plain_price_cannot_be_chosen(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 5)
    await offers.publish(tx, new_id(), [offer(sku_id, OfferKind.FLASH_SALE, 6000)])
    quote = (await offers.quote(tx, [sku_id], None))[sku_id]
    assert quote.offer_id

    (answer,) = (await offers.quote_special(tx, [(quote.offer_id, None)])).values()
    assert isinstance(answer, OfferGone)


async def test_what_is_published_again_keeps_its_id_and_its_terms(tx: Tx) -> None:
    (sku_id,) = await stocked(tx, 5)
    source, day = new_id(), timedelta(days=1)
    terms = PresaleTerms(
        deposit=1000,
        worth=2000,
        balance_from=NOW + day,
        balance_until=NOW + 2 * day,
        ships_by=NOW + 3 * day,
    )
    presale = offer(sku_id, OfferKind.PRESALE, 9000, terms=terms)
    await offers.publish(tx, source, [presale])
    (before,) = await offers.specials(tx, [sku_id], None)
    await offers.close(tx, source)
    assert await offers.specials(tx, [sku_id], None) == []

    await offers.publish(tx, source, [msgspec.structs.replace(presale, price=8000)])
    (after,) = await offers.specials(tx, [sku_id], None)
    assert (after.id, after.price, after.terms) == (before.id, 8000, terms)


async def test_of_twenty_at_once_one_gets_the_only_piece_that_a_person_may_have(
    database: Database, merchant_id: UUID
) -> None:
    shop = Shop(database, merchant_id)
    taking = Taking(offer_id=new_id(), shopper_id=new_id(), sku_id=new_id(), quantity=1, most=1)

    async def take() -> bool:
        async with shop.database.begin(shop.system) as tx:
            (refusal,) = await offers.take(tx, [taking])
        return refusal is None

    assert sum(await asyncio.gather(*(take() for _ in range(20)))) == 1
    async with shop.database.begin(shop.system) as tx:
        await offers.give_back(tx, [taking])
    assert await take()


async def test_a_batch_serves_one_person_up_to_the_limit_and_says_what_was_taken(tx: Tx) -> None:
    mine = Taking(offer_id=new_id(), shopper_id=new_id(), sku_id=new_id(), quantity=2, most=3)
    one = msgspec.structs.replace(mine, quantity=1)
    other = msgspec.structs.replace(mine, shopper_id=new_id())

    first, second, third, fourth = await offers.take(tx, [mine, mine, one, other])

    assert (first, third, fourth) == (None, None, None)
    assert isinstance(second, PerPersonLimit)
    assert (second.facts["most"], second.facts["taken"]) == (3, 2)


standings = st.builds(
    Standing,
    id=st.uuids(),
    source_id=st.uuids(),
    venue_id=st.just(NIL),
    sku_id=st.just(NIL),
    kind=st.sampled_from(OfferKind),
    price=st.integers(0, 5),
    pool_id=st.just(NIL),
    starts_at=st.none() | st.sampled_from([NOW - HOUR, NOW, NOW + HOUR]),
    ends_at=st.none() | st.sampled_from([NOW, NOW + HOUR]),
    per_person=st.none(),
    level=st.integers(0, 2),
    terms=st.none(),
)


@given(st.lists(standings, max_size=6), st.integers(0, 2), st.randoms(use_true_random=False))
def test_whatever_stands_in_whatever_order_the_best_price_is_the_same(
    standing: list[Standing], level: int, chance: object
) -> None:
    def found(each: list[Standing]) -> tuple[int, OfferKind] | None:
        winner = best(each, NOW, level, 4)
        return None if winner is None else (winner.price, winner.kind)

    shuffled = list(standing)
    getattr(chance, "shuffle")(shuffled)  # noqa: B009 # Hypothesis's Random
    winner = found(standing)
    assert winner == found(shuffled)
    open_now = [
        each
        for each in standing
        if each.kind not in SPECIAL and each.level <= level and open_at(each, NOW)
    ]
    if winner is None:
        assert all(each.price >= 4 for each in open_now if each.kind is not OfferKind.RETAIL)
    else:
        assert winner[0] == min(each.price for each in open_now)
