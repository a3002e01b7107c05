"""The same seed is the same evening; drills come apart; the score has reasons and bounds."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.live.rehearsals._rules import (
    CrowdProfile,
    CueFact,
    Deed,
    DrillFact,
    DrillKind,
    Facts,
    Line,
    acts,
    again,
    disorder,
    drill_points,
    due_minutes,
    judge,
    name_of,
    nameless,
    stay,
    steps_to_do,
    surprises,
)
from xinbo.live.rehearsals._rules.audience import BUYS_A_SECOND, SAYS_A_SECOND

seconds = st.none() | st.floats(0, 3_600)
drills = st.builds(
    DrillFact,
    kind=st.sampled_from(DrillKind),
    reacted=seconds,
    closed=seconds,
    steps=st.integers(0, 12),
    done=st.integers(0, 12),
    out_of_order=st.integers(0, 12),
)
facts = st.builds(
    Facts,
    speed=st.integers(1, 240),
    total_minutes=st.floats(0, 600),
    lasted_minutes=st.floats(0, 900),
    cues=st.lists(
        st.builds(
            CueFact,
            due=st.floats(0, 600),
            started=st.none() | st.floats(0, 900),
            by_autopilot=st.booleans(),
        ),
        max_size=30,
    ),
    asked=st.integers(0, 500),
    answered=st.integers(0, 500),
    drills=st.lists(drills, max_size=20),
)


@given(facts)
def test_a_score_is_of_100_and_its_parts_say_why(of: Facts) -> None:
    total, parts = judge(of)
    assert total is None or 0 <= total <= 100
    assert all(part.points is None or 0 <= part.points <= 100 for part in parts)
    assert all(part.reason for part in parts)
    judged = [part for part in parts if part.points is not None and part.weight]
    assert (total is None) == (not judged)


@given(drills, st.floats(0, 60))
def test_a_quicker_reaction_never_costs(drill: DrillFact, sooner: float) -> None:
    reacted = None if drill.reacted is None else max(0.0, drill.reacted - sooner)
    quicker = DrillFact(
        kind=drill.kind,
        reacted=reacted,
        closed=drill.closed,
        steps=drill.steps,
        done=drill.done,
        out_of_order=drill.out_of_order,
    )
    assert drill_points(quicker) >= drill_points(drill)


def test_a_drill_handled_at_once_in_order_is_worth_all_and_one_ignored_nothing() -> None:
    def of(reacted: float | None, closed: float | None, done: int, wrong: int = 0) -> int:
        return drill_points(DrillFact(DrillKind.STOCK_OUT, reacted, closed, 6, done, wrong))

    assert of(4, 40, 6) == 100
    assert of(None, None, 0) == 0
    assert of(4, 40, 6, wrong=2) < of(4, 40, 6)
    assert of(4, None, 6) == 75
    assert of(50, 40, 6) < 100


def test_what_an_autopilot_did_is_not_the_operators_merit() -> None:
    cues = [CueFact(due=at, started=at, by_autopilot=True) for at in (0, 10, 20)]
    handled = DrillFact(DrillKind.HOST_ABSENT, 100, 400, 4, 0, 0)
    total, parts = judge(Facts(60, 120, 120, cues, 0, 0, [handled]))
    assert {part.name: part.points for part in parts}["cues"] is None
    assert total == 0


def test_cues_started_late_and_an_overrun_cost() -> None:
    on_time = [CueFact(due=at, started=at + 0.5, by_autopilot=False) for at in (0, 10, 20, 30)]
    late = [CueFact(due=at, started=at + 5, by_autopilot=False) for at in (0, 10, 20, 30)]
    best, _ = judge(Facts(1, 40, 40, on_time, 10, 10, []))
    worse, parts = judge(Facts(1, 40, 50, late, 10, 5, []))
    assert best == 100
    assert worse is not None
    assert worse < 50
    assert [(part.name, part.reason) for part in parts][:3] == [
        ("cues", "on_time"),
        ("overrun", "over"),
        ("questions", "answered"),
    ]


@given(st.integers(), st.sampled_from(CrowdProfile), st.integers(0, 3000), st.integers(1, 240))
def test_the_same_seed_is_the_same_minute_and_no_more_than_a_room_takes(
    seed: int, profile: CrowdProfile, size: int, speed: int
) -> None:
    once, twice = (acts(seed, profile, size, speed, 7) for _ in range(2))
    assert once == twice
    assert len({act.key for act in once}) == len(once)
    assert all(7 <= act.minute < 8 and 0 <= act.viewer < size for act in once)
    assert once == sorted(once, key=lambda act: act.minute)
    lasts = 60 / speed
    said = sum(act.deed in {Deed.ASK, Deed.PRAISE, Deed.TALK} for act in once)
    assert said <= SAYS_A_SECOND * lasts + 3
    assert sum(act.deed is Deed.BUY for act in once) <= BUYS_A_SECOND * lasts + 1


@given(st.integers(), st.integers(0, 3000), st.floats(1, 600))
def test_all_come_early_and_none_leaves_before_coming(
    seed: int, viewer: int, minutes: float
) -> None:
    comes, goes = stay(seed, viewer, minutes)
    assert 0 <= comes <= minutes * 0.2
    assert goes >= minutes * 0.7


lines = st.lists(
    st.builds(
        Line,
        at=st.floats(0, 1),
        who=st.sampled_from(["小雨", "阿澈", "v1", "v2"]),
        deed=st.sampled_from([Deed.ASK, Deed.TALK, Deed.BUY]),
        text=st.text(max_size=30),
    ),
    max_size=200,
)


@given(lines, st.integers(1, 240), st.integers(1, 50), st.integers(1, 240))
def test_a_past_evening_keeps_its_order_and_its_bounds(
    past: list[Line], minutes: int, size: int, speed: int
) -> None:
    played = again(past, minutes, size, speed)
    assert played == again(past, minutes, size, speed)
    assert [act.minute for act in played] == sorted(act.minute for act in played)
    assert all(0 <= act.minute <= minutes and act.viewer < size for act in played)
    assert len(played) <= max(1, SAYS_A_SECOND * 60 / speed * minutes + 1)


def test_nobodys_name_or_number_comes_again() -> None:
    said = "@小雨 我的电话 138 0000 1111，阿澈也要，下单 98765432100"
    told = nameless(said, {"小雨", "阿澈"})
    assert not any(part in told for part in ("小雨", "阿澈", "138", "9876"))
    assert "也要" in told


def test_four_hundred_viewers_have_names_of_their_own() -> None:
    assert len({name_of(number) for number in range(3000)}) == 3000


@pytest.mark.parametrize(
    ("cues", "due"),
    [
        ([(None, 5), (None, 10), (None, 15)], [0, 5, 15]),
        ([(0, 5), (None, 10), (30, 15), (None, 5)], [0, 5, 30, 45]),
        ([], []),
    ],
)
def test_a_cue_without_a_time_follows_the_one_before(
    cues: list[tuple[int | None, int]], due: list[int]
) -> None:
    assert due_minutes(cues) == due


@given(
    st.lists(st.none() | st.integers(0, 1440), max_size=20),
    st.integers(1, 1440),
    st.integers(0, 2**31),
)
def test_a_surprise_comes_inside_the_show_and_a_planned_one_at_its_minute(
    wanted: list[int | None], minutes: int, seed: int
) -> None:
    chosen = surprises(wanted, minutes, seed)
    assert len(chosen) == len(wanted)
    assert all(0 <= minute < minutes for minute in chosen)
    for asked, minute in zip(wanted, chosen, strict=True):
        assert asked is None or minute == min(asked, minutes - 1)


def test_five_surprises_come_apart() -> None:
    chosen = sorted(surprises([None] * 5, 120, 3))
    assert all(later - before >= 4 for before, later in pairwise(chosen))


def test_steps_out_of_order_are_counted_and_skipped_ones_forgiven_by_half() -> None:
    assert disorder([1.0, 2.0, None, 3.0]) == 0
    assert disorder([4.0, 2.0, None, 3.0]) == 2
    assert steps_to_do(6, 2) == 4
    assert steps_to_do(6, 6) == 3
