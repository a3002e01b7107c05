"""What the staff wrote is what the pricing engine does."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commerce.promotions.shop import EVERYTHING, coupon, draft, reduction, scheduled, sku
from xinbo.commerce import pricing, promotions
from xinbo.commerce.pricing import Basket, BasketLine, Bill
from xinbo.commerce.promotions import (
    Bundle,
    FreeFreight,
    FullReduction,
    Gifts,
    GiftStep,
    Goods,
    Present,
    Rule,
    Threshold,
)
from xinbo.commerce.promotions._rules.life import overlap
from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

START = datetime.fromisoformat("2026-11-11T00:00:00+00:00")
moments = st.integers(0, 20).map(lambda hours: START + timedelta(hours=hours))
windows = st.tuples(moments, st.one_of(st.none(), moments)).filter(
    lambda window: window[1] is None or window[0] < window[1]
)


def lines(*prices: int, skus: list[UUID] | None = None) -> list[BasketLine]:
    return [
        BasketLine(
            position=n,
            sku_id=new_id() if skus is None else skus[n],
            product_id=new_id(),
            category_ids=[],
            quantity=1,
            price=price,
            list_price=price,
        )
        for n, price in enumerate(prices)
    ]


async def bill(tx: Tx, rule: Rule, basket: list[BasketLine], freight: int = 0) -> Bill:
    await scheduled(tx, draft(tx, rule))
    rules = await promotions.rules(tx, None)
    return pricing.price(Basket(lines=basket, rules=rules, freight=freight))


async def test_a_full_reduction_takes_off_once_or_for_every_threshold(tx: Tx) -> None:
    once = await bill(tx, reduction(10_000, 1_000), lines(25_000))
    assert (once.off, once.total) == (1_000, 24_000)


async def test_every_threshold_counts_up_to_the_cap(tx: Tx) -> None:
    step = Threshold(at_least_amount=10_000, at_least_pieces=None, off=1_000, rate=None)
    rule = FullReduction(goods=EVERYTHING, steps=[step], repeat=True, most=2_500)
    assert (await bill(tx, rule, lines(45_000))).off == 2_500


async def test_two_pieces_at_eight_and_a_half_tenths(tx: Tx) -> None:
    step = Threshold(at_least_amount=None, at_least_pieces=2, off=None, rate=8_500)
    rule = FullReduction(goods=EVERYTHING, steps=[step], repeat=False, most=None)
    assert (await bill(tx, rule, lines(10_000, 10_000))).total == 17_000


async def test_only_the_goods_that_were_named_count(tx: Tx) -> None:
    basket = lines(10_000, 10_000)
    goods = Goods(categories=[], products=[basket[0].product_id], skus=[])
    step = Threshold(at_least_amount=15_000, at_least_pieces=None, off=1_000, rate=None)
    rule = FullReduction(goods=goods, steps=[step], repeat=False, most=None)
    assert (await bill(tx, rule, basket)).off == 0


async def test_gifts_come_along_and_a_bundle_has_one_price(tx: Tx) -> None:
    one, other = await sku(tx, price=6_000), await sku(tx, price=5_000)
    parts = [Present(sku_id=each, quantity=1) for each in (one, other)]
    gift = GiftStep(at_least_amount=5_000, gifts=[Present(sku_id=other, quantity=1)])
    await scheduled(tx, draft(tx, Gifts(goods=EVERYTHING, steps=[gift])))

    found = await bill(tx, Bundle(parts=parts, price=9_900), lines(6_000, 5_000, skus=[one, other]))

    assert found.total == 9_900
    assert [(each.sku_id, each.quantity) for each in found.gifts] == [(other, 1)]


async def test_freight_is_free_from_an_amount(tx: Tx) -> None:
    rule = FreeFreight(goods=EVERYTHING, at_least_amount=9_900)
    assert (await bill(tx, rule, lines(9_900), freight=1_200)).total == 9_900


async def test_a_reduction_and_a_coupon_together_never_reach_below_nothing(tx: Tx) -> None:
    """#7: coupons do not stack into a negative or wrong total."""
    await scheduled(tx, draft(tx, reduction(10_000, 9_999)))
    who = new_id()
    template = await scheduled(tx, draft(tx, coupon(off=4_999, threshold=5_000)))
    claimed = await promotions.claim(tx, who, template.id, None, "claim-one")
    rules = await promotions.coupon_rules(tx, [(who, claimed.id)])

    for amount in (1, 4_999, 5_000, 9_999, 10_000, 14_999, 20_000):
        found = pricing.price(
            Basket(
                lines=lines(amount),
                rules=await promotions.rules(tx, None),
                coupon=rules[who, claimed.id],
            )
        )
        assert 0 <= found.total == amount - found.off
        assert found.total == sum(line.payable for line in found.lines)


@given(windows, windows)
def test_windows_overlap_where_they_share_an_hour(
    one: tuple[datetime, datetime | None], other: tuple[datetime, datetime | None]
) -> None:
    end = START + timedelta(hours=30)

    def hours(window: tuple[datetime, datetime | None]) -> set[int]:
        return set(range(hour(window[0]), hour(window[1] or end)))

    assert overlap(one, other) == overlap(other, one) == bool(hours(one) & hours(other))


def hour(moment: datetime) -> int:
    return int((moment - START).total_seconds()) // 3600
