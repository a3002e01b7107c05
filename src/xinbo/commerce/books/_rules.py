"""Double entry as a pure rule: in each unit, what is debited is credited."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct

from xinbo.kit.errors import Invalid
from xinbo.kit.ids import NIL


class Unbalanced(Invalid):
    """Raised when legs do not sum to zero in some unit (`units`: what is over, by unit)."""


class Leg(Struct, frozen=True, kw_only=True):
    """One side of a posting: so much of a unit, on an account, debit above zero, credit below."""

    account: str
    """What for: `advances`, `clearing:alipay`, …"""
    owner_id: UUID = NIL
    """Whose: an order's, a shopper's; NIL where the account is the merchant's as a whole."""
    unit: str = "CNY"
    """A currency in its minor units, `points` or `coupons`."""
    amount: int


def check(legs: Iterable[Leg]) -> list[Leg]:
    """Return the legs that say something, or raise `Unbalanced`."""
    kept = [leg for leg in legs if leg.amount]
    sums: Counter[str] = Counter()
    for leg in kept:
        sums[leg.unit] += leg.amount
    over = {unit: amount for unit, amount in sums.items() if amount}
    if over:
        raise Unbalanced(units=over)
    return kept
