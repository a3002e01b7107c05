"""How well questions are found in the chat, and complaints, on a set that trained nothing.

The set is ours, written by hand: some 600 comments as live rooms have them, mainland and
traditional Chinese and English, without templates. A test proves that no sentence and no template
of it is in what trained the model. It is nobody's benchmark but ours: there is no public set of
live-room questions that we may ship. Beside it the same comments are told apart by a question mark
or 吗 alone, and by the hand-written signs alone.
"""

import time
from collections.abc import Callable, Sequence
from statistics import quantiles

from bench.questions._data import Line, read
from bench.report import report
from xinbo.live.chat._rules.sense import by_rules, classify
from xinbo.live.questions._rules.topics import topic

RECALL, PRECISION = 0.95, 0.85
MOST_MICROSECONDS = 100.0
ROUNDS = 5

type Way = Callable[[str], str]


def marks(text: str) -> str:
    """Take for a question whatever has a question mark or 吗: the least one could do."""
    return "question" if any(mark in text for mark in "?？吗嗎") else "chat"


def main() -> None:
    """Print a line for each figure, against the signs alone and against the marks alone."""
    lines = read("test")
    for kind, aims in (("question", (RECALL, PRECISION)), ("complaint", (None, None))):
        ours = measured(lines, kind, classify)
        for peer, way in (("signs alone", by_rules), ("a question mark or 吗", marks)):
            theirs = measured(lines, kind, way)
            for at, what in enumerate(("recall", "precision")):
                case = f"{what} of {kind}s in {len(lines)} comments of our own"
                report(
                    "questions",
                    case,
                    ours[at],
                    "share",
                    against=peer,
                    against_figure=theirs[at],
                    least=aims[at],
                )
    asked = [line for line in lines if line.kind == "question"]
    known = sum(topic(line.text) == line.topic for line in asked) / len(asked)
    most = max(sum(line.topic == each for line in asked) for each in {x.topic for x in asked})
    report(
        "questions",
        f"topic of {len(asked)} questions",
        known,
        "share right",
        against="the most frequent topic",
        against_figure=most / len(asked),
    )
    texts = [line.text for line in lines]
    middle, slow = speed(texts, classify)
    report(
        "questions",
        "one message, median",
        middle,
        "us",
        against="signs alone",
        against_figure=speed(texts, by_rules)[0],
        aim=MOST_MICROSECONDS,
    )
    report(
        "questions",
        "one message, p99",
        slow,
        "us",
        against="signs alone",
        against_figure=speed(texts, by_rules)[1],
    )


def measured(lines: Sequence[Line], kind: str, way: Way) -> tuple[float, float]:
    """Return recall and precision of one kind."""
    said = [way(line.text) for line in lines]
    right = sum(line.kind == kind and each == kind for line, each in zip(lines, said, strict=True))
    of_kind, taken = sum(line.kind == kind for line in lines), said.count(kind)
    return right / of_kind, right / taken if taken else 0.0


def speed(texts: Sequence[str], way: Way) -> tuple[float, float]:
    """Return the median and the 99th percentile of microseconds a message, the best of rounds."""
    best: list[float] = []
    for text in texts:
        took: list[float] = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            way(text)
            took.append(time.perf_counter() - began)
        best.append(min(took) * 1e6)
    return quantiles(best, n=2)[0], quantiles(best, n=100)[-1]
