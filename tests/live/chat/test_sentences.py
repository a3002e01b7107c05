"""What measures the finding of questions shares no wording with what trained it."""

from collections import Counter
from random import Random

import pytest

from bench.questions._data import bare, otherwise, read, skeleton, trained
from xinbo.live.chat import MessageKind
from xinbo.live.chat._rules.sense.model import WEIGHTS as SENSE
from xinbo.live.questions import QuestionTopic
from xinbo.live.questions._rules.topics import WEIGHTS as TOPICS

MADE = [each.line.text for each in trained()]
LEAST = {"question": 200, "complaint": 80, "chat": 200}


@pytest.mark.parametrize("kept", ["test", "dev"])
def test_no_sentence_and_no_template_of_it_trained_the_model(kept: str) -> None:
    lines = read(kept)
    assert not {bare(line.text) for line in lines} & {bare(text) for text in MADE}
    assert not {skeleton(line.text) for line in lines} & {skeleton(text) for text in MADE}


def test_the_measured_comments_are_many_and_none_is_there_twice() -> None:
    lines = read("test")
    kinds = Counter(line.kind for line in lines)
    assert len(lines) >= 500
    assert all(kinds[kind] >= least for kind, least in LEAST.items())
    assert len({bare(line.text) or line.text for line in lines}) == len(lines)
    assert not {skeleton(line.text) for line in lines} & {skeleton(x.text) for x in read("dev")}


def test_every_line_is_of_a_known_kind_and_topic() -> None:
    for name in ("test", "dev", "train"):
        for line in read(name):
            assert line.kind in set(MessageKind)
            assert line.topic in {*QuestionTopic, "-"}
            assert (line.topic == "-") == (line.kind == "chat")


def test_the_weights_are_small() -> None:
    assert SENSE.stat().st_size < 300_000
    assert TOPICS.stat().st_size < 300_000


def test_questions_are_put_in_other_words() -> None:
    ways = {otherwise("怎么用可以吗", Random(n)) for n in range(40)}  # noqa: S311 # no secret
    assert len(ways) > 5
