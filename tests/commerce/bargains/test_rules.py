"""The split of a bargain, as properties of every bargain."""

import hashlib
import json
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.bargains._rules import commitment, price_after, split

seeds = st.text(min_size=1, max_size=32)
helpers = st.integers(1, 100)


@given(seeds, st.integers(0, 10**9), helpers)
def test_the_last_helper_reaches_the_floor_exactly(seed: str, total: int, people: int) -> None:
    cuts = split(seed, total, people)

    assert len(cuts) == people
    assert sum(cuts) == total
    prices = [price_after(total + 7, cuts, n) for n in range(people + 1)]
    assert prices[0] == total + 7
    assert prices[-1] == 7
    assert prices == sorted(prices, reverse=True)


@given(seeds, st.integers(100, 10**9), helpers)
def test_every_help_is_worth_something(seed: str, total: int, people: int) -> None:
    assert min(split(seed, total, people)) >= 1


@given(seeds, st.integers(100_000, 10**9), helpers)
def test_nobody_cuts_more_than_twice_as_much_as_another(seed: str, total: int, people: int) -> None:
    cuts = split(seed, total, people)
    assert max(cuts) <= 2 * min(cuts) + 2


@given(seeds, st.integers(100, 10**6), helpers)
def test_the_same_seed_draws_the_same_cuts(seed: str, total: int, people: int) -> None:
    assert split(seed, total, people) == split(seed, total, people)


def test_anybody_can_compute_the_hash_that_was_shown() -> None:
    bargain_id = UUID(int=7)
    told = {"seed": "s", "bargainId": str(bargain_id), "cuts": [3, 2]}

    written = json.dumps(told, separators=(",", ":"))

    assert commitment("s", bargain_id, [3, 2]) == hashlib.sha256(written.encode()).hexdigest()
