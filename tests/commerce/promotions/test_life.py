"""A promotion begins and ends by the clock, with stock of its own that comes back."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.commerce.promotions.shop import (
    HOUR,
    PRICE,
    at,
    draft,
    flash_sale,
    reduction,
    scheduled,
    sku,
)
from tests.support import NOW
from xinbo.commerce import inventory, offers, promotions
from xinbo.commerce.inventory import OutOfStock, Take
from xinbo.commerce.offers import OfferKind
from xinbo.commerce.promotions import (
    AddStock,
    Bargaining,
    Extend,
    FlashSale,
    GroupBuy,
    IllegalPromotionMove,
    MemberPrice,
    Presale,
    Promotion,
    PromotionLocked,
    PromotionNotFound,
    PromotionRefused,
    PromotionState,
    PromotionVersionConflict,
    PutItem,
    sweep,
)
from xinbo.commerce.promotions._service import clock
from xinbo.engines.db import EventRow
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio


async def left(tx: Tx, sku_id: UUID, pool_id: UUID) -> int:
    return (await inventory.left(tx, [(sku_id, pool_id)]))[sku_id, pool_id]


async def price(tx: Tx, sku_id: UUID, level: int = 0) -> int:
    return (await offers.quote(tx, [sku_id], None, level))[sku_id].price


async def test_a_flash_sale_has_its_own_stock_and_gives_it_back(tx: Tx) -> None:
    """#1: the promotion sells its own pieces and not one more."""
    sku_id = await sku(tx, stock=100)
    sale = await flash_sale(tx, [sku_id], stock=10)

    assert (sale.state, sale.items[0].given, sale.items[0].left) == (PromotionState.RUNNING, 10, 10)
    assert await left(tx, sku_id, NIL) == 90
    quote = (await offers.quote(tx, [sku_id], None))[sku_id]
    assert (quote.price, quote.pool_id, quote.kind) == (PRICE // 2, sale.id, OfferKind.FLASH_SALE)
    await inventory.reserve(tx, new_id(), [Take(sku_id=sku_id, pool_id=sale.id, quantity=3)])

    ended = await promotions.end(tx, sale.id)

    assert (ended.state, ended.end_reason) == (PromotionState.ENDED, "staff")
    assert await left(tx, sku_id, NIL) == 97
    assert await price(tx, sku_id) == PRICE
    assert (await promotions.end(tx, sale.id)).ended_at == ended.ended_at


async def test_it_waits_for_its_hour_and_ends_with_it(tx: Tx) -> None:
    sku_id = await sku(tx)
    sale = await flash_sale(tx, [sku_id], starts=HOUR)
    assert sale.state is PromotionState.SCHEDULED
    assert await price(tx, sku_id) == PRICE

    for later, state, cost in (
        (HOUR / 2, PromotionState.SCHEDULED, PRICE),
        (HOUR, PromotionState.RUNNING, PRICE // 2),
        (2 * HOUR, PromotionState.RUNNING, PRICE // 2),
        (3 * HOUR, PromotionState.ENDED, PRICE),
    ):
        await clock.turn(at(tx, later), sale.id)
        assert (await promotions.get(tx, sale.id)).state is state
        assert await price(at(tx, later), sku_id) == cost


async def test_a_price_ends_by_the_clock_even_where_no_sweep_comes_along(tx: Tx) -> None:
    sku_id = await sku(tx)
    await flash_sale(tx, [sku_id])
    rules = await scheduled(tx, draft(tx, reduction(), starts=HOUR))

    assert await price(at(tx, 2 * HOUR), sku_id) == PRICE
    assert await promotions.rules(tx, None) == []
    assert [each.id for each in await promotions.rules(at(tx, HOUR), None)] == [rules.id]
    assert await promotions.rules(at(tx, 3 * HOUR), None) == []


async def test_where_stock_was_sold_meanwhile_it_begins_with_what_there_is(tx: Tx) -> None:
    one, other = sorted([await sku(tx, stock=10), await sku(tx, stock=10)])
    sale = await flash_sale(tx, [one, other], starts=HOUR)
    await inventory.set_on_hand_many(tx, {one: 4, other: 0})

    await clock.turn(at(tx, HOUR), sale.id)

    begun = await promotions.get(tx, sale.id)
    assert [(each.stock, each.given) for each in begun.items] == [(10, 4), (10, 0)]
    assert await price(at(tx, HOUR), other) == PRICE


async def test_with_nothing_left_to_sell_it_ends_at_once_and_says_so(tx: Tx) -> None:
    sku_id = await sku(tx, stock=10)
    sale = await flash_sale(tx, [sku_id], starts=HOUR)
    await inventory.set_on_hand(tx, sku_id, 0)

    await clock.turn(at(tx, HOUR), sale.id)

    over = await promotions.get(tx, sale.id)
    assert (over.state, over.end_reason) == (PromotionState.ENDED, "no_stock")


@pytest.mark.parametrize("kind", ["member_price", "group_buy", "presale", "bargain"])
async def test_every_kind_reaches_the_shop_with_its_terms(tx: Tx, kind: str) -> None:
    sku_id = await sku(tx)
    item = PutItem(sku_id=sku_id, price=8_000, stock=5, deposit=1_000, worth=2_000, floor=5_000)
    rule = {
        "member_price": MemberPrice(level=2),
        "group_buy": GroupBuy(size=3, hours=24),
        "presale": Presale(
            balance_from=NOW + 2 * HOUR, balance_until=NOW + 4 * HOUR, ships_by=NOW + 9 * HOUR
        ),
        "bargain": Bargaining(helpers=9, hours=24),
    }[kind]

    await scheduled(tx, draft(tx, rule, item))

    if kind == "member_price":
        assert [await price(tx, sku_id, level) for level in (0, 1, 2)] == [PRICE, PRICE, 8_000]
        return
    (special,) = await offers.specials(tx, [sku_id], None)
    assert (special.kind, special.price, special.left) == (kind, 8_000, 5)
    assert special.terms is not None


async def test_a_promotion_for_a_room_holds_there_only(tx: Tx) -> None:
    sku_id, room = await sku(tx), new_id()
    item = PutItem(sku_id=sku_id, price=100, stock=1)
    await scheduled(tx, draft(tx, FlashSale(), item, venue_id=room))
    rule = await scheduled(tx, draft(tx, reduction(), venue_id=room))

    assert await price(tx, sku_id) == PRICE
    assert (await offers.quote(tx, [sku_id], room))[sku_id].price == 100
    assert await promotions.rules(tx, None) == []
    assert [each.id for each in await promotions.rules(tx, room)] == [rule.id]


async def test_what_runs_can_be_extended_and_given_stock_but_not_rewritten(tx: Tx) -> None:
    sku_id = await sku(tx, stock=20)
    sale = await flash_sale(tx, [sku_id], stock=5)
    later = draft(tx, FlashSale(), PutItem(sku_id=sku_id, price=1, stock=1))

    with pytest.raises(PromotionLocked):
        await promotions.put(tx, sale.id, replaced(later, sale.version))
    with pytest.raises(PromotionLocked):
        await promotions.remove(tx, sale.id)
    more = await promotions.add_stock(tx, sale.id, sku_id, AddStock(more=7, version=sale.version))
    assert (more.items[0].given, more.items[0].left) == (12, 12)
    with pytest.raises(OutOfStock):
        await promotions.add_stock(tx, sale.id, sku_id, AddStock(more=9, version=more.version))
    with pytest.raises(PromotionVersionConflict):
        await promotions.add_stock(tx, sale.id, sku_id, AddStock(more=1, version=sale.version))


async def test_it_runs_longer_but_never_shorter(tx: Tx) -> None:
    sku_id = await sku(tx)
    sale = await flash_sale(tx, [sku_id])

    with pytest.raises(PromotionRefused):
        await promotions.extend(tx, sale.id, Extend(ends_at=NOW + HOUR, version=sale.version))
    await promotions.extend(tx, sale.id, Extend(ends_at=NOW + 5 * HOUR, version=sale.version))

    assert await price(at(tx, 4 * HOUR), sku_id) == PRICE // 2


def replaced(command: promotions.PutPromotion, version: int) -> promotions.PutPromotion:
    return promotions.PutPromotion(
        name=command.name,
        venue_id=command.venue_id,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        rule=command.rule,
        items=command.items,
        version=version,
    )


async def test_a_draft_is_rewritten_whole_and_two_editors_notice_each_other(tx: Tx) -> None:
    one, other = await sku(tx), await sku(tx)
    written = await promotions.add(
        tx, draft(tx, FlashSale(), PutItem(sku_id=one, price=1, stock=1))
    )
    items = [PutItem(sku_id=other, price=2, stock=2), PutItem(sku_id=one, price=3, stock=3)]
    change = draft(tx, FlashSale(), *items, name="秒杀")

    changed = await promotions.put(tx, written.id, replaced(change, 1))

    assert (changed.name, changed.version) == ("秒杀", 2)
    assert [(each.sku_id, each.price) for each in changed.items] == [(other, 2), (one, 3)]
    with pytest.raises(PromotionVersionConflict):
        await promotions.put(tx, written.id, replaced(change, 1))
    await promotions.remove(tx, written.id)
    with pytest.raises(PromotionNotFound):
        await promotions.get(tx, written.id)


async def test_an_announcement_can_be_taken_back_until_it_begins(tx: Tx) -> None:
    sku_id = await sku(tx)
    sale = await flash_sale(tx, [sku_id], starts=HOUR)

    assert (await promotions.unschedule(tx, sale.id)).state is PromotionState.DRAFT
    await promotions.schedule(tx, sale.id)
    with pytest.raises(IllegalPromotionMove):
        await promotions.unschedule(at(tx, HOUR), sale.id)


async def test_the_staff_find_promotions_by_state_kind_and_room(tx: Tx) -> None:
    room = new_id()
    sale = await flash_sale(tx, [await sku(tx)])
    rule = await promotions.add(tx, draft(tx, reduction(), venue_id=room))

    async def ids(**by: object) -> list[UUID]:
        found = await promotions.page_of(tx, None, 10, **by)  # pyright: ignore[reportArgumentType]
        return [each.id for each in found.items]

    assert await ids() == [rule.id, sale.id]
    assert await ids(state=PromotionState.DRAFT) == [rule.id]
    assert await ids(kind=sale.kind) == [sale.id]
    assert await ids(venue_id=room) == [rule.id]
    first = await promotions.page_of(tx, None, 1)
    assert [each.id for each in (await promotions.page_of(tx, first.next, 1)).items] == [sale.id]


async def test_shoppers_see_what_is_on_and_no_draft(tx: Tx) -> None:
    sale = await flash_sale(tx, [await sku(tx)])
    await promotions.add(tx, draft(tx, reduction()))
    guest = tx.acting(Actor(tx.merchant_id, Role.GUEST))

    seen = await promotions.running(guest, None, 10)

    assert [(each.id, each.items[0].left) for each in seen.items] == [(sale.id, 10)]
    assert (await promotions.running(at(guest, 2 * HOUR), None, 10)).items == []


async def test_a_host_runs_no_promotions(tx: Tx) -> None:
    as_host = tx.acting(Actor(tx.merchant_id, Role.HOST, new_id()))
    with pytest.raises(NotPermitted):
        await promotions.add(as_host, draft(tx, reduction()))


async def test_another_merchants_promotion_is_not_found(tx: Tx, other_merchant_id: UUID) -> None:
    rule = await promotions.add(tx, draft(tx, reduction()))
    stranger = tx.acting(Actor(other_merchant_id, Role.OWNER, new_id()))
    with pytest.raises(PromotionNotFound):
        await promotions.end(stranger, rule.id)


async def facts(database: Database, merchant_id: UUID, promotion_id: UUID, state: str) -> int:
    async with database.begin(system(merchant_id)) as tx:
        return (
            await tx.db.scalar(
                select(func.count()).where(
                    EventRow.merchant_id == merchant_id,
                    EventRow.type == "promotions.changed",
                    EventRow.payload["promotionId"].astext == str(promotion_id),
                    EventRow.payload["state"].astext == state,
                )
            )
            or 0
        )


async def test_sweepers_that_race_begin_and_end_each_promotion_once(
    database: Database, merchant_id: UUID
) -> None:
    owner = Actor(merchant_id, Role.OWNER, new_id())
    sales: list[Promotion] = []
    async with database.begin(owner, NOW) as tx:
        sku_ids = [await sku(tx, stock=20) for _ in range(3)]
        sales = [await flash_sale(tx, [sku_id], starts=HOUR) for sku_id in sku_ids]

    async def swept(moment: datetime) -> None:
        await asyncio.gather(*(sweep(database, moment) for _ in range(3)))

    await swept(NOW + HOUR)
    async with database.begin(owner) as tx:
        for sale, sku_id in zip(sales, sku_ids, strict=True):
            assert await left(tx, sku_id, NIL) == 10
            assert await left(tx, sku_id, sale.id) == 10
    await swept(NOW + 3 * HOUR)
    async with database.begin(owner) as tx:
        for sku_id in sku_ids:
            assert await left(tx, sku_id, NIL) == 20
    for sale in sales:
        assert await facts(database, merchant_id, sale.id, "running") == 1
        assert await facts(database, merchant_id, sale.id, "ended") == 1


async def test_ending_by_hand_and_by_the_clock_at_once_gives_stock_back_once(
    database: Database, merchant_id: UUID
) -> None:
    owner = Actor(merchant_id, Role.OWNER, new_id())
    async with database.begin(owner, NOW) as tx:
        sku_id = await sku(tx, stock=20)
        sale = await flash_sale(tx, [sku_id])

    async def by_hand() -> None:
        async with database.begin(owner, NOW + timedelta(minutes=119)) as tx:
            await promotions.end(tx, sale.id)

    await asyncio.gather(by_hand(), sweep(database, NOW + 2 * HOUR), by_hand())

    async with database.begin(owner) as tx:
        assert await left(tx, sku_id, NIL) == 20
    assert await facts(database, merchant_id, sale.id, "ended") == 1
