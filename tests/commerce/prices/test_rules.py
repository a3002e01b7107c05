"""What applied when, and since when a price is reduced, over every log."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.support import NOW
from xinbo.commerce.prices._rules import (
    Interval,
    Stretch,
    lowest_before,
    reduced_since,
    stretches,
)

DAY = timedelta(days=1)
AGES = st.integers(0, 60)


@st.composite
def logs(draw: st.DrawFn) -> list[Interval]:
    """Prices of some sources over the last sixty days; some go on, some have not begun."""
    found: list[Interval] = []
    for _ in range(draw(st.integers(0, 8))):
        age, length = draw(st.integers(-5, 60)), draw(st.one_of(st.none(), st.integers(0, 40)))
        begins = NOW - age * DAY
        ends = None if length is None else begins + length * DAY
        found.append(Interval(begins, ends, draw(st.integers(1, 9)), draw(st.booleans()), "retail"))
    return found


def applied(log: list[Interval], age: int) -> int | None:
    """The lowest price at a moment between two days, read off the log the slow way."""
    moment = NOW - age * DAY - DAY / 2
    here = [
        each.price
        for each in log
        if each.from_at <= moment and (each.until_at is None or each.until_at > moment)
    ]
    return min(here, default=None)


@given(logs(), AGES)
def test_stretches_say_at_every_moment_what_the_log_says(log: list[Interval], age: int) -> None:
    moment = NOW - age * DAY - DAY / 2
    told = stretches(log, NOW - 70 * DAY, NOW)
    here = [
        each.price
        for each in told
        if each.from_at <= moment and (each.until_at is None or each.until_at > moment)
    ]
    assert here == [price for price in [applied(log, age)] if price is not None]


@given(logs())
def test_stretches_follow_one_another_and_only_the_last_is_open(log: list[Interval]) -> None:
    told = stretches(log, NOW - 70 * DAY, NOW)
    for before, after in pairwise(told):
        assert before.until_at is not None
        assert before.from_at < before.until_at <= after.from_at
        assert before.until_at != after.from_at or before[2:] != after[2:]


@given(logs(), AGES)
def test_what_was_before_a_window_does_not_change_what_is_in_it(
    log: list[Interval], days: int
) -> None:
    since = NOW - days * DAY
    whole = stretches(log, NOW - 70 * DAY, NOW)
    part = stretches(log, since, NOW)
    kept = [
        e._replace(from_at=max(e.from_at, since))
        for e in whole
        if not (e.until_at and e.until_at <= since)
    ]
    assert part == kept


@given(logs())
def test_a_present_reduction_is_below_the_list_price_ever_since_it_began(
    log: list[Interval],
) -> None:
    told = stretches(log, NOW - 70 * DAY, NOW)
    since = reduced_since(told)
    if since is None:
        return
    during = [each for each in told if each.from_at >= since]
    assert all(each.reduced for each in during)
    assert all(a.price >= b.price for a, b in pairwise(during))
    assert during[-1].until_at is None


def stretch(age: int, until: int | None, price: int, list_price: int | None = 100) -> Stretch:
    ends = None if until is None else NOW - until * DAY
    return Stretch(NOW - age * DAY, ends, price, list_price, "retail")


def test_a_reduction_that_grows_is_one_and_one_that_shrinks_begins_anew() -> None:
    growing = [stretch(40, 20, 100), stretch(20, 10, 80), stretch(10, None, 70)]
    assert reduced_since(growing) == NOW - 20 * DAY
    shrinking = [stretch(40, 20, 100), stretch(20, 10, 70), stretch(10, None, 80)]
    assert reduced_since(shrinking) == NOW - 10 * DAY


def test_a_gap_between_two_reductions_makes_them_two() -> None:
    told = [stretch(30, 20, 80), stretch(20, 19, 100), stretch(19, None, 80)]
    assert reduced_since(told) == NOW - 19 * DAY
    told = [stretch(30, 20, 80), stretch(19, None, 80)]
    assert reduced_since(told) == NOW - 19 * DAY


def test_a_price_that_is_over_or_not_reduced_has_no_reduction() -> None:
    assert reduced_since([]) is None
    assert reduced_since([stretch(30, 20, 80)]) is None
    assert reduced_since([stretch(30, None, 100)]) is None


def test_the_lowest_before_looks_at_its_span_only() -> None:
    told = [stretch(90, 50, 10), stretch(50, 45, 60), stretch(45, 20, 90), stretch(20, None, 50)]
    assert lowest_before(told, NOW - 20 * DAY, 30 * DAY) == 60
    assert lowest_before(told, NOW - 20 * DAY, 5 * DAY) == 90
    assert lowest_before(told, NOW - 90 * DAY, 30 * DAY) is None
