"""Seats are granted in the order of arrival, whoever asks."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from xinbo.commerce.groups._rules import Answer, Wish, grant, masked

GROUPS = [UUID(int=n) for n in range(3)]
SHOPPERS = [UUID(int=n) for n in range(100, 106)]
wishes = st.lists(st.builds(Wish, st.sampled_from(GROUPS), st.sampled_from(SHOPPERS)), max_size=30)
rooms = st.fixed_dictionaries({group: st.integers(0, 4) for group in GROUPS})


@given(rooms, st.sets(st.builds(Wish, st.sampled_from(GROUPS), st.sampled_from(SHOPPERS))), wishes)
def test_no_group_takes_more_than_it_has_seats_and_nobody_sits_twice(
    left: dict[UUID, int], members: set[Wish], asked: list[Wish]
) -> None:
    answers, taken = grant(left, members, asked)

    seated = [wish for wish, answer in zip(asked, answers, strict=True) if answer is Answer.SEATED]
    assert len(seated) == len(set(seated))
    assert not set(seated) & members
    for group in GROUPS:
        mine = sum(wish.group_id == group for wish in seated)
        assert mine == taken.get(group, 0) <= left[group]


@given(rooms, wishes)
def test_who_is_refused_for_want_of_seats_finds_them_all_taken(
    left: dict[UUID, int], asked: list[Wish]
) -> None:
    answers, taken = grant(left, set(), asked)
    for wish, answer in zip(asked, answers, strict=True):
        if answer is Answer.FULL:
            assert taken.get(wish.group_id, 0) == left[wish.group_id]


def test_strangers_read_one_character_of_a_name() -> None:
    assert masked("李雷") == "李**"
    assert masked("") == "**"
