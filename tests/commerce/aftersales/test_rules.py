"""The machine never gets stuck, the money never exceeds what was paid: pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.aftersales._rules import (
    COMPENSATION,
    DEADLINES,
    MOVES,
    OPEN,
    OVER,
    Bought,
    CaseKind,
    CaseState,
    Effect,
    Guard,
    IllegalStep,
    LineMoney,
    Outcome,
    Reason,
    Side,
    Stage,
    Step,
    WhyNot,
    begin,
    compensation,
    extend,
    last_moment,
    possible,
    price_gap,
    reasons,
    run_out,
    share_of,
    spread,
    take,
    why_not,
)

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
ASKED_FOR = st.sampled_from([kind for kind in CaseKind if kind is not CaseKind.PRICE_PROTECTION])


def test_every_open_state_has_a_deadline_or_an_arbiter() -> None:
    for state in OPEN:
        steps = [step for (where, step), _ in MOVES.items() if where is state]
        if state is CaseState.IN_DISPUTE:
            assert all(MOVES[state, step] == {Side.ARBITER} for step in steps)
        else:
            deadline = DEADLINES[state]
            assert Side.TIME in MOVES[state, deadline.then]
            assert any(deadline.owed_by in MOVES[state, step] for step in steps)


def test_what_is_over_stays_over() -> None:
    assert not [pair for pair in MOVES if pair[0] in OVER]


def test_the_merchant_cannot_end_a_case_against_the_shopper() -> None:
    for kind in CaseKind:
        for (state, step), sides in MOVES.items():
            if Side.MERCHANT in sides:
                standing = begin(CaseKind.EXCHANGE, NOW)
                standing = type(standing)(kind, state, NOW)
                to = take(standing, step, Side.MERCHANT, NOW).standing.state
                assert to is not CaseState.CLOSED


@given(ASKED_FOR, st.data())
def test_every_walk_ends_and_pays_at_most_once(kind: CaseKind, data: st.DataObject) -> None:
    outcome = Outcome(begin(kind, NOW))
    refunds = holds = gone = 0
    for turn in range(60):
        standing = outcome.standing
        if standing.state in OVER:
            break
        now = NOW + timedelta(hours=turn)
        moves = [
            (step, side)
            for (state, step), sides in MOVES.items()
            if state is standing.state
            for side in sorted(sides)
        ]
        assert moves, standing
        assert standing.due_at is not None or standing.state is CaseState.IN_DISPUTE
        step, side = data.draw(st.sampled_from(moves))
        agreed = data.draw(ASKED_FOR) if step is Step.ACCEPT else None
        outcome = take(standing, step, side, now, agreed)
        refunds += outcome.effects.count(Effect.REFUND)
        holds += outcome.effects.count(Effect.HOLD)
        gone += outcome.effects.count(Effect.LET_GO) + outcome.effects.count(Effect.SHIP)
        assert outcome.standing.holding is (holds > gone)
        assert Effect.REFUND not in outcome.effects or outcome.standing.state is CaseState.COMPLETED
    assert refunds <= 1
    if outcome.standing.state in OVER:
        assert not outcome.standing.holding
        assert holds == gone


@given(ASKED_FOR, st.data())
def test_time_alone_brings_every_case_to_its_end(kind: CaseKind, data: st.DataObject) -> None:
    standing = begin(kind, NOW)
    for _ in range(data.draw(st.integers(0, 8))):
        moves = [
            (step, side)
            for (state, step), sides in MOVES.items()
            if state is standing.state and step is not Step.ESCALATE
            for side in sorted(sides)
        ]
        if not moves:
            break
        standing = take(standing, *data.draw(st.sampled_from(moves)), NOW).standing
    for _ in range(8):
        if standing.due_at is None:
            break
        step = run_out(standing, standing.due_at)
        assert step is not None
        standing = take(standing, step, Side.TIME, standing.due_at).standing
    assert standing.state in OVER


def test_a_deadline_acts_at_its_moment_and_not_before() -> None:
    standing = begin(CaseKind.REFUND_ONLY, NOW)
    assert run_out(standing, NOW + timedelta(hours=48, seconds=-1)) is None
    assert run_out(standing, NOW + timedelta(hours=48)) is Step.APPROVE


def test_more_time_is_given_once() -> None:
    later = extend(begin(CaseKind.REPAIR, NOW))
    assert later.due_at == NOW + timedelta(hours=48, days=3)
    with pytest.raises(IllegalStep):
        extend(later)


def test_each_side_is_shown_what_it_may_do() -> None:
    standing = begin(CaseKind.RETURN_REFUND, NOW)
    assert possible(standing, Side.SHOPPER) == [Step.WITHDRAW, Step.ESCALATE]
    assert possible(standing, Side.MERCHANT) == [Step.APPROVE, Step.REFUSE, Step.PROPOSE]
    assert possible(standing, Side.TIME) == []


@given(
    st.integers(0, 10**7),
    st.integers(1, 50),
    st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10**6)), max_size=12),
)
def test_parts_of_a_line_never_exceed_what_was_paid(
    payable: int, quantity: int, asked: list[tuple[int, int]]
) -> None:
    """Pieces by their share, and amounts for scratches in between."""
    returned = refunded = 0
    for pieces, scratch in asked:
        line = LineMoney(0, quantity, payable, returned, refunded)
        back = min(pieces, quantity - returned)
        refunded += share_of(line, back) if back else min(scratch, line.left)
        returned += back
        assert 0 <= refunded <= payable
    line = LineMoney(0, quantity, payable, returned, refunded)
    if quantity > returned:
        assert refunded + share_of(line, quantity - returned) == payable


@given(st.integers(0, 10**8), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_an_amount_is_spread_over_what_is_left(amount: int, lefts: list[int]) -> None:
    parts = spread(amount, lefts)
    assert all(0 <= part <= left for part, left in zip(parts, lefts, strict=True))
    assert sum(parts) == min(amount, sum(lefts))


@given(st.integers(0, 10**8))
def test_a_missed_promise_costs_five_percent_within_bounds(amount: int) -> None:
    assert COMPENSATION.least <= compensation(amount) <= COMPENSATION.most
    assert compensation(20_000) == 1_000


@given(st.integers(1, 10**6), st.lists(st.integers(1, 10**6), max_size=10), st.integers(1, 9))
def test_a_fallen_price_is_paid_once_for_each_lowest(
    paid: int, prices: list[int], pieces: int
) -> None:
    total, guard = 0, None
    for now in prices:
        gap = price_gap(paid, now, pieces, guard, paid * pieces - total)
        total += gap
        guard = Guard(lowest=now) if gap else guard
    assert total == max(0, paid - min(prices, default=paid)) * pieces


def had(**changes: object) -> Bought:
    facts: dict[str, object] = {
        "stage": Stage.RECEIVED,
        "return_rule": "seven_days",
        "gift": False,
        "left": 1,
        "received_at": NOW,
    }
    return Bought(**(facts | changes))  # pyright: ignore[reportArgumentType] # facts by name


def test_seven_days_begin_the_day_after_receipt_in_china() -> None:
    """Art. 25: received at 20:00 on the 11th in China, returned until the 18th is over."""
    end = last_moment(NOW, 7)
    assert end == datetime(2026, 11, 18, 16, tzinfo=UTC)
    ask = (CaseKind.RETURN_REFUND, Reason.CHANGED_MIND, had())
    assert why_not(*ask, end - timedelta(seconds=1)) is None
    assert why_not(*ask, end) is WhyNot.TOO_LATE


def test_quality_has_fifteen_days_whatever_the_category_says() -> None:
    for rule in ("seven_days", "no_returns", "unless_opened"):
        found = reasons(CaseKind.RETURN_REFUND, had(return_rule=rule), NOW + timedelta(days=10))
        assert Reason.QUALITY in found
        assert Reason.CHANGED_MIND not in found
    late = NOW + timedelta(days=17)
    assert reasons(CaseKind.RETURN_REFUND, had(), late) == []


def test_some_categories_are_not_taken_back_without_a_reason() -> None:
    no = had(return_rule="no_returns")
    assert why_not(CaseKind.RETURN_REFUND, Reason.CHANGED_MIND, no, NOW) is WhyNot.NO_RETURNS
    assert why_not(CaseKind.RETURN_REFUND, Reason.DAMAGED, no, NOW) is None


@given(ASKED_FOR, st.sampled_from(Reason), st.sampled_from(Stage), st.integers(0, 3))
def test_reasons_are_exactly_what_may_be_asked_for(
    kind: CaseKind, reason: Reason, stage: Stage, left: int
) -> None:
    received = NOW if stage is Stage.RECEIVED else None
    facts = had(stage=stage, left=left, received_at=received)
    assert (reason in reasons(kind, facts, NOW)) is (why_not(kind, reason, facts, NOW) is None)
