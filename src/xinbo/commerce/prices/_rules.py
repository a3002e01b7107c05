"""What applied when, and since when a price is reduced: pure, to be tried on every log.

- CN: 明码标价和禁止价格欺诈规定 (SAMR Order 56 of 2022), art. 16-20: a compared price needs
  a basis; where none is defined, it is at most the lowest deal of the seven days before the
  promotion in the same venue, and where those saw none, the last deal before it. No raising
  before cutting.
- EU: Directive 98/6/EC, art. 6a, as amended by (EU) 2019/2161: the prior price is the lowest that
  applied in the thirty days before the reduction; where the reduction grows progressively, before
  its first step.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

CONDITIONAL = ("member_price", "group_buy", "bargain", "presale")
"""Kinds of offer that ask something of the buyer: not a price that everybody could have."""

EU_DAYS = timedelta(days=30)
CN_DAYS = timedelta(days=7)
LONGEST = timedelta(days=90)
"""A price reduced for longer than this is the price: nothing is struck through for it."""


class Interval(NamedTuple):
    """A price that one source showed from `from_at` until before `until_at`."""

    from_at: datetime
    until_at: datetime | None
    price: int
    listed: bool
    """It is the list price: what the others are reductions of."""
    kind: str


class Stretch(NamedTuple):
    """The lowest price of all that applied, while nothing changed."""

    from_at: datetime
    until_at: datetime | None
    price: int
    list_price: int | None
    kind: str

    @property
    def reduced(self) -> bool:
        """Say whether somebody sold below the list price."""
        return self.list_price is None or self.price < self.list_price


def stretches(intervals: Iterable[Interval], since: datetime, now: datetime) -> list[Stretch]:
    """Lay intervals over one another: what applied from `since` to `now`, oldest first.

    Stretches in which nothing applied are left out. The last one has no end while it still applies.
    """
    told = [each for each in intervals if each.from_at <= now and each.until_at != each.from_at]
    told = [each for each in told if each.until_at is None or each.until_at > since]
    edges = {max(each.from_at, since) for each in told}
    edges |= {each.until_at for each in told if each.until_at and each.until_at <= now}
    told.sort(key=lambda each: each.from_at, reverse=True)
    active: list[Interval] = []
    found: list[Stretch] = []
    for edge in sorted(edges):
        active = [each for each in active if each.until_at is None or each.until_at > edge]
        while told and told[-1].from_at <= edge:
            active.append(told.pop())
        _go_on(found, active, edge)
    return found


def _go_on(found: list[Stretch], active: Sequence[Interval], edge: datetime) -> None:
    """End the last stretch at `edge` and begin the next, unless they are alike."""
    last = found[-1] if found else None
    open_end = last is not None and last.until_at is None
    if not active:
        if last and open_end:
            found[-1] = last._replace(until_at=edge)
        return
    lowest = min(active, key=lambda each: (each.price, not each.listed, each.kind))
    listed = min((each.price for each in active if each.listed), default=None)
    now = Stretch(edge, None, lowest.price, listed, lowest.kind)
    if last and open_end:
        if last[2:] == now[2:]:
            return
        found[-1] = last._replace(until_at=edge)
    found.append(now)


def reduced_since(told: Sequence[Stretch]) -> datetime | None:
    """Say when the present reduction began, or None where the price is not reduced now.

    It goes back over every stretch that follows on without a gap and was not cheaper than the one
    after it: a price cut again, or a second promotion right after the first, is one reduction.
    """
    began: Stretch | None = None
    for stretch in reversed(told):
        if not stretch.reduced:
            break
        if began is None:
            if stretch.until_at is not None:
                return None
        elif stretch.until_at != began.from_at or stretch.price < began.price:
            break
        began = stretch
    return began.from_at if began else None


def lowest_before(told: Iterable[Stretch], began: datetime, span: timedelta) -> int | None:
    """Return the lowest price that applied in the `span` before `began`; None if none did."""
    return min(
        (
            each.price
            for each in told
            if each.from_at < began and (each.until_at is None or each.until_at > began - span)
        ),
        default=None,
    )
