"""The complaint's machine: always somebody or some time that moves it on, never the merchant."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.complaints._rules import (
    MOVES,
    OVER,
    TIMERS,
    Act,
    ComplaintState,
    IllegalAct,
    Party,
    Stand,
    act,
    begin,
    possible,
    run_out,
)

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)


def test_nobody_of_the_merchant_ends_a_complaint() -> None:
    for parties, to in MOVES.values():
        assert to not in OVER or Party.MERCHANT not in parties


def test_every_open_state_has_a_timer_and_somebody_who_can_act() -> None:
    for state in set(ComplaintState) - OVER:
        timer = TIMERS[state]
        assert Party.TIME in MOVES[state, timer.then][0]
        assert [what for what in possible(state, timer.owed_by) if what is not Act.SAY]


def test_what_is_decided_stays_decided() -> None:
    assert not [pair for pair in MOVES if pair[0] in OVER]
    with pytest.raises(IllegalAct):
        act(Stand(ComplaintState.COMPLETE, None), Act.SAY, Party.SHOPPER, NOW)


@given(st.data())
def test_time_alone_brings_every_walk_to_a_decision(data: st.DataObject) -> None:
    stand = begin(NOW)
    for _ in range(data.draw(st.integers(0, 12))):
        moves = [
            (what, party)
            for (state, what), (parties, _) in MOVES.items()
            if state is stand.state
            for party in sorted(parties)
        ]
        if not moves:
            break
        before, (what, party) = stand, data.draw(st.sampled_from(moves))
        stand = act(stand, what, party, NOW)
        assert what is not Act.SAY or stand == before, "words alone do not move a deadline"
    for _ in range(5):
        if stand.due_at is None:
            break
        what = run_out(stand, stand.due_at)
        assert what is not None
        stand = act(stand, what, Party.TIME, stand.due_at)
    assert stand.state in OVER
