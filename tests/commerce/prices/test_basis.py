"""What is shown and paid is kept, and a strike-through price is computed from it."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, select

from tests.support import NOW
from xinbo.commerce import prices
from xinbo.commerce.prices import Basis, Deal, Market, PriceNotFound, Shown, Was
from xinbo.commerce.prices._models import PriceDealRow, PriceShownRow
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio

ROOM, OTHER_ROOM, PROMO, NEXT_PROMO = (new_id() for _ in range(4))


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def shown(sku_id: UUID, price: int, source_id: UUID = NIL, venue_id: UUID = NIL) -> Shown:
    kind = "retail" if source_id == NIL else "timed_discount"
    return Shown(venue_id=venue_id, sku_id=sku_id, source_id=source_id, kind=kind, price=price)


class Shop:
    """The same transaction on other days."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self.sku_id = new_id()

    def on(self, days: float) -> Tx:
        """So many days ago."""
        then = copy(self.tx)
        then.now = ago(days)
        return then

    async def show(
        self, days: float, price: int, source_id: UUID = NIL, venue_id: UUID = NIL
    ) -> None:
        """Show a price from so many days ago on."""
        await prices.show(self.on(days), [shown(self.sku_id, price, source_id, venue_id)])

    async def deal(self, days: float, price: int, venue_id: UUID = NIL) -> None:
        """Sell a piece so many days ago."""
        told = Deal(
            venue_id=venue_id, sku_id=self.sku_id, price=price, order_id=new_id(), at=ago(days)
        )
        await prices.deal(self.tx, [told])

    async def was(self, market: Market = "CN", venue_id: UUID = NIL) -> Was | None:
        """Say what today's price may be compared with."""
        found = await prices.basis(self.tx, [(venue_id, self.sku_id)], market)
        return found.get((venue_id, self.sku_id))

    async def rows(self) -> Sequence[PriceShownRow]:
        """Everything on record of the SKU, oldest first."""
        rows = await self.tx.db.scalars(
            select(PriceShownRow)
            .where(
                PriceShownRow.merchant_id == self.tx.merchant_id,
                PriceShownRow.sku_id == self.sku_id,
            )
            .order_by(PriceShownRow.from_at, PriceShownRow.id)
            .execution_options(populate_existing=True)
        )
        return rows.all()


@pytest.fixture
def shop(tx: Tx) -> Shop:
    return Shop(tx)


async def test_a_new_price_ends_the_one_before_and_both_stay_on_record(shop: Shop) -> None:
    await shop.show(9, 100)
    await shop.show(5, 90)

    assert [(row.price, row.from_at, row.until_at) for row in await shop.rows()] == [
        (100, ago(9), ago(5)),
        (90, ago(5), None),
    ]


async def test_a_price_shown_again_unchanged_goes_on(shop: Shop) -> None:
    await shop.show(9, 100)
    await shop.show(5, 100)
    (row,) = await shop.rows()
    assert (row.from_at, row.until_at) == (ago(9), None)


async def test_nothing_is_written_into_the_past(shop: Shop) -> None:
    await shop.show(9, 100)
    late = Shown(
        venue_id=NIL, sku_id=shop.sku_id, source_id=NIL, kind="retail", price=80, from_at=ago(20)
    )
    await prices.show(shop.on(2), [late])
    assert [row.from_at for row in await shop.rows()] == [ago(9), ago(2)]


async def test_a_planned_price_that_is_withdrawn_before_it_begins_was_never_shown(
    shop: Shop,
) -> None:
    await shop.show(9, 100)
    planned = Shown(
        venue_id=NIL,
        sku_id=shop.sku_id,
        source_id=PROMO,
        kind="flash_sale",
        price=50,
        from_at=ago(2),
        until_at=ago(-2),
    )
    await prices.show(shop.on(5), [planned])
    await prices.withdraw(shop.on(4), PROMO, [new_id()])
    assert (await prices.history(shop.tx, shop.sku_id)).lowest == 50
    await prices.withdraw(shop.on(4), PROMO, None)
    assert (await prices.history(shop.tx, shop.sku_id)).lowest == 100


async def test_cn_compares_with_the_lowest_deal_of_the_seven_days_before(shop: Shop) -> None:
    """#8: the lowest price is measured before the promotion."""
    await shop.show(30, 100)
    for days, price in ((20, 60), (10.5, 70), (8, 95), (5, 97), (2.9, 10)):
        await shop.deal(days, price)
    await shop.show(3, 80, PROMO)

    assert await shop.was() == Was(price=95, rule=Basis.LOWEST_DEAL_7_DAYS, since=ago(3))


async def test_cn_falls_back_to_the_last_deal_and_to_nothing(shop: Shop) -> None:
    await shop.show(90, 100)
    await shop.show(3, 80, PROMO)
    assert await shop.was() is None

    await shop.deal(40, 70)
    await shop.deal(30, 99)
    assert await shop.was() == Was(price=99, rule=Basis.LAST_DEAL, since=ago(3))


async def test_eu_compares_with_the_lowest_price_of_the_thirty_days_before(shop: Shop) -> None:
    """#8: by law, the lowest of thirty days, measured before the promotion."""
    await shop.show(90, 70)
    await shop.show(40, 100)
    await shop.show(20, 90)
    await shop.show(10, 100)
    await shop.show(3, 80, PROMO)
    assert await shop.was("EU") == Was(price=90, rule=Basis.LOWEST_PRICE_30_DAYS, since=ago(3))


@pytest.mark.parametrize("market", ["CN", "EU"])
async def test_raising_the_price_before_a_promotion_earns_no_strike_through(
    shop: Shop, market: Market
) -> None:
    """#8, and 先提价后打折, which Order 56 forbids."""
    await shop.show(60, 100)
    await shop.deal(6, 100)
    await shop.show(4, 200)
    await shop.show(3, 150, PROMO)
    assert await shop.was(market) is None


async def test_eu_counts_two_promotions_back_to_back_as_one_reduction(shop: Shop) -> None:
    await shop.show(60, 100)
    await shop.show(20, 80, PROMO)
    await prices.withdraw(shop.on(10), PROMO, None)
    await shop.show(10, 70, NEXT_PROMO)
    assert await shop.was("EU") == Was(price=100, rule=Basis.LOWEST_PRICE_30_DAYS, since=ago(20))


async def test_eu_measures_a_second_promotion_against_the_first_after_a_pause(shop: Shop) -> None:
    await shop.show(60, 100)
    await shop.show(20, 80, PROMO)
    await prices.withdraw(shop.on(12), PROMO, None)
    await shop.show(10, 70, NEXT_PROMO)
    assert await shop.was("EU") == Was(price=80, rule=Basis.LOWEST_PRICE_30_DAYS, since=ago(10))


async def test_a_price_that_is_always_reduced_is_the_price(shop: Shop) -> None:
    await shop.show(200, 100)
    await shop.deal(195, 100)
    await shop.show(190, 80, PROMO)
    assert await shop.was() is None
    assert await shop.was("EU") is None


async def test_deals_and_prices_of_another_venue_are_no_basis_here(shop: Shop) -> None:
    await shop.show(60, 100)
    await shop.deal(5, 100)
    await shop.show(3, 80, PROMO, ROOM)

    assert await shop.was(venue_id=ROOM) is None
    assert await shop.was(venue_id=OTHER_ROOM) is None
    assert await shop.was() is None  # in the shop itself it is not reduced
    await shop.deal(4, 98, ROOM)
    found = await shop.was(venue_id=ROOM)
    assert found
    assert found.price == 98


async def test_a_reduction_of_the_whole_shop_counts_in_every_room(shop: Shop) -> None:
    await shop.show(60, 100)
    await shop.deal(4, 98, ROOM)
    await shop.show(3, 80, PROMO)
    found = await shop.was(venue_id=ROOM)
    assert found
    assert found.price == 98


async def test_a_price_for_members_or_groups_is_nobodys_reduction(shop: Shop) -> None:
    await shop.show(60, 100)
    await shop.deal(5, 100)
    for kind in ("member_price", "group_buy", "bargain", "presale"):
        told = Shown(venue_id=NIL, sku_id=shop.sku_id, source_id=PROMO, kind=kind, price=50)
        await prices.show(shop.on(3), [told])
        assert await shop.was() is None
    assert (await prices.history(shop.tx, shop.sku_id, days=90)).lowest == 100


async def test_a_promotion_that_is_over_strikes_nothing_through(shop: Shop) -> None:
    await shop.show(60, 100)
    await shop.deal(5, 100)
    await shop.show(3, 80, PROMO)
    await prices.withdraw(shop.on(1), PROMO, [shop.sku_id])
    assert await shop.was() is None


async def test_the_same_deal_told_twice_is_one(shop: Shop) -> None:
    told = Deal(venue_id=NIL, sku_id=shop.sku_id, price=90, order_id=new_id(), at=ago(1))
    await prices.deal(shop.tx, [told, told])
    await prices.deal(shop.tx, [told])
    query = select(PriceDealRow).where(
        PriceDealRow.merchant_id == shop.tx.merchant_id, PriceDealRow.sku_id == shop.sku_id
    )
    assert len((await shop.tx.db.scalars(query)).all()) == 1


async def test_five_hundred_skus_take_a_handful_of_statements(shop: Shop) -> None:
    skus = [new_id() for _ in range(500)]
    counted: list[str] = []

    def count(*said: object) -> None:
        counted.append(str(said[2]))

    engine = shop.tx.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        await prices.show(shop.on(30), [shown(sku_id, 100) for sku_id in skus])
        deals = [
            Deal(venue_id=NIL, sku_id=sku_id, price=99, order_id=new_id(), at=ago(4))
            for sku_id in skus
        ]
        await prices.deal(shop.tx, deals)
        await prices.show(shop.on(3), [shown(sku_id, 80, PROMO) for sku_id in skus])
        found = await prices.basis(shop.tx, [(NIL, sku_id) for sku_id in skus])
    finally:
        event.remove(engine, "before_cursor_execute", count)

    assert {was.price for was in found.values()} == {99}
    assert len(found) == 500
    assert len(counted) == 6


async def test_history_tells_list_price_and_present_price_apart(shop: Shop) -> None:
    await shop.show(20, 100)
    await shop.show(3, 80, PROMO)
    history = await prices.history(shop.tx, shop.sku_id, days=10)
    assert [(p.price, p.list_price, p.from_at, p.until_at) for p in history.points] == [
        (100, 100, ago(10), ago(3)),
        (80, 100, ago(3), None),
    ]
    assert (history.lowest, history.was) == (80, None)


async def test_an_sku_that_shows_no_price_has_no_history_to_show(shop: Shop) -> None:
    with pytest.raises(PriceNotFound):
        await prices.history(shop.tx, shop.sku_id)
    await shop.show(9, 100)
    await prices.withdraw(shop.on(5), NIL, [shop.sku_id])
    with pytest.raises(PriceNotFound):
        await prices.history(shop.tx, shop.sku_id)


async def test_another_merchant_sees_and_ends_nothing(
    shop: Shop, database: Database, other_merchant_id: UUID
) -> None:
    await shop.show(30, 100)
    await shop.deal(5, 99)
    await shop.show(3, 80, PROMO)
    elsewhere = shop.tx.acting(system(other_merchant_id))

    await prices.withdraw(elsewhere, PROMO, None)
    await prices.show(elsewhere, [shown(shop.sku_id, 1, PROMO)])
    assert (await prices.history(elsewhere, shop.sku_id)).lowest == 1
    found = await shop.was()
    assert found
    assert found.price == 99


async def test_the_log_is_exported_for_those_who_see_numbers(shop: Shop) -> None:
    await shop.show(30, 100)
    await shop.show(3, 80, PROMO)
    text = (await prices.export_csv(shop.tx, shop.sku_id, 10)).decode("utf-8-sig")
    assert [row.split(",")[4] for row in text.splitlines()] == ["price", "80", "100"]

    service = shop.tx.acting(Actor(shop.tx.merchant_id, Role.SERVICE, new_id()))
    with pytest.raises(NotPermitted):
        await prices.export_csv(service, None, 10)
