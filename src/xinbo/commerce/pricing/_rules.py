"""The arithmetic of whole fen: splitting an amount, and giving it back in parts."""

from collections.abc import Sequence


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` in proportion to `weights`, to the fen, by largest remainder.

    Ties go to the earlier weight, so whoever calls sorts by SKU id first. The parts sum to `total`
    exactly, and none is above its weight while `total` is not above their sum. With no weight at
    all, all goes to the first. Raises `ValueError` for a negative number or nothing to split over.
    """
    if total < 0 or not weights or min(weights) < 0:
        raise ValueError(total, weights)
    whole = sum(weights)
    if not whole:
        return [total, *[0] * (len(weights) - 1)]
    parts = [total * weight // whole for weight in weights]
    if missing := total - sum(parts):
        order = sorted(range(len(parts)), key=lambda n: (-(total * weights[n] % whole), n))
        for n in order[:missing]:
            parts[n] += 1
    return parts


def refund_share(amount: int, quantity: int, before: int, pieces: int) -> int:
    """Say what `pieces` of a line's `quantity` get back, when `before` have been given back.

    Cumulative floors: whatever the sequence of partial refunds, its parts sum to the floor of what
    has come back so far, and to `amount` exactly once all has. It fits money and points alike.
    Raises `ValueError` where more would come back than there is.
    """
    if quantity < 1 or min(amount, before, pieces) < 0 or before + pieces > quantity:
        raise ValueError(amount, quantity, before, pieces)
    return amount * (before + pieces) // quantity - amount * before // quantity
