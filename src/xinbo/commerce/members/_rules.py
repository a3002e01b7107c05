"""Levels and points as pure functions."""

from collections.abc import Sequence

FEN_PER_YUAN = 100
DEFAULT_FLOORS = (0, 1_000, 5_000, 20_000)
"""Points earned in a lifetime from which a merchant's levels begin, until it says otherwise."""


def level_of(earned: int, floors: Sequence[int]) -> int:
    """Return the level of a member who earned so many points: 1 is the first."""
    return max(1, sum(1 for floor in floors if earned >= floor))


def earned_by(amount: int, per_yuan: int) -> int:
    """Return the points that an amount in minor units earns; a part of a yuan earns none."""
    return max(0, amount) // FEN_PER_YUAN * per_yuan


def settle(points: int, owed: int) -> tuple[int, int]:
    """Split points that come in: what reaches the balance, and what pays for points owed."""
    paid = min(points, owed)
    return points - paid, paid


def take(points: int, balance: int) -> tuple[int, int]:
    """Split points that are taken back: what the balance can give, and what stays owed."""
    taken = min(points, balance)
    return taken, points - taken
