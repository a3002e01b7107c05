"""Levels and points as properties of every amount."""

from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.members._rules import earned_by, level_of, settle, take

points = st.integers(0, 10**9)


@given(points, points)
def test_what_comes_in_pays_what_is_owed_first_and_none_is_lost(came: int, owed: int) -> None:
    reached, paid = settle(came, owed)
    assert reached + paid == came
    assert 0 <= paid <= owed
    assert reached == 0 or paid == owed


@given(points, points)
def test_no_more_is_taken_than_there_is(wanted: int, balance: int) -> None:
    taken, owed = take(wanted, balance)
    assert taken + owed == wanted
    assert 0 <= taken <= balance


@given(points, points)
def test_who_earned_more_is_never_on_a_lower_level(one: int, other: int) -> None:
    floors = (0, 1_000, 5_000)
    low, high = sorted((one, other))
    assert 1 <= level_of(low, floors) <= level_of(high, floors) <= 3


def test_a_part_of_a_yuan_earns_nothing() -> None:
    assert [earned_by(amount, 2) for amount in (0, 99, 100, 9_999)] == [0, 0, 2, 198]
