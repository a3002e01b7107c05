"""The words that a product is found by, and the question that finds them: pure.

Words are kept in a PostgreSQL text search vector as they are, with no dictionary, so each says
in its first sign what kind it is:

    保 保湿      one character; two neighbours (any script that writes without spaces)
    w:spf50     a word in Latin letters or digits
    k:cup-1     an SKU code, whole or one of its parts
    y:bao       a syllable of pinyin; `y:bao'shi` two neighbours
    j:bs        the first letters of two neighbours; `i:bsms` of up to eight from each character on
    f:b         the first letter of the title or the brand
    =:保湿面霜    a whole title or brand
    a:key=value an attribute
    m:0123abcd  the merchant

A question has three steps, each wider than the one before: the whole name or code; the words
together, as they were written; all characters anywhere, initials, beginnings of words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Protocol, cast

from xinbo.commerce.catalog._rules.attributes import AttributeValue

VERSION = 1
"""Raise it when the words change: products with words of another version are read anew."""

LONGEST = 60
MOST_TERMS = 6
SUFFIX = 8
MOST_READINGS = 6
_RUNS = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
_LATIN = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"[^\s]+")


class Text(NamedTuple):
    """What of a product is searched."""

    title: str
    subtitle: str
    brand: str
    handle: str
    codes: list[str]
    attributes: Mapping[str, AttributeValue]


class Question(NamedTuple):
    """What to ask the index, from narrow to wide. Each is a `tsquery`; empty = do not ask."""

    exact: str
    together: str
    anywhere: str


class _Converter(Protocol):
    def convert(self, text: str, /) -> str: ...


def words_of(merchant: str, text: Text) -> list[str]:
    """List the words that a product is found by. `merchant` is the merchant's id in hex."""
    found = {_merchant(merchant)}
    for name in (text.title, text.brand):
        found |= _named(name)
    found |= _characters(plain(text.subtitle))
    found |= {f"w:{run}" for run in _LATIN.findall(plain(text.handle))}
    for code in map(plain, text.codes):
        found |= {f"k:{code}", f"=:{code}"} | {f"k:{part}" for part in _RUNS.findall(code)}
    found |= {attribute(key, value) for key, value in text.attributes.items()}
    return sorted(found)


def attribute(key: str, value: AttributeValue) -> str:
    """Write an attribute as a word."""
    return f"a:{key}={spelled(value)}"[:300]


def spelled(value: AttributeValue) -> str:
    """Write the value of an attribute as filters name it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def question(merchant: str, q: str, also: Iterable[str] = ()) -> Question:
    """Turn what somebody typed into questions; `also` are words that must be there besides."""
    fixed = [_quoted(_merchant(merchant)), *also]
    typed = plain(q)[:LONGEST].strip()
    terms = [term for term in typed.split() if _RUNS.search(term)][:MOST_TERMS]
    if not terms:
        return Question("", "", " & ".join(fixed))
    whole = " ".join(terms)
    exact = [_quoted(f"=:{whole}"), *fixed]
    together = [*map(_strict, terms), *fixed]
    anywhere = [*map(_loose, terms), *fixed]
    return Question(" & ".join(exact), " & ".join(together), " & ".join(anywhere))


def any_attribute(key: str, values: Iterable[str]) -> str:
    """Ask for one of these values of an attribute."""
    return "(" + " | ".join(_quoted(f"a:{key}={value}"[:300]) for value in values) + ")"


def matches(name: str, q: str) -> bool:
    """Say whether a name (a category, a brand) is what somebody is typing."""
    typed, said = plain(q).strip(), plain(name)
    if not typed:
        return False
    syllables = [syllable for run in _han_runs(said) for syllable in readings(run)]
    initials = "".join(syllable[0] for syllable in syllables)
    whole = "".join(syllables)
    squeezed = typed.replace(" ", "")
    return typed in said or whole.startswith(squeezed) or initials.startswith(squeezed)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Fold what reads the same: width, case, traditional characters, runs of spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        folded = _converter().convert(folded)
    return " ".join(folded.split())


@lru_cache(maxsize=4096)
def readings(run: str) -> tuple[str, ...]:
    """Read Chinese characters as pinyin without tones: `lü` is written lv."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - slow to load

    said = lazy_pinyin(run, errors="ignore")
    return tuple(str(each) for each in said if each.isascii() and each.isalpha())


@lru_cache(maxsize=1)
def _converter() -> "_Converter":
    from opencc import OpenCC  # noqa: PLC0415 - slow to load

    return cast("_Converter", OpenCC("t2s"))


def _merchant(merchant: str) -> str:
    return f"m:{merchant[-12:]}"


def _named(name: str) -> set[str]:
    """List the words of a title or brand."""
    said = plain(name)
    if not said:
        return set()
    found = _characters(said) | {f"=:{said}"}
    found |= {f"w:{run}" for run in _LATIN.findall(said)}
    if said[0].isascii():
        found.add(f"f:{said[0]}")
    for at, run in enumerate(_han_runs(said)):
        syllables = readings(run)
        if at == 0 and syllables and said.startswith(run[0]):
            found.add(f"f:{syllables[0][0]}")
        found |= {f"y:{each}" for each in syllables}
        found |= {f"y:{one}'{two}" for one, two in pairwise(syllables)}
        letters = "".join(each[0] for each in syllables)
        found |= {f"j:{one}{two}" for one, two in pairwise(letters)}
        found |= {f"i:{letters[at : at + SUFFIX]}" for at in range(len(letters) - 2)}
    return found


def _characters(said: str) -> set[str]:
    runs = list(_han_runs(said))
    ones = {each for run in runs for each in run}
    return ones | {one + two for run in runs for one, two in pairwise(run)}


def _han_runs(said: str) -> Iterator[str]:
    return (run for run in _RUNS.findall(said) if not run[0].isascii())


def _strict(term: str) -> str:
    """Ask for a term as it was written."""
    parts: list[str] = []
    for run in _RUNS.findall(term):
        if not run[0].isascii():
            parts.append(_all(map("".join, pairwise(run)) if len(run) > 1 else [run]))
        else:
            asked = [_quoted(f"w:{run}"), _quoted(f"k:{run}")]
            asked += [_spelled(way) for way in ways(run) if all(map(_is_whole, way))]
            parts.append(_any(asked))
    return _with_code(term, " & ".join(parts))


def _loose(term: str) -> str:
    """Ask for a term wherever its characters are, by initials, and by the beginnings of words."""
    parts: list[str] = []
    for run in _RUNS.findall(term):
        if not run[0].isascii():
            parts.append(_all(run))
            continue
        asked = [_quoted(f"w:{run}") + (":*" if len(run) > 1 else ""), _quoted(f"k:{run}")]
        if len(run) == 1:
            asked.append(_quoted(f"f:{run}"))
        asked += [_spelled(way, begun=True) for way in ways(run)]
        parts.append(_any(asked))
    return _with_code(term, " & ".join(parts))


def _with_code(term: str, asked: str) -> str:
    return _any([asked, _quoted(f"k:{term}")]) if _CODE.fullmatch(term) else asked


def _spelled(way: tuple[str, ...], *, begun: bool = False) -> str:
    """Ask for characters read so: whole syllables where they stand, initials for the rest.

    `begun` = the last syllable may be the beginning of a longer one.
    """
    letters = "".join(each[0] for each in way)
    asked: list[str] = []
    if len(way) > 2:  # noqa: PLR2004
        asked.append(_quoted(f"i:{letters[:SUFFIX]}") + ":*")
    elif len(way) == 2:  # noqa: PLR2004
        asked.append(_quoted(f"j:{letters}"))
    last = len(way) - 1
    told = [_is_whole(each) or (at == last and len(each) > 1) for at, each in enumerate(way)]
    paired = {at for at in range(last) if told[at] and told[at + 1]}
    for at, each in enumerate(way):
        open_end = ":*" if begun and (at == last or (at in paired and at + 1 == last)) else ""
        if at in paired:
            asked.append(_quoted(f"y:{each}'{way[at + 1]}") + open_end)
        elif at - 1 not in paired and len(each) > 1:
            asked.append(_quoted(f"y:{each}") + open_end)
    return "(" + " & ".join(asked) + ")"


@lru_cache(maxsize=4096)
def ways(run: str) -> tuple[tuple[str, ...], ...]:
    """Read letters as pinyin: whole syllables, initials between them, a syllable begun last.

    Readings of fewer parts come first, as `xian` is one syllable before it is two. A single
    letter is no reading: it is too much to look for.
    """
    if not (1 < len(run) <= 24) or not run.isalpha():  # noqa: PLR2004
        return ()
    found: dict[int, list[tuple[str, ...]]] = {len(run): [()]}
    for at in range(len(run) - 1, -1, -1):
        rest = found.get
        longest = min(6, len(run) - at)
        steps = [run[at : at + size] for size in range(longest, 0, -1)]
        here = [
            (step, *tail)
            for step in steps
            if _fits(step, last=at + len(step) == len(run))
            for tail in rest(at + len(step), [])
        ]
        found[at] = sorted(here, key=_cost)[:MOST_READINGS]
    return tuple(found[0])


def _cost(way: tuple[str, ...]) -> tuple[int, int]:
    return len(way), sum(not _is_whole(each) for each in way)


def _fits(step: str, *, last: bool) -> bool:
    known, begun = _syllables()
    return step in known or (len(step) == 1 and step in begun) or (last and step in begun)


def _is_whole(step: str) -> bool:
    return step in _syllables()[0]


@lru_cache(maxsize=1)
def _syllables() -> tuple[frozenset[str], frozenset[str]]:
    """Return all syllables of pinyin, and all that one may begin with."""
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - slow to load
    from pypinyin.contrib.tone_convert import to_normal  # noqa: PLC0415

    marked = {
        PINYIN_DICT[code].split(",")[0] for code in range(0x4E00, 0x9FA6) if code in PINYIN_DICT
    }
    known = {plain_one for each in marked if (plain_one := to_normal(each)).isascii()}
    known = {each for each in known if each.isalpha() and (len(each) > 1 or each in "aeo")}
    return frozenset(known), frozenset(
        each[:size] for each in known for size in range(1, len(each))
    )


def _all(words: Iterable[str]) -> str:
    return " & ".join(dict.fromkeys(map(_quoted, words)))


def _any(asked: Iterable[str]) -> str:
    return "(" + " | ".join(dict.fromkeys(f"({each})" for each in asked)) + ")"


def _quoted(word: str) -> str:
    """Write a word as `tsquery` reads it."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
