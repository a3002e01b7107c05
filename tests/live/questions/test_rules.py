"""What is the same question, what it is about, and where it stands in the queue."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.live.questions._rules.goods import about
from xinbo.live.questions._rules.life import FROM, PATIENCE, Act, discreet, rank, second
from xinbo.live.questions._rules.shapes import alike, closest, shape
from xinbo.live.questions._rules.topics import QuestionTopic, topic

PAIRS = [
    line.split("\t")
    for line in (Path(__file__).parent / "pairs.tsv").read_text("utf-8").splitlines()
]
FOUND, RIGHT = 0.85, 0.9
"""Floors on our own pairs: the share of same ones put together, and of those put together that
are the same. Put together what differs is worse: someone gets an answer to another question."""

WRITING = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
MOMENT = datetime(2026, 11, 11, 12, tzinfo=UTC)


def together(one: str, other: str) -> bool:
    subject = topic(one)
    return topic(other) is subject and closest(shape(other), subject, [[shape(one)]]) == 0


def test_the_same_question_in_other_words_is_put_together_and_another_is_not() -> None:
    said = [(kind, together(one, other)) for kind, one, other in PAIRS]
    same = [together for kind, together in said if kind == "same"]
    put = [kind for kind, together in said if together]
    assert sum(same) / len(same) >= FOUND
    assert put.count("same") / len(put) >= RIGHT


@given(WRITING, WRITING)
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    mine, theirs = shape(one), shape(other)
    assert 0 <= alike(mine, theirs) <= 1
    assert alike(mine, theirs) == alike(theirs, mine)
    assert alike(mine, mine) == 1


@given(WRITING)
def test_whatever_is_asked_is_about_something(text: str) -> None:
    assert topic(text) in set(QuestionTopic)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("我120斤穿什么码", QuestionTopic.SIZE),
        ("這個多少錢", QuestionTopic.PRICE),
        ("红色还有货吗", QuestionTopic.STOCK),
        ("什么时候能发货", QuestionTopic.SHIPPING),
        ("含不含香精", QuestionTopic.INGREDIENTS),
        ("早晚都能用吗", QuestionTopic.USAGE),
        ("孕妇可以用吗", QuestionTopic.SUITABILITY),
        ("优惠券怎么领", QuestionTopic.PROMOTION),
        ("是正品吗", QuestionTopic.AUTHENTICITY),
        ("不合适能退吗", QuestionTopic.AFTER_SALES),
        ("几点下播", QuestionTopic.OTHER),
    ],
)
def test_a_question_says_what_it_is_about(text: str, subject: QuestionTopic) -> None:
    assert topic(text) is subject


def test_a_question_is_about_what_it_names_by_number_or_title_or_else_what_is_pinned() -> None:
    essence, cream = uuid4(), uuid4()
    line_up = [(essence, "积雪草舒缓精华液 30ml"), (cream, "玻色因紧致面霜 50g")]
    assert about("2号多少钱", QuestionTopic.PRICE, essence, line_up) == cream
    assert about("二号链接多少钱", QuestionTopic.PRICE, essence, line_up) == cream
    assert about("玻色因那个多少钱", QuestionTopic.PRICE, essence, line_up) == cream
    assert about("9号多少钱", QuestionTopic.PRICE, essence, line_up) == essence
    assert about("多少钱", QuestionTopic.PRICE, essence, line_up) == essence
    assert about("多少钱", QuestionTopic.PRICE, None, line_up) is None
    assert about("包邮吗", QuestionTopic.SHIPPING, essence, line_up) is None


@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 7200), st.integers(0, 7200))
def test_the_order_of_the_queue_is_that_of_people_and_of_their_waiting(
    many: int, others: int, waited: int, others_waited: int
) -> None:
    mine = rank(many, MOMENT - timedelta(seconds=waited))
    theirs = rank(others, MOMENT - timedelta(seconds=others_waited))
    urgent, other = many + waited / PATIENCE, others + others_waited / PATIENCE
    assert (mine > theirs) == (urgent > other)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-10, 100_000))
def test_a_second_of_the_programme_is_never_before_it_began(start: datetime, after: int) -> None:
    if start.year < 9990:
        assert second(start, start + timedelta(seconds=after)) == max(0, after)
    assert second(None, start) is None


def test_numbers_and_addresses_of_people_are_covered() -> None:
    told = discreet("我电话138 0013 8000 邮箱a.b@c.com 多少钱")
    assert "8000" not in told
    assert "@" not in told
    assert "多少钱" in told
    assert discreet("160斤穿多大") == "160斤穿多大"


def test_every_act_has_its_statuses() -> None:
    assert set(FROM) == set(Act)
