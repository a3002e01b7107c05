"""A small linear model over the letters of a short text, in pure Python.

Weights are whole numbers in a table of features, trained elsewhere. A dictionary of letter groups
is as small as a table of hashes here, needs no hash in pure Python, has no collisions and can be
read by people.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from xinbo.kit.reading import plain

LONGEST = 96
"""Letters that are looked at: of a longer text its beginning and its end."""

UNIT = 16
"""Weights are kept as whole sixteenths."""

BIAS = ""
"""The feature that every text has."""

_BESIDE_WIDE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_RUNS = re.compile(r"(.)\1{2,}")
_DIGITS = re.compile(r"[0-9]+")
_SEPARATE = re.compile(r"[,，。.、;；:：~…!\"'“”‘’()（）\[\]【】<>《》*#@_|/\\-]+")


def reading(text: str) -> str:
    """Reduce a text to what is looked at.

    Width, case, traditional characters, blanks beside wide ones and signs between words make no
    difference; numbers are one number; what is said again and again is said three times.
    """
    said = _SEPARATE.sub(" ", plain(text))
    said = _BESIDE_WIDE.sub("", " ".join(said.split()))
    said = _RUNS.sub(r"\1\1\1", _DIGITS.sub("0", said))
    if len(said) > LONGEST:
        said = said[: LONGEST // 2] + said[-LONGEST // 2 :]
    return said


def grams(said: str) -> Iterator[str]:
    """List one to three letters at a time of a reading, with its borders."""
    framed = f"‹{said}›"
    for size in (1, 2, 3):
        for at in range(len(framed) - size + 1):
            yield framed[at : at + size]


class Linear:
    """Weights of some kinds, for features that a text has or has not."""

    def __init__(self, path: Path, kinds: int) -> None:
        self._path = path
        self._nought = (0,) * kinds

    @cached_property
    def weights(self) -> dict[str, tuple[int, ...]]:
        """The table, read once: a feature a line, then its weights."""
        lines = self._path.read_text("utf-8").splitlines()
        return {
            feature: tuple(map(int, weights))
            for feature, *weights in (line.split("\t") for line in lines)
        }

    def scores(self, features: Iterable[str]) -> list[float]:
        """Add up the weights of the features, each once; one score a kind."""
        known = self.weights
        found = [known[each] for each in {BIAS, *features} if each in known]
        return [sum(column) / UNIT for column in zip(self._nought, *found, strict=True)]
