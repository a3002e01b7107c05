"""Who gets pieces in a batch, as properties of every possible batch."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.inventory._rules import Shelf, grant

SHELVES = [Shelf(UUID(int=sku), UUID(int=pool)) for sku in range(3) for pool in range(2)]

shelves = st.sampled_from(SHELVES)
stocks = st.dictionaries(shelves, st.integers(0, 12))
requests = st.lists(
    st.dictionaries(shelves, st.integers(1, 5), min_size=1, max_size=3), max_size=30
)


@given(stocks, requests)
def test_no_shelf_gives_more_than_it_holds(
    left: dict[Shelf, int], wishes: list[dict[Shelf, int]]
) -> None:
    given_out: Counter[Shelf] = Counter()
    for wish, short in zip(wishes, grant(left, wishes), strict=True):
        if short is None:
            given_out.update(wish)

    assert all(pieces <= left.get(shelf, 0) for shelf, pieces in given_out.items())


@given(stocks, requests)
def test_nobody_goes_away_while_what_they_asked_for_lies_there(
    left: dict[Shelf, int], wishes: list[dict[Shelf, int]]
) -> None:
    answers = grant(left, wishes)
    remaining = Counter(left)
    for wish, short in zip(wishes, answers, strict=True):
        if short is None:
            remaining.subtract(wish)

    for wish, short in zip(wishes, answers, strict=True):
        if short is not None:
            assert any(pieces > remaining[shelf] for shelf, pieces in wish.items())
            assert short.wanted == wish[short.shelf] > short.left >= remaining[short.shelf]


@given(stocks, requests)
def test_one_batch_serves_the_same_people_as_one_after_another(
    left: dict[Shelf, int], wishes: list[dict[Shelf, int]]
) -> None:
    remaining = dict(left)
    for wish, together in zip(wishes, grant(left, wishes), strict=True):
        (alone,) = grant(remaining, [wish])
        assert alone == together
        if alone is None:
            for shelf, pieces in wish.items():
                remaining[shelf] -= pieces


def test_pieces_that_a_large_request_cannot_use_go_to_smaller_ones() -> None:
    shelf = SHELVES[0]

    answers = grant({shelf: 3}, [{shelf: 2}, {shelf: 2}, {shelf: 1}])

    assert [answer is None for answer in answers] == [True, False, True]
