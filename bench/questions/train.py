"""Train the two models of the questions and write their weights: `-m bench.questions.train`.

Multinomial logistic regression, full batch, Adagrad, the last kind at nought; weights that are
small are dropped, the rest are kept as whole sixteenths. With NumPy, which the shop does not need.
The least scores are chosen on sentences whose templates trained nothing: a fifth of the templates
at a time is left out, and the dev set.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.questions._data import Line, Made, read, trained
from xinbo.kit.linear import BIAS, UNIT
from xinbo.live.chat._rules.sense import model as sense
from xinbo.live.questions._rules import topics

KINDS = ("question", "complaint", "chat")
ROUNDS = 300
RATE = 0.35
PULL = 6e-5
"""How strongly weights are pulled to nought."""

LEAST_SEEN = 3
SMALLEST = 0.1
FOLDS = 5

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]


class Task(NamedTuple):
    """What is told apart by what."""

    kinds: Sequence[str]
    kind: Callable[[Line], str]
    features: Callable[[str], Iterable[str]]
    shares: Sequence[float]
    """How much each kind weighs in all."""


def _kind(line: Line) -> str:
    return line.kind


def _topic(line: Line) -> str:
    return line.topic


SENSE = Task(KINDS, _kind, sense.features, (1.0, 1.0, 2.0))
TOPIC = Task(
    [str(each) for each in topics.TOPICS],
    _topic,
    topics.features,
    [1.0] * len(topics.TOPICS),
)


def main() -> None:
    """Train both, write the weights, and say how they do on what trained nothing."""
    made = list(trained())
    scored = [pair for at in range(FOLDS) for pair in left_out(SENSE, made, at)]
    dev = applied(SENSE, fit(SENSE, made), read("dev"))
    for name, of in (("left out", scored), ("dev", dev)):
        print(name)
        curve(of)
    write(sense.WEIGHTS, *fit(SENSE, made))
    asked = [each for each in made if each.line.kind == "question"]
    write(topics.WEIGHTS, *fit(TOPIC, asked))
    of_dev = [line for line in read("dev") if line.kind == "question"]
    for name, of in (
        ("left out", [pair for at in range(FOLDS) for pair in left_out(TOPIC, asked, at)]),
        ("dev", applied(TOPIC, fit(TOPIC, asked), of_dev)),
    ):
        right = [TOPIC.kinds[int(row.argmax())] == line.topic for line, row in of]
        print(f"topics, {name}: {sum(right) / len(right):.3f} of {len(right)}")


def left_out(task: Task, made: Sequence[Made], fold: int) -> list[tuple[Line, Floats]]:
    """Train without a part of the templates, and score one sentence of each of those."""
    ours = [each for each in made if each.template % FOLDS != fold]
    firsts = {each.template: each.line for each in made if each.template % FOLDS == fold}
    return applied(task, fit(task, ours), list(firsts.values()))


def applied(
    task: Task, trained: tuple[list[str], Floats], lines: Sequence[Line]
) -> list[tuple[Line, Floats]]:
    """Score lines: one number a kind."""
    names, weights = trained
    place = {name: at for at, name in enumerate(names)}
    return [
        (
            line,
            np.append(
                sum(
                    (weights[place[x]] for x in {BIAS, *task.features(line.text)} if x in place),
                    np.zeros(weights.shape[1]),
                ),
                0.0,
            ),
        )
        for line in lines
    ]


def fit(task: Task, made: Sequence[Made]) -> tuple[list[str], Floats]:
    """Return the features and their weights, (features, kinds - 1)."""
    found = [sorted({BIAS, *task.features(each.line.text)}) for each in made]
    seen = Counter(each for one in found for each in one)
    names = sorted(name for name, n in seen.items() if n >= LEAST_SEEN)
    place = {name: at for at, name in enumerate(names)}
    pairs = np.array([(row, place[x]) for row, one in enumerate(found) for x in one if x in place])
    rows, columns = pairs[:, 0], pairs[:, 1]
    kinds = np.array([task.kinds.index(task.kind(each.line)) for each in made])
    weigh = np.array([each.weight for each in made])
    for kind, share in enumerate(task.shares):
        weigh[kinds == kind] *= share / max(weigh[kinds == kind].sum(), 1e-9)
    return names, _descend(rows, columns, np.eye(len(task.kinds))[kinds], weigh / weigh.sum())


def _descend(rows: Whole, columns: Whole, truth: Floats, weigh: Floats) -> Floats:
    size, (count, kinds) = int(columns.max()) + 1, truth.shape
    weights, moved = np.zeros((size, kinds - 1)), np.full((size, kinds - 1), 1e-8)
    said = np.zeros((count, kinds))
    for _ in range(ROUNDS):
        for kind in range(kinds - 1):
            said[:, kind] = np.bincount(rows, weights[columns, kind], count)
        shifted = np.exp(said - said.max(axis=1, keepdims=True))
        wrong = (shifted / shifted.sum(axis=1, keepdims=True) - truth) * weigh[:, None]
        slope = PULL * weights
        for kind in range(kinds - 1):
            slope[:, kind] += np.bincount(columns, wrong[rows, kind], size)
        moved += slope**2
        weights -= RATE * slope / np.sqrt(moved)
    return weights


def write(path: Path, names: list[str], weights: Floats) -> None:
    """Write the weights that matter."""
    whole = np.rint(weights * UNIT).astype(int)
    lines = [
        "\t".join([name, *map(str, whole[at])]) + "\n"
        for at, name in enumerate(names)
        if name == BIAS or np.abs(weights[at]).max() >= SMALLEST
    ]
    path.write_text("".join(lines), "utf-8")
    print(f"{path.name}: {len(lines)} of {len(names)} features, {path.stat().st_size} bytes")


def curve(scored: Sequence[tuple[Line, Floats]]) -> None:
    """Print recall and precision of questions for some least scores."""
    asked = sum(line.kind == "question" for line, _ in scored)
    for least in (-2.0, -1.5, -1.0, -0.5, 0.0):
        taken = [
            line.kind
            for line, (asks, complains, _) in scored
            if asks >= least and not (complains >= 0 and complains > asks - least)
        ]
        right = taken.count("question")
        print(f"  {least:5.2f}  recall {right / asked:.3f}  precision {right / len(taken):.3f}")


if __name__ == "__main__":
    main()
