"""The first twenty thousand of the million operations; `million.py` does them all."""

from tests.commerce.pricing.million import run


def test_random_operations_keep_the_books_the_wallets_and_the_orders_in_step() -> None:
    """#7: the total is never negative, refunds never pass what was paid, and nothing is lost."""
    counts = run(20_000, 1)

    assert counts["place"] > 1_000
    assert counts["refund"] > 1_000
    assert counts["came back whole"] > 100
