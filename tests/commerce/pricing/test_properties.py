"""What is true of every bill, whatever the basket."""

from collections.abc import Sequence
from itertools import product as every
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commerce.pricing.baskets import BASKETS, line, lines, rule, rules
from xinbo.commerce import pricing
from xinbo.commerce.pricing import Basket, Bill, Rule, RuleKind, StepKind, Tier
from xinbo.commerce.pricing._engine.reductions import _curve
from xinbo.commerce.pricing._engine.work import worth

REDUCTIONS = rules((RuleKind.FULL_REDUCTION,), 3)


def bill_of(basket: Basket, **changes: Any) -> Bill:
    return pricing.price(msgspec.structs.replace(basket, **changes))


@given(BASKETS)
def test_no_bill_is_negative_and_no_line_costs_more_than_its_list_price(basket: Basket) -> None:
    """#7: coupons stack, and the total never comes out negative or wrong."""
    bill = pricing.price(basket)

    assert bill.total >= 0
    assert 0 <= bill.freight_off <= bill.freight
    for each in bill.lines:
        assert 0 <= each.payable <= each.price * each.quantity <= each.list_price * each.quantity
        assert all(taken.amount > 0 for taken in each.adjustments)


@given(BASKETS)
def test_every_fen_off_stands_at_a_line_and_in_a_step(basket: Basket) -> None:
    bill = pricing.price(basket)
    paid = sum(each.payable for each in bill.lines)

    assert bill.goods == sum(each.price * each.quantity for each in bill.lines)
    assert bill.goods - paid == bill.off + bill.points_off
    assert bill.total == paid + bill.freight - bill.freight_off
    for each in bill.lines:
        taken = sum(adjustment.amount for adjustment in each.adjustments)
        assert each.payable == each.price * each.quantity - taken
    listed = sum(each.list_price * each.quantity for each in bill.lines)
    assert listed - sum(step.amount for step in bill.steps) == bill.total
    for kind in (StepKind.BUNDLE, StepKind.FULL_REDUCTION, StepKind.COUPON, StepKind.POINTS):
        at_lines = [a.amount for each in bill.lines for a in each.adjustments if a.kind is kind]
        assert sum(at_lines) == sum(step.amount for step in bill.steps if step.kind is kind)


@given(BASKETS, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_rules_decides_nothing(basket: Basket, chance: Random) -> None:
    mixed = msgspec.structs.replace(
        basket,
        lines=chance.sample(basket.lines, len(basket.lines)),
        rules=chance.sample(basket.rules, len(basket.rules)),
    )
    assert pricing.price(mixed) == pricing.price(basket)


@given(BASKETS, st.randoms(use_true_random=False))
def test_positions_are_names_and_decide_nothing_by_sku(basket: Basket, chance: Random) -> None:
    places = chance.sample(range(100), len(basket.lines))
    moved = [
        msgspec.structs.replace(each, position=place)
        for each, place in zip(basket.lines, places, strict=True)
    ]
    assert by_sku(bill_of(basket, lines=moved)) == by_sku(pricing.price(basket))


@given(BASKETS)
def test_points_keep_to_their_bound_and_lie_at_the_lines_they_paid_for(basket: Basket) -> None:
    bill = pricing.price(basket)
    assert bill.points == sum(each.points for each in bill.lines)
    if basket.points is None or not bill.points:
        assert bill.points == bill.points_off == 0
        return
    offer = basket.points
    with_points = {each.position for each in basket.lines if each.points}
    at = [
        (each, sum(a.amount for a in each.adjustments if a.kind is StepKind.POINTS))
        for each in bill.lines
    ]
    payable = sum(each.payable + part for each, part in at if each.position in with_points)
    assert bill.points <= offer.points
    assert 0 < bill.points_off <= payable * offer.most_per_10_000 // 10_000
    assert bill.points_off == bill.points * offer.fen_per_100 // 100
    assert bill.points_off > (bill.points - 1) * offer.fen_per_100 // 100  # no point for nothing
    for each, part in at:
        assert not part or each.position in with_points
        assert bool(part) or not each.points


@given(BASKETS)
def test_locked_lines_take_part_in_nothing_but_points_and_freight(basket: Basket) -> None:
    bill = pricing.price(basket)
    locked = {each.position for each in basket.lines if each.locked}
    for each in bill.lines:
        if each.position in locked:
            assert {a.kind for a in each.adjustments} <= {StepKind.POINTS}
    open_lines = [each for each in basket.lines if not each.locked]
    alone = bill_of(basket, lines=open_lines, points=None)
    both = bill_of(basket, points=None)
    assert (both.off, both.gifts) == (alone.off, alone.gifts)


@given(BASKETS)
def test_no_coupon_touches_a_line_that_a_rule_keeps_for_itself(basket: Basket) -> None:
    bill = pricing.price(basket)
    jealous = {each.id for each in basket.rules if not each.stacks}
    for each in bill.lines:
        kinds = {a.kind for a in each.adjustments}
        if jealous & {a.rule_id for a in each.adjustments}:
            assert StepKind.COUPON not in kinds
        if basket.coupon and not basket.coupon.stacks and StepKind.COUPON in kinds:
            assert kinds <= {StepKind.COUPON, StepKind.POINTS}


@given(BASKETS)
def test_a_line_is_in_one_full_reduction_at_most_and_no_cap_is_passed(basket: Basket) -> None:
    bill = pricing.price(basket)
    for each in bill.lines:
        reductions = [a for a in each.adjustments if a.kind is StepKind.FULL_REDUCTION]
        assert len(reductions) <= 1
    caps = {each.id: each.most for each in [*basket.rules, basket.coupon] if each is not None}
    for step in bill.steps:
        cap = None if step.rule_id is None else caps[step.rule_id]
        assert cap is None or step.amount <= cap


@given(BASKETS)
def test_a_coupon_is_named_as_used_only_where_it_took_something_off(basket: Basket) -> None:
    bill = pricing.price(basket)
    if bill.coupon_id is None:
        assert bill_of(basket, coupon=None).total == bill.total
    else:
        assert bill_of(basket, coupon=None, points=None).total > bill_of(basket, points=None).total


@given(BASKETS, rules((RuleKind.GIFT,), 1), rules((RuleKind.FREE_FREIGHT,), 1))
def test_one_gift_more_or_free_freight_never_makes_a_basket_dearer(
    basket: Basket, gift: list[Rule], frees: list[Rule]
) -> None:
    """Of no other kind is this true: a reduction may take a basket below a coupon's threshold."""
    free = [msgspec.structs.replace(each, id=rule(700, RuleKind.GIFT).id) for each in frees]
    assert bill_of(basket, rules=[*basket.rules, *free]).total <= pricing.price(basket).total
    given_too = [
        msgspec.structs.replace(each, id=rule(701, RuleKind.GIFT).id, stacks=True) for each in gift
    ]
    coupon = basket.coupon
    if coupon is None or coupon.stacks:
        with_gift = bill_of(basket, rules=[*basket.rules, *given_too])
        assert with_gift.total == pricing.price(basket).total


@given(lines(6), REDUCTIONS)
def test_the_full_reductions_chosen_save_as_much_as_any_choice_could(
    told: list[Any], wanted: list[Rule]
) -> None:
    basket = Basket(lines=told[: 6 if len(wanted) < 3 else 4], rules=wanted)
    assert pricing.price(basket).off == by_trying_all(basket)


@given(lines(4), rules((RuleKind.FULL_REDUCTION,), 2), rules((RuleKind.FULL_REDUCTION,), 1))
def test_one_full_reduction_more_never_saves_less_in_its_step(
    told: list[Any], wanted: list[Rule], more: list[Rule]
) -> None:
    others = [msgspec.structs.replace(each, id=rule(702, RuleKind.GIFT).id) for each in more]
    before = pricing.price(Basket(lines=told, rules=wanted)).off
    assert pricing.price(Basket(lines=told, rules=[*wanted, *others])).off >= before


@given(rules((RuleKind.FULL_REDUCTION,), 1), st.integers(0, 10**6), st.integers(0, 99))
def test_the_quick_curve_of_a_rule_is_what_the_rule_is_worth(
    one: list[Rule], amount: int, pieces: int
) -> None:
    for each in one:
        assert _curve(each)(amount, pieces) == worth(each, amount, pieces).off


@given(BASKETS)
def test_a_bill_survives_the_wire(basket: Basket) -> None:
    bill = pricing.price(basket)
    assert msgspec.json.decode(msgspec.json.encode(bill), type=Bill) == bill


@pytest.mark.parametrize("quantity", [0, -1, 100_000])
def test_a_basket_past_all_measure_is_refused(quantity: int) -> None:
    with pytest.raises(pricing.BasketTooLarge):
        pricing.price(Basket(lines=[line(1, 100, quantity)]))
    with pytest.raises(pricing.BasketTooLarge):
        pricing.price(Basket(lines=[line(n, 100) for n in range(501)]))


def test_the_largest_basket_still_fits_the_database() -> None:
    largest = [line(n, 10**10, 99_999) for n in range(500)]
    off = rule(1, RuleKind.FULL_REDUCTION, Tier(at_least_amount=10**10, off=10**9), repeat=True)
    assert pricing.price(Basket(lines=largest, rules=[off])).goods < 2**63


def by_sku(bill: Bill) -> list[tuple[Any, ...]]:
    """What each SKU costs and who took what, without the positions."""
    return sorted(
        (
            each.sku_id.int,
            each.price,
            each.quantity,
            each.payable,
            each.points,
            [(a.kind, a.name, a.amount) for a in each.adjustments],
        )
        for each in bill.lines
    )


def by_trying_all(basket: Basket) -> int:
    """Save the most that any assignment of lines to full reductions saves."""
    told = [each for each in basket.lines if not each.locked]
    choices: list[Sequence[Rule | None]] = []
    for each in told:
        fits = [
            r
            for r in basket.rules
            if not (r.scope.skus or r.scope.products or r.scope.categories)
            or each.sku_id in r.scope.skus
            or each.product_id in r.scope.products
            or set(each.category_ids) & set(r.scope.categories)
        ]
        choices.append([None, *fits])
    best = 0
    for chosen in every(*choices):
        saved = 0
        for r in basket.rules:
            mine = [each for each, by in zip(told, chosen, strict=True) if by is r]
            amount = sum(min(each.price, each.list_price) * each.quantity for each in mine)
            saved += worth(r, amount, sum(each.quantity for each in mine)).off if mine else 0
        best = max(best, saved)
    return best
