"""Each step of the order in which discounts stack, by example."""

from typing import Any

import pytest

from tests.commerce.pricing.baskets import category, line, product, rule, sku
from xinbo.commerce import pricing
from xinbo.commerce.pricing import (
    Basket,
    Bill,
    Gift,
    Part,
    PointsOffer,
    Rule,
    RuleKind,
    RuleRefused,
    Scope,
    Step,
    StepKind,
    Tier,
    WhyCode,
)

OFF_40 = rule(1, RuleKind.FULL_REDUCTION, Tier(at_least_amount=29_900, off=4_000))
OFF_15 = rule(2, RuleKind.FULL_REDUCTION, Tier(at_least_pieces=2, rate=8_500))
TICKET = rule(9, RuleKind.COUPON, Tier(at_least_amount=10_000, off=1_000))
HUNDRED_FEN = PointsOffer(points=10_000, fen_per_100=100, most_per_10_000=5_000)


def bill(*lines: pricing.BasketLine, **more: Any) -> Bill:
    return pricing.price(Basket(lines=list(lines), **more))


def step(priced: Bill, kind: StepKind) -> Step:
    (found,) = [each for each in priced.steps if each.kind is kind]
    return found


def payables(priced: Bill) -> list[int]:
    return [each.payable for each in priced.lines]


def test_without_promotions_a_basket_costs_its_prices_and_its_freight() -> None:
    priced = bill(line(1, 1_990, 3), line(2, 500), freight=800)

    assert (priced.goods, priced.off, priced.total) == (6_470, 0, 7_270)
    assert [each.kind for each in priced.steps] == [StepKind.FREIGHT]


def test_an_empty_basket_costs_nothing() -> None:
    assert bill(rules=[OFF_40], coupon=TICKET, points=HUNDRED_FEN).total == 0


def test_an_offer_below_the_list_price_is_a_step_and_one_above_it_is_no_offer() -> None:
    priced = bill(line(1, 8_000, 2, list_price=10_000), line(2, 700, list_price=500))

    assert payables(priced) == [16_000, 500]
    assert step(priced, StepKind.UNIT_PRICE).amount == 4_000
    assert step(priced, StepKind.UNIT_PRICE).lines == [1]


def test_a_bundle_counts_as_often_as_the_basket_holds_it() -> None:
    both = Tier(parts=[Part(sku_id=sku(1)), Part(sku_id=sku(2), quantity=2)], price=9_000)
    priced = bill(line(1, 6_000, 3), line(2, 3_000, 5), rules=[rule(1, RuleKind.BUNDLE, both)])

    assert priced.off == 2 * (6_000 + 2 * 3_000 - 9_000)
    assert payables(priced) == [18_000 - 3_000, 15_000 - 3_000]
    assert step(priced, StepKind.BUNDLE).why.times == 2


def test_a_bundle_that_is_not_whole_says_what_is_missing() -> None:
    both = Tier(parts=[Part(sku_id=sku(1)), Part(sku_id=sku(2), quantity=2)], rate=8_000)
    priced = bill(line(1, 6_000), line(2, 3_000), rules=[rule(1, RuleKind.BUNDLE, both)])

    why = step(priced, StepKind.BUNDLE).why
    assert priced.off == 0
    assert (why.code, why.measure, why.has, why.at_least) == (WhyCode.SHORT, "pieces", 2, 3)


def test_a_piece_is_in_one_bundle_and_the_one_that_saves_most_goes_first() -> None:
    small = rule(1, RuleKind.BUNDLE, Tier(parts=[Part(sku_id=sku(1))], off=100))
    large = rule(2, RuleKind.BUNDLE, Tier(parts=[Part(sku_id=sku(1), quantity=2)], off=500))
    priced = bill(line(1, 1_000, 3), rules=[small, large])

    assert priced.off == 600
    assert [(each.rule_id, each.amount) for each in priced.lines[0].adjustments] == [
        (large.id, 500),
        (small.id, 100),
    ]


def test_a_bundle_dearer_than_its_parts_is_none() -> None:
    dear = rule(1, RuleKind.BUNDLE, Tier(parts=[Part(sku_id=sku(1))], price=2_000))
    assert bill(line(1, 1_000), rules=[dear]).off == 0


def test_a_full_reduction_is_split_over_its_lines_to_the_fen() -> None:
    priced = bill(line(1, 10_000), line(2, 10_000), line(3, 10_000), rules=[OFF_40])

    assert [each.adjustments[0].amount for each in priced.lines] == [1_334, 1_333, 1_333]
    assert priced.total == 26_000


@pytest.mark.parametrize(
    ("amount", "off"), [(19_999, 0), (20_000, 1_500), (59_999, 3_000), (90_000, 6_000)]
)
def test_every_full_amount_reduces_again_up_to_the_cap(amount: int, off: int) -> None:
    each = rule(
        1,
        RuleKind.FULL_REDUCTION,
        Tier(at_least_amount=20_000, off=1_500),
        repeat=True,
        most=6_000,
    )
    assert bill(line(1, amount), rules=[each]).off == off


def test_the_tier_that_takes_most_counts_even_where_a_higher_one_is_reached() -> None:
    odd = rule(
        1,
        RuleKind.FULL_REDUCTION,
        Tier(at_least_amount=10_000, off=2_000),
        Tier(at_least_amount=20_000, off=1_000),
    )
    assert bill(line(1, 30_000), rules=[odd]).off == 2_000


def test_each_line_goes_to_the_full_reduction_that_makes_the_whole_cheapest() -> None:
    few = rule(
        3,
        RuleKind.FULL_REDUCTION,
        Tier(at_least_pieces=2, rate=5_000),
        scope=Scope(skus=[sku(1), sku(2)]),
    )
    priced = bill(line(1, 10_000), line(2, 10_000), line(3, 20_000), rules=[OFF_40, few])

    assert payables(priced) == [5_000, 5_000, 20_000]
    assert [each.why.code for each in priced.steps] == [WhyCode.BETTER, WhyCode.REACHED]


def test_what_is_short_of_a_tier_says_how_far_it_is() -> None:
    why = step(bill(line(1, 20_000), rules=[OFF_40]), StepKind.FULL_REDUCTION).why
    assert (why.code, why.measure, why.at_least - why.has) == (WhyCode.SHORT, "amount", 9_900)
    why = step(bill(line(1, 20_000), rules=[OFF_15]), StepKind.FULL_REDUCTION).why
    assert (why.code, why.measure, why.at_least - why.has) == (WhyCode.SHORT, "pieces", 1)


@pytest.mark.parametrize(
    ("scope", "taken"),
    [
        (Scope(skus=[sku(1)]), [1]),
        (Scope(products=[product(1)]), [2, 3]),
        (Scope(categories=[category(0)]), [3]),
        (Scope(categories=[category(9)]), [1, 2, 3]),
        (Scope(skus=[sku(1)], categories=[category(0)]), [1, 3]),
    ],
)
def test_a_scope_is_any_of_its_skus_products_and_categories(scope: Scope, taken: list[int]) -> None:
    half = rule(1, RuleKind.FULL_REDUCTION, Tier(rate=5_000), scope=scope)
    priced = bill(line(1, 100), line(2, 100), line(3, 100), rules=[half])
    assert [each.position for each in priced.lines if each.adjustments] == taken


def test_gifts_come_by_what_is_left_after_reductions_and_again_where_they_repeat() -> None:
    gift = rule(
        5,
        RuleKind.GIFT,
        Tier(at_least_amount=10_000, gifts=[Gift(sku_id=sku(90))]),
        Tier(at_least_amount=26_000, gifts=[Gift(sku_id=sku(91), quantity=2)]),
        repeat=True,
    )
    assert bill(line(1, 30_000), rules=[gift]).gifts[0].sku_id == sku(91)
    priced = bill(line(1, 29_900), rules=[OFF_40, gift])

    (given,) = priced.gifts
    assert (given.sku_id, given.quantity, given.name) == (sku(90), 2, gift.name)
    assert priced.total == 25_900


def test_a_coupon_comes_after_reductions_and_needs_its_threshold_then() -> None:
    close = rule(9, RuleKind.COUPON, Tier(at_least_amount=29_000, off=2_000))

    assert bill(line(1, 30_000), coupon=close).total == 28_000
    priced = bill(line(1, 30_000), rules=[OFF_40], coupon=close)
    assert (priced.total, priced.coupon_id) == (26_000, None)
    assert step(priced, StepKind.COUPON).why.code is WhyCode.SHORT


def test_coupon_and_reductions_may_stack_and_never_fall_below_zero() -> None:
    """#7: coupons stack into a negative or wrong total."""
    most = [
        rule(n, kind, Tier(off=50_000), scope=Scope(), stacks=True)
        for n, kind in enumerate([RuleKind.FULL_REDUCTION] * 4, 1)
    ]
    ticket = rule(9, RuleKind.COUPON, Tier(off=50_000))
    priced = bill(line(1, 9_900), line(2, 100), rules=most, coupon=ticket, freight=1_000)

    assert (priced.goods, priced.off, priced.total) == (10_000, 10_000, 1_000)
    assert payables(priced) == [0, 0]
    assert priced.coupon_id is None  # nothing was left for it, so it stays in the wallet


def test_a_rule_that_does_not_stack_keeps_the_coupon_from_its_lines_and_is_named() -> None:
    alone = rule(
        1, RuleKind.FULL_REDUCTION, *OFF_40.tiers, scope=Scope(skus=[sku(1)]), stacks=False
    )
    priced = bill(line(1, 30_000), line(2, 12_000), rules=[alone], coupon=TICKET)
    assert payables(priced) == [26_000, 11_000]
    assert step(priced, StepKind.COUPON).why.blocked_by == [alone.name]

    priced = bill(line(1, 30_000), rules=[alone], coupon=TICKET)
    told = step(priced, StepKind.COUPON)
    assert (told.why.code, told.why.blocked_by, told.lines) == (WhyCode.BLOCKED, [alone.name], [1])
    assert priced.coupon_id is None


def test_a_coupon_that_does_not_stack_leaves_out_lines_of_any_rule() -> None:
    alone = rule(9, RuleKind.COUPON, *TICKET.tiers, stacks=False)
    half = rule(1, RuleKind.FULL_REDUCTION, Tier(rate=5_000), scope=Scope(skus=[sku(1)]))
    priced = bill(line(1, 30_000), line(2, 12_000), rules=[half], coupon=alone)
    assert payables(priced) == [15_000, 11_000]


def test_a_coupon_for_other_goods_does_nothing_and_says_so() -> None:
    other = rule(9, RuleKind.COUPON, *TICKET.tiers, scope=Scope(skus=[sku(7)]))
    assert step(bill(line(1, 20_000), coupon=other), StepKind.COUPON).why.code is WhyCode.NOTHING


def test_points_cover_their_part_of_the_goods_and_none_of_the_freight() -> None:
    priced = bill(line(1, 12_000), line(2, 8_000), points=HUNDRED_FEN, freight=900)

    assert (priced.points, priced.points_off, priced.total) == (10_000, 10_000, 10_900)
    assert [each.points for each in priced.lines] == [6_000, 4_000]


def test_points_worth_less_than_a_fen_are_spent_in_whole_fen_only() -> None:
    offer = PointsOffer(points=1_999, fen_per_100=10, most_per_10_000=10_000)
    priced = bill(line(1, 150), points=offer)
    assert (priced.points, priced.points_off) == (1_500, 150)
    priced = bill(line(1, 15_000), points=offer)
    assert (priced.points, priced.points_off) == (1_990, 199)


def test_points_worth_more_than_a_fen_never_cover_more_than_their_part() -> None:
    offer = PointsOffer(points=500, fen_per_100=300, most_per_10_000=10_000)
    priced = bill(line(1, 100), points=offer)
    assert (priced.points, priced.points_off, priced.total) == (33, 99, 1)


def test_freight_is_free_over_a_threshold_and_locked_lines_count_for_it() -> None:
    free = rule(3, RuleKind.FREE_FREIGHT, Tier(at_least_amount=9_900))

    assert bill(line(1, 9_800), rules=[free], freight=800).total == 10_600
    assert bill(line(1, 9_900, locked=True), rules=[free], freight=800).total == 9_900
    assert bill(line(1, 9_900), rules=[free], freight=800).freight_off == 800


def test_points_do_not_take_a_basket_below_the_free_freight_threshold() -> None:
    free = rule(3, RuleKind.FREE_FREIGHT, Tier(at_least_amount=9_900))
    assert bill(line(1, 10_000), rules=[free], points=HUNDRED_FEN, freight=800).total == 5_000


def test_a_freight_coupon_is_kept_where_freight_is_free_anyway() -> None:
    free = rule(3, RuleKind.FREE_FREIGHT, Tier(at_least_amount=9_900))
    ticket = rule(9, RuleKind.FREE_FREIGHT, Tier(), most=500)

    assert bill(line(1, 5_000), coupon=ticket, freight=800).total == 5_300
    assert bill(line(1, 5_000), rules=[free], coupon=ticket, freight=800).coupon_id == ticket.id
    priced = bill(line(1, 9_900), rules=[free], coupon=ticket, freight=800)
    assert (priced.freight_off, priced.coupon_id) == (800, None)


@pytest.mark.parametrize(
    ("refused", "field"),
    [
        (rule(1, RuleKind.FULL_REDUCTION), "tiers"),
        (rule(1, RuleKind.FULL_REDUCTION, *[Tier(off=1)] * 11), "tiers"),
        (rule(1, RuleKind.FULL_REDUCTION, Tier()), "tiers.0.off"),
        (rule(1, RuleKind.COUPON, Tier(off=5, rate=9_000)), "tiers.0.off"),
        (rule(1, RuleKind.COUPON, Tier(at_least_amount=100, off=101)), "tiers.0.off"),
        (rule(1, RuleKind.FULL_REDUCTION, Tier(off=1), repeat=True), "repeat"),
        (rule(1, RuleKind.GIFT, Tier()), "tiers.0.gifts"),
        (rule(1, RuleKind.BUNDLE, Tier(price=1)), "tiers.0.parts"),
        (rule(1, RuleKind.BUNDLE, Tier(parts=[Part(sku_id=sku(1))])), "tiers.0.off"),
        (rule(1, RuleKind.FREE_FREIGHT, Tier(), scope=Scope(skus=[sku(1)] * 1_001)), "scope"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(refused: Rule, field: str) -> None:
    with pytest.raises(RuleRefused) as told:
        pricing.check(refused)
    assert told.value.facts["field"] == field


def test_rules_that_can_be_meant_pass() -> None:
    for each in (OFF_40, OFF_15, TICKET, rule(1, RuleKind.FREE_FREIGHT, Tier())):
        pricing.check(each)
