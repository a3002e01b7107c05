"""A report finds every difference between two books, and nothing else."""

from collections import Counter
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.payments._rules.reconcile import Finding, Ours, reconcile
from xinbo.commerce.payments._rules.statements import EntryKind, Line

RATE = 60
PLANTS = [each for each in Finding if each is not Finding.MATCHED]


def pair(n: int, kind: EntryKind, amount: int) -> tuple[Ours, Line]:
    """Make an entry of ours and the line of theirs that agrees with it."""
    ours = Ours(kind=kind, id=f"{n:032x}", amount=amount, currency="CNY", done=True)
    fee = round(amount * RATE / 10_000) if kind is EntryKind.PAYMENT else 0
    line = Line(
        row=n + 2,
        kind=kind,
        our_id=ours.id,
        ref=f"ref-{n}",
        amount=amount,
        fee=fee,
        currency="CNY",
        done=True,
    )
    return ours, line


def planted(ours: Ours, line: Line, what: Finding, by: int) -> tuple[list[Ours], list[Line]]:
    """Make one difference between the two."""
    changed: dict[Finding, tuple[list[Ours], list[Line]]] = {
        Finding.MISSING_HERE: ([], [line]),
        Finding.MISSING_THERE: ([ours], []),
        Finding.AMOUNT: ([ours], [msgspec.structs.replace(line, amount=line.amount + by)]),
        Finding.STATUS: ([ours], [msgspec.structs.replace(line, done=False)]),
        Finding.DUPLICATE: ([ours], [line, line]),
        Finding.FEE: ([ours], [msgspec.structs.replace(line, fee=line.fee + 1 + by)]),
        Finding.MATCHED: ([ours], [line]),
    }
    return changed[what]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(EntryKind)),
            st.integers(1, 10**9),
            st.sampled_from([Finding.MATCHED, *PLANTS]),
            st.integers(1, 1_000),
        ),
        max_size=40,
    ),
    st.randoms(use_true_random=False),
)
def test_planted_differences_are_found_exactly(
    plan: list[tuple[EntryKind, int, Finding, int]], chance: Any
) -> None:
    ours: list[Ours] = []
    theirs: list[Line] = []
    wanted: Counter[tuple[Finding, str]] = Counter()
    for n, (kind, amount, what, by) in enumerate(plan):
        found = Finding.MATCHED if what is Finding.FEE and kind is EntryKind.REFUND else what
        mine, line = pair(n, kind, amount)
        here, there = planted(mine, line, found, by)
        ours += here
        theirs += there
        wanted[found, mine.id] += 1
        if found is Finding.DUPLICATE:
            wanted[Finding.MATCHED, mine.id] += 1
    chance.shuffle(ours)
    chance.shuffle(theirs)

    rows = reconcile(ours, theirs, fee_rate=RATE)

    assert Counter((row.finding, row.our_id) for row in rows) == wanted


@given(st.integers(1, 10**9), st.sampled_from(list(EntryKind)))
def test_what_another_days_file_told_of_is_not_missed(amount: int, kind: EntryKind) -> None:
    ours, _ = pair(0, kind, amount)
    assert reconcile([ours], [], told={(kind, ours.id)}) == []


def test_money_that_moved_there_and_not_here_is_found() -> None:
    ours, line = pair(0, EntryKind.REFUND, 500)
    waiting = msgspec.structs.replace(ours, done=False)

    assert [row.finding for row in reconcile([waiting], [line])] == [Finding.STATUS]
    assert reconcile([waiting], []) == []


def test_another_currency_is_another_amount() -> None:
    ours, line = pair(0, EntryKind.PAYMENT, 500)
    (row,) = reconcile([ours], [msgspec.structs.replace(line, currency="USD")])
    assert row.finding is Finding.AMOUNT


def test_without_a_known_rate_a_fee_may_be_any_share_of_a_payment() -> None:
    ours, line = pair(0, EntryKind.PAYMENT, 500)
    for fee, finding in ((0, Finding.MATCHED), (500, Finding.MATCHED), (502, Finding.FEE)):
        (row,) = reconcile([ours], [msgspec.structs.replace(line, fee=fee)])
        assert row.finding is finding
    (row,) = reconcile([ours], [msgspec.structs.replace(line, fee=-2)])
    assert row.finding is Finding.FEE
