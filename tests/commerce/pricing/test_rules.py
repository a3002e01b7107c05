"""Whole fen: what is split sums to what there was, and comes back whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.pricing import refund_share, share

MONEY = st.integers(0, 10**12)


def test_a_split_goes_by_largest_remainder_and_ties_go_to_the_first() -> None:
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(10, [5, 3, 2]) == [5, 3, 2]
    assert share(1, [3, 4, 3]) == [0, 1, 0]
    assert share(0, [7, 7]) == [0, 0]
    assert share(7, [0, 0]) == [7, 0]


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, []), (1, [2, -1])])
def test_nonsense_is_not_split(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="1"):
        share(total, weights)


@given(st.lists(MONEY, min_size=1, max_size=30), st.data())
def test_the_parts_sum_to_the_whole_and_none_is_above_its_weight(
    weights: list[int], data: st.DataObject
) -> None:
    total = data.draw(st.integers(0, sum(weights)))
    parts = share(total, weights)

    assert sum(parts) == total
    if sum(weights):
        exact = [total * weight / sum(weights) for weight in weights]
        near = pytest.approx(exact, abs=1, rel=1e-9)
        assert parts == near
        assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@given(MONEY, st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_partial_refunds_in_any_number_of_parts_give_back_exactly_all(
    amount: int, parts: list[int]
) -> None:
    quantity, before, back = sum(parts), 0, 0
    for pieces in parts:
        got = refund_share(amount, quantity, before, pieces)
        assert got >= 0
        before += pieces
        back += got
        assert back == amount * before // quantity
    assert back == amount


@pytest.mark.parametrize("asked", [(100, 0, 0, 0), (100, 3, 2, 2), (100, 3, -1, 1), (-1, 3, 0, 1)])
def test_more_than_there_is_does_not_come_back(asked: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=str(asked[0])):
        refund_share(*asked)
