"""Friends cut a price down, each once, to the floor and no further."""

import asyncio
import copy
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.support import NOW, product_on_sale
from xinbo.commerce import bargains, offers
from xinbo.commerce.bargains import (
    HELPS_A_DAY,
    BargainClosed,
    BargainNotFound,
    BargainState,
    HelpsUsedUp,
    OwnBargain,
)
from xinbo.commerce.offers import BargainTerms, Offer, OfferGone, OfferKind
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

START, FLOOR, HELPERS = 10_000, 6_000, 4


async def on_offer(tx: Tx, until: datetime | None = None) -> tuple[UUID, UUID]:
    """Offer an SKU for bargaining; return the offer's id and its source's."""
    product = await product_on_sale(tx, price=START)
    source_id = new_id()
    offer = Offer(
        sku_id=product.skus[0].id,
        price=START,
        kind=OfferKind.BARGAIN,
        ends_at=until,
        terms=BargainTerms(floor=FLOOR, helpers=HELPERS, hours=24),
    )
    await offers.publish(tx, source_id, [offer])
    (special,) = await offers.specials(tx, [product.skus[0].id], None)
    return special.id, source_id


def at(tx: Tx, later: timedelta) -> Tx:
    moved = copy.copy(tx)
    moved.now = tx.now + later
    return moved


def people(count: int) -> Sequence[UUID]:
    return [new_id() for _ in range(count)]


async def test_the_price_falls_by_each_friend_and_reaches_the_floor_at_the_last(tx: Tx) -> None:
    offer_id, _ = await on_offer(tx)
    mine = new_id()
    bargain = await bargains.start(tx, mine, offer_id)
    assert (bargain.price, bargain.state) == (START, BargainState.OPEN)

    prices: list[int] = []
    for helper_id in people(HELPERS):
        bargain = await bargains.help_along(tx, bargain.id, helper_id)
        prices.append(bargain.price)

    assert prices == sorted(set(prices), reverse=True)
    assert (prices[-1], bargain.state) == (FLOOR, BargainState.REACHED)
    with pytest.raises(BargainClosed):
        await bargains.help_along(tx, bargain.id, new_id())


async def test_the_cuts_were_fixed_before_anybody_helped_and_anybody_can_check(tx: Tx) -> None:
    offer_id, _ = await on_offer(tx)
    begun = await bargains.start(tx, new_id(), offer_id)
    assert (begun.seed, begun.cuts) == (None, None), "who knew the cuts could choose their moment"
    for helper_id in people(HELPERS):
        await bargains.help_along(tx, begun.id, helper_id)

    told = await bargains.get(tx, begun.id)

    assert told.seed is not None
    assert told.cuts is not None
    assert told.cuts == [each.cut for each in told.helps]
    assert told.cuts == bargains.split(told.seed, START - FLOOR, HELPERS)
    assert bargains.commitment(told.seed, told.id, told.cuts) == begun.commitment


async def test_a_friend_helps_a_bargain_once_and_nobody_their_own(tx: Tx) -> None:
    offer_id, _ = await on_offer(tx)
    mine, friend = people(2)
    bargain = await bargains.start(tx, mine, offer_id)

    first = await bargains.help_along(tx, bargain.id, friend)
    again = await bargains.help_along(tx, bargain.id, friend)

    assert first.price == again.price < START
    with pytest.raises(OwnBargain):
        await bargains.help_along(tx, bargain.id, mine)


async def test_a_shopper_has_one_open_bargain_about_an_sku(tx: Tx) -> None:
    offer_id, _ = await on_offer(tx)
    mine = new_id()

    first = await bargains.start(tx, mine, offer_id)
    second = await bargains.start(tx, mine, offer_id)
    later = await bargains.start(at(tx, timedelta(hours=25)), mine, offer_id)

    assert first.id == second.id != later.id


async def test_a_person_helps_so_many_a_day(tx: Tx) -> None:
    offer_id, _ = await on_offer(tx)
    friend = new_id()
    for mine in people(HELPS_A_DAY):
        bargain = await bargains.start(tx, mine, offer_id)
        await bargains.help_along(tx, bargain.id, friend)
    one_more = await bargains.start(tx, new_id(), offer_id)

    with pytest.raises(HelpsUsedUp):
        await bargains.help_along(tx, one_more.id, friend)

    tomorrow = at(tx, timedelta(hours=20))
    assert (await bargains.help_along(tomorrow, one_more.id, friend)).price < START


async def test_time_ends_a_bargain_at_the_latest_with_its_offer(tx: Tx) -> None:
    offer_id, _ = await on_offer(tx, NOW + timedelta(hours=2))
    mine = new_id()
    bargain = await bargains.start(tx, mine, offer_id)
    late = at(tx, timedelta(hours=2))

    assert bargain.ends_at == NOW + timedelta(hours=2)
    assert (await bargains.get(late, bargain.id)).state is BargainState.OVER
    with pytest.raises(BargainClosed):
        await bargains.help_along(late, bargain.id, new_id())
    with pytest.raises(BargainClosed):
        await bargains.price_of(late, bargain.id, mine)


async def test_an_offer_that_was_closed_cannot_be_bargained_about(tx: Tx) -> None:
    offer_id, source_id = await on_offer(tx)
    bargain = await bargains.start(tx, new_id(), offer_id)
    await offers.close(tx, source_id)

    with pytest.raises(OfferGone):
        await bargains.help_along(tx, bargain.id, new_id())
    with pytest.raises(OfferGone):
        await bargains.start(tx, new_id(), offer_id)


async def test_only_the_owner_buys_at_its_price_and_once(tx: Tx) -> None:
    offer_id, _ = await on_offer(tx)
    mine = new_id()
    bargain = await bargains.start(tx, mine, offer_id)
    cut = await bargains.help_along(tx, bargain.id, new_id())

    bargained = await bargains.price_of(tx, bargain.id, mine, lock=True)
    assert (bargained.offer_id, bargained.price) == (offer_id, cut.price)
    with pytest.raises(BargainNotFound):
        await bargains.price_of(tx, bargain.id, new_id())
    order_id = new_id()
    await bargains.use(tx, bargain.id, order_id)
    await bargains.use(tx, bargain.id, order_id)
    with pytest.raises(BargainClosed):
        await bargains.use(tx, bargain.id, new_id())
    assert (await bargains.get(tx, bargain.id)).state is BargainState.BOUGHT


async def test_an_order_that_ends_unpaid_gives_the_bargain_back_once(tx: Tx) -> None:
    offer_id, _ = await on_offer(tx)
    mine, order_id = people(2)
    bargain = await bargains.start(tx, mine, offer_id)
    await bargains.use(tx, bargain.id, order_id)

    await bargains.release(tx, order_id)
    await bargains.release(tx, order_id)

    assert (await bargains.get(tx, bargain.id)).state is BargainState.OPEN
    assert (await bargains.start(tx, mine, offer_id)).id == bargain.id


async def test_a_bargain_given_back_does_not_stand_beside_the_next_one(tx: Tx) -> None:
    offer_id, _ = await on_offer(tx)
    mine, order_id = people(2)
    bargain = await bargains.start(tx, mine, offer_id)
    await bargains.use(tx, bargain.id, order_id)
    second = await bargains.start(tx, mine, offer_id)

    await bargains.release(tx, order_id)

    assert (await bargains.get(tx, bargain.id)).state is BargainState.OVER
    assert (await bargains.get(tx, second.id)).state is BargainState.OPEN


async def test_strangers_read_masked_names(tx: Tx) -> None:
    offer_id, _ = await on_offer(tx)
    mine = new_id()
    bargain = await bargains.start(tx, mine, offer_id)
    await bargains.help_along(tx, bargain.id, new_id())

    seen = await bargains.get(tx.acting(Actor(tx.merchant_id, Role.GUEST)), bargain.id)

    assert seen.owner_name.endswith("**")
    assert [each.name.endswith("**") for each in seen.helps] == [True]
    assert (seen.mine, seen.helped) == (False, False)
    own = tx.acting(Actor(tx.merchant_id, Role.SHOPPER, mine))
    assert [each.id for each in (await bargains.page_of(own, mine, None, 5)).items] == [bargain.id]


async def test_the_last_cuts_go_to_as_many_as_there_are(
    database: Database, merchant_id: UUID
) -> None:
    """All friends at once: as many cuts as were drawn, and the floor exactly."""
    async with database.begin(system(merchant_id)) as tx:
        offer_id, _ = await on_offer(tx)
        bargain = await bargains.start(tx, new_id(), offer_id)

    async def lend_a_hand(helper_id: UUID) -> bool:
        try:
            async with database.begin(system(merchant_id)) as tx:
                await bargains.help_along(tx, bargain.id, helper_id)
        except BargainClosed:
            return False
        return True

    helped = await asyncio.gather(*(lend_a_hand(each) for each in people(12)))

    assert sum(helped) == HELPERS
    async with database.begin(system(merchant_id)) as tx:
        assert (await bargains.get(tx, bargain.id)).price == FLOOR


async def test_two_orders_at_once_use_a_bargain_once(database: Database, merchant_id: UUID) -> None:
    async with database.begin(system(merchant_id)) as tx:
        offer_id, _ = await on_offer(tx)
        bargain = await bargains.start(tx, new_id(), offer_id)

    async def buy() -> bool:
        try:
            async with database.begin(system(merchant_id)) as tx:
                await bargains.use(tx, bargain.id, new_id())
        except BargainClosed:
            return False
        return True

    assert sum(await asyncio.gather(*(buy() for _ in range(6)))) == 1
