"""Compare a provider's day with ours, and find every difference. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from xinbo.commerce.payments._rules.statements import EntryKind, Line

NEAR = 1
"""How far a fee may be off for rounding, in minor units."""


class Finding(StrEnum):
    """How a line of theirs and an entry of ours compare."""

    MATCHED = "matched"
    MISSING_HERE = "missing_here"
    """They tell of money that we know nothing of."""
    MISSING_THERE = "missing_there"
    """We count money that they do not tell of."""
    AMOUNT = "amount_differs"
    """Another amount, or another currency."""
    STATUS = "status_differs"
    """It moved there and not here, or the other way round."""
    DUPLICATE = "duplicate"
    """They tell of the same thing more than once."""
    FEE = "fee_differs"


class Ours(Struct, frozen=True, kw_only=True):
    """A payment or refund as we know it. Amounts are in minor units."""

    kind: EntryKind
    id: str
    amount: int
    currency: str
    done: bool
    """Whether we count it as moved."""


class Row(Struct, frozen=True, kw_only=True):
    """One line of a report."""

    finding: Finding
    kind: EntryKind
    our_id: str
    ref: str
    row: int | None
    """Where it stands in their file; None if it does not."""
    ours: int | None
    """Our amount; None if we know nothing of it."""
    theirs: int | None
    """Their amount; None if they do not tell of it."""
    fee: int | None
    expected_fee: int | None
    """What the fee should be, where it is not."""


def reconcile(
    ours: Sequence[Ours],
    theirs: Sequence[Line],
    *,
    told: Collection[tuple[EntryKind, str]] = (),
    fee_rate: int | None = None,
) -> list[Row]:
    """Return one row for each line of theirs, then one for all of ours that they left out.

    `ours` are those of the day and all that the file names; of the former, those that files of
    other days have `told` of are not missed. `fee_rate` is per 10,000 of a payment.
    """
    known = {(each.kind, each.id): each for each in ours}
    seen: Counter[tuple[EntryKind, str]] = Counter()
    rows: list[Row] = []
    for line in theirs:
        key = line.kind, line.our_id
        seen[key] += 1
        rows.append(_compared(line, known, again=seen[key] > 1, fee_rate=fee_rate))
    missing = [
        each for key, each in known.items() if each.done and key not in seen and key not in told
    ]
    rows += [
        Row(
            finding=Finding.MISSING_THERE,
            kind=each.kind,
            our_id=each.id,
            ref="",
            row=None,
            ours=each.amount,
            theirs=None,
            fee=None,
            expected_fee=None,
        )
        for each in missing
    ]
    return rows


def _compared(
    line: Line,
    known: Mapping[tuple[EntryKind, str], Ours],
    *,
    again: bool,
    fee_rate: int | None,
) -> Row:
    mine = known.get((line.kind, line.our_id))
    finding, expected = Finding.MATCHED, None
    if mine is None:
        finding = Finding.MISSING_HERE
    elif again:
        finding = Finding.DUPLICATE
    elif (mine.amount, mine.currency) != (line.amount, line.currency):
        finding = Finding.AMOUNT
    elif mine.done != line.done:
        finding = Finding.STATUS
    elif line.kind is EntryKind.PAYMENT:
        expected = fee_of(line, fee_rate)
        if abs(line.fee - expected) > NEAR:
            finding = Finding.FEE
    return Row(
        finding=finding,
        kind=line.kind,
        our_id=line.our_id,
        ref=line.ref,
        row=line.row,
        ours=None if mine is None else mine.amount,
        theirs=line.amount,
        fee=line.fee,
        expected_fee=expected if finding is Finding.FEE else None,
    )


def fee_of(line: Line, fee_rate: int | None) -> int:
    """Return what a payment should cost. Without a rate any share of it will do."""
    if fee_rate is None:
        return min(max(line.fee, 0), line.amount)
    return round(line.amount * fee_rate / 10_000)
