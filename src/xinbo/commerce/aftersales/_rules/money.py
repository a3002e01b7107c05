"""The money of a case: whole fen, never more than is left."""

from collections.abc import Sequence

import msgspec


class LineMoney(msgspec.Struct, frozen=True):
    """A line's money: what was paid for it, and what went back so far."""

    position: int
    quantity: int
    payable: int
    returned: int
    """Pieces whose money went back."""
    refunded: int

    @property
    def left(self) -> int:
        """Money that may still go back."""
        return max(0, self.payable - self.refunded)


class Compensation(msgspec.Struct, frozen=True):
    """What a missed promise costs: a share of the amount, within bounds, in minor units."""

    least: int
    per_10_000: int
    most: int


COMPENSATION = Compensation(least=500, per_10_000=500, most=3000)
"""¥5, or 5 % up to ¥30."""


def compensation(amount: int, rule: Compensation = COMPENSATION) -> int:
    """Say what a missed promise on a case about this much money costs."""
    return min(rule.most, max(rule.least, amount * rule.per_10_000 // 10_000))


def share_of(line: LineMoney, pieces: int) -> int:
    """Say what these pieces get back: their share by cumulative floors, at most what is left."""
    before = line.returned
    whole = line.payable * (before + pieces) // line.quantity
    share = whole - line.payable * before // line.quantity
    # The last pieces take what earlier amounts (a scratch, a fallen price) have left.
    return line.left if before + pieces >= line.quantity else min(share, line.left)


def spread(amount: int, lefts: Sequence[int]) -> list[int]:
    """Spread an amount over lines, the first ones first, never past what each has left."""
    parts: list[int] = []
    for left in lefts:
        part = min(left, amount)
        parts.append(part)
        amount -= part
    return parts


class Guard(msgspec.Struct, frozen=True):
    """What price protection has paid for on a line: down to which price of a piece."""

    lowest: int


def price_gap(paid: int, now: int, pieces: int, guard: Guard | None, left: int) -> int:
    """Say what a fallen price gives back: once per lowest price, never past what is left.

    `paid` and `now` are prices of a piece.
    """
    from_price = paid if guard is None else min(paid, guard.lowest)
    return max(0, min((from_price - now) * pieces, left))
