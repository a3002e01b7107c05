"""The clock of a conversation: it starts with the first word and only an answer stops it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from xinbo.kit.ids import new_id
from xinbo.live.conversations._rules import (
    FIRST_REPLY,
    NEXT_REPLY,
    REOPEN_WITHIN,
    ConversationState,
    Standing,
    answered,
    asked,
    begin,
    closed,
    due,
    may_reopen,
    put_back,
    taken,
)

START = datetime(2026, 11, 11, 12, tzinfo=UTC)
AGENT = UUID(int=7)
STEPS = st.lists(st.sampled_from(["ask", "take", "answer", "return", "close"]), max_size=20)


def played(steps: list[str]) -> list[tuple[str, Standing, datetime]]:
    """Play steps a second apart."""
    standing = begin(START)
    found = [("begin", standing, START)]
    for n, step in enumerate(steps, 1):
        now = START + timedelta(seconds=n)
        if standing.state is ConversationState.CLOSED and step != "ask":
            continue  # the room refuses it
        match step:
            case "ask":
                standing = asked(standing, now)
            case "take":
                standing = taken(standing, AGENT)
            case "answer":
                standing = answered(standing, AGENT, now)
            case "return":
                standing = put_back(standing, now)
            case _:
                standing = closed(standing)
        found.append((step, standing, now))
    return found


@given(STEPS)
def test_asking_again_never_sets_the_clock_back(steps: list[str]) -> None:
    before = begin(START)
    for step, after, _ in played(steps):
        if step == "ask" and before.waiting_since is not None:
            assert after.waiting_since == before.waiting_since
        before = after


@given(STEPS)
def test_only_an_answer_or_the_end_stops_the_clock(steps: list[str]) -> None:
    before = begin(START)
    for step, after, _ in played(steps):
        if before.waiting_since is not None and after.waiting_since is None:
            assert step in {"answer", "close"}
        before = after


@given(STEPS)
def test_what_is_taken_has_an_agent_and_what_waits_has_none(steps: list[str]) -> None:
    for _, standing, _ in played(steps):
        if standing.state is ConversationState.TAKEN:
            assert standing.agent_id is not None
        if standing.state is ConversationState.WAITING:
            assert standing.agent_id is None
            assert standing.waiting_since is not None


@given(STEPS)
def test_the_first_answer_is_on_record_for_good(steps: list[str]) -> None:
    first: datetime | None = None
    for step, standing, now in played(steps):
        if step == "answer" and first is None:
            first = now
        assert standing.replied_at == first


def test_a_first_word_is_due_in_a_minute_and_a_later_one_in_three() -> None:
    standing = begin(START)
    assert due(standing) == START + FIRST_REPLY
    standing = answered(taken(standing, new_id()), AGENT, START)
    assert due(standing) is None
    assert due(asked(standing, START)) == START + NEXT_REPLY


def test_a_closed_one_opens_again_within_a_week() -> None:
    assert may_reopen(START, START + REOPEN_WITHIN)
    assert not may_reopen(START, START + REOPEN_WITHIN + timedelta(seconds=1))
    assert not may_reopen(None, START)
