"""The sentences: ours, written by hand, of three kinds of use that share no wording.

`test.tsv` is for the figures and nothing else was ever tuned on it; `dev.tsv` chooses the least
scores; `train.tsv` trains, its `{slots}` filled from `slots.tsv`.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from xinbo.kit.reading import plain

HERE = Path(__file__).parent
SLOT = re.compile(r"\{(\w+)\}")
EACH = 14
"""Sentences made of one template."""

POLITE = ("主播", "请问", "姐姐", "老板", "那个", "麻烦问下", "宝", "想问下", "hi ", "亲")
ASKING = ("?", "？", "啊", "呀", "呢", "谢谢", "主播", "??", "啊?")
TOLD = ("!", "！！", "哈哈", "啊", "了", "~", "。。。", "呀", "谢谢主播")


class Line(NamedTuple):
    """A sentence with what it is, and what it is about if it asks."""

    kind: str
    topic: str
    text: str


def read(name: str) -> list[Line]:
    """Read `test`, `dev` or `train`."""
    lines = (HERE / f"{name}.tsv").read_text("utf-8").splitlines()
    return [Line(*line.split("\t")) for line in lines]


@cache
def slots() -> dict[str, list[str]]:
    """Return what may stand in each slot; `_` stands for a blank."""
    lines = (HERE / "slots.tsv").read_text("utf-8").splitlines()
    return {
        name: [word.replace("_", " ") for word in words.split()]
        for name, words in (line.split("\t") for line in lines)
    }


def bare(text: str) -> str:
    """Reduce a sentence to its letters: what makes two sentences the same one."""
    return "".join(letter for letter in plain(text) if letter.isalnum())


@cache
def _fillers() -> re.Pattern[str]:
    words = {bare(word) for each in slots().values() for word in each}
    longest = sorted((w for w in words if w and not w.isascii()), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)))


def skeleton(text: str) -> str:
    """Reduce a sentence to its template: goods, people, places and numbers are all one."""
    return re.sub(r"[0-9]+", "0", _fillers().sub("_", bare(text)))


class Made(NamedTuple):
    """A sentence to train with."""

    line: Line
    template: int
    weight: float
    """A template weighs little more than one sentence."""


def trained() -> Iterator[Made]:
    """Make the training sentences.

    What is in the test or the dev set, as a sentence or as a template, is left out.
    """
    kept = {skeleton(line.text) for name in ("test", "dev") for line in read(name)}
    chance = Random(20261111)  # noqa: S311 # not a secret
    for template, line in enumerate(read("train")):
        made = {_filled(line.text, chance) for _ in range(EACH)}
        dressed = {_dressed(each, line.kind, chance) for each in made for _ in range(3)}
        fresh = sorted(each for each in made | dressed if skeleton(each) not in kept)
        for each in fresh:
            yield Made(line._replace(text=each), template, 1 / len(fresh) ** 0.6)


def _filled(template: str, chance: Random) -> str:
    return SLOT.sub(lambda match: chance.choice(slots()[match[1]]), template)


OTHERWISE = (
    (r"怎么", ("咋", "怎样", "怎么")),
    (r"什么", ("啥", "什么", "甚么")),
    (r"了吗$", ("了没", "了没有", "没", "了不")),
    (r"(?<=有.)吗$|(?<=有..)吗$|(?<=有...)吗$", ("没", "没有", "不")),
    (r"吗$", ("不", "嘛", "么", "没", "不啊", "不呢", "", "?", "吗")),
    (r"能不能", ("能否", "可不可以", "能")),
    (r"(?<!可不)可以", ("能", "可", "可以")),
    (r"多久", ("多长时间", "几天", "多久")),
    (r"还是", ("还是", "或者")),
)
"""Ways to say the same in speech: what a question is put in differs more than what it asks."""


def otherwise(text: str, chance: Random) -> str:
    """Put a question as others would."""
    for words, ways in OTHERWISE:
        if chance.random() < 0.5:
            text = re.sub(words, chance.choice(ways), text)
    return text


def _dressed(text: str, kind: str, chance: Random) -> str:
    """Say it as people do: with who is spoken to before, and a particle or a sign after."""
    asks = kind == "question"
    if asks:
        text = otherwise(text, chance)
    if chance.random() < (0.5 if asks else 0.25):
        text = chance.choice(POLITE if asks else ("主播", "姐妹们", "家人们", "宝", "真的")) + text
    if chance.random() < 0.6:
        text += chance.choice(ASKING if asks else TOLD)
    return text
