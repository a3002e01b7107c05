"""The views of a text under which listed words are looked for.

What is not read is dropped: blanks, signs, emoji, zero width. What looks the same becomes the
same: width, case, accents, traditional characters, letters of other alphabets. What sounds the
same becomes the same in the spelled view: characters are written as pinyin without tones.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Protocol, cast

from xinbo.live.chat._rules.split import PARTS

ALIKE = dict(
    zip(
        "аеорсухкмтнвіјѕԁɡӏοαρνικτχυωϲʟɪϳԛԝһʏꜱꭺꮪ",
        "aeopcyxkmthbijsdgloapviktxuwcliyqwhysas",
        strict=False,
    )
)
"""Letters of other alphabets that are read as Latin ones."""

DIGITS = str.maketrans("0134578@$!|i", "oleastbasll" + "l")
"""Digits and signs that stand for letters; `i` is read as `l`, as `1` may be either."""

RUN = re.compile(r"(.)\1+", re.DOTALL)
LATIN = re.compile(r"[a-z]")


class Fold(dict[int, str | None]):
    """What each code point is read as, worked out when it is first seen; for `str.translate`."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        plain = unicodedata.normalize("NFKD", letter).casefold()
        kept = "".join(ALIKE.get(each, each) for each in plain if each.isalnum())
        self[code] = found = _simple(kept) or None
        return found


class Spelling(dict[int, str]):
    """The pinyin of each character, without tones; other characters stand for themselves."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _pinyin(code) or chr(code)
        return found


FOLD = Fold()
SPELLING = Spelling()


def stripped(text: str) -> str:
    """Return what of a text is read."""
    return unicodedata.normalize("NFKC", text).casefold().translate(FOLD)


def collapsed(text: str) -> str:
    """Write each run of one character as one."""
    return RUN.sub(r"\1", text)


def runs(text: str) -> list[int]:
    """Return how long each run of one character is."""
    return [len(match[0]) for match in re.finditer(r"(.)\1*", text, re.DOTALL)]


def spelled(text: str) -> str:
    """Write characters as they sound."""
    return text.translate(SPELLING)


def places(text: str) -> list[int]:
    """Return where in the text each character of its stripped view comes from."""
    found: list[int] = []
    for at, letter in enumerate(text):
        found += [at] * len(stripped(letter))
    return found


def is_han(letter: str) -> bool:
    """Say whether a character has a reading in pinyin."""
    return SPELLING[ord(letter)] != letter


@lru_cache(maxsize=1)
def syllables() -> re.Pattern[str]:
    """Return what a run of letters looks like that is pinyin and nothing else; may be empty."""
    initial = "b|p|m|f|d|t|n|l|g|k|h|j|q|x|zh|ch|sh|r|z|c|s|y|w"
    final = (
        "iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui"
        "|ue|ve|er|a|o|e|i|u|v"
    )
    return re.compile(rf"(?:(?:{initial})(?:{final})|ang|eng|ai|ei|ao|ou|an|en|er|a|o|e)*")


def joined(parts: "re.Pattern[str]", text: str) -> str:
    """Put characters together that were written as their parts."""
    return parts.sub(lambda match: PARTS[match[0]], text)


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@lru_cache(maxsize=1)
def _converter() -> _Converter:
    from opencc import OpenCC  # noqa: PLC0415 - slow to load

    return cast("_Converter", OpenCC("t2s"))


def _simple(text: str) -> str:
    return text if text.isascii() else _converter().convert(text)


def _pinyin(code: int) -> str:
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - slow to load
    from pypinyin.contrib.tone_convert import to_normal  # noqa: PLC0415

    reading = PINYIN_DICT.get(code, "").split(",")[0]
    plain = to_normal(reading) if reading else ""
    return plain if plain.isascii() and plain.isalpha() else ""
