"""Listed words, found however they are dressed.

A text is looked at once in each of its views, whatever the length of the list; where a word
seems to stand, it is looked at again, slowly, to be sure that it is not part of an ordinary one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol, cast

import msgspec
from ahocorasick import Automaton  # pyright: ignore[reportUnknownVariableType] untyped

from xinbo.live.chat._rules.kinds import WordAction
from xinbo.live.chat._rules.split import PARTS
from xinbo.live.chat._rules.views import (
    DIGITS,
    LATIN,
    SPELLING,
    collapsed,
    is_han,
    joined,
    places,
    runs,
    spelled,
    stripped,
    syllables,
)

SURE = 3
"""Characters from which on the sound alone is enough: shorter words share theirs with many."""

SHORTEST_SPELLING = 4
STANDS_ALONE = 4
"""Letters up to which a Latin word must not be part of a longer one: `ass` is not in `class`."""

SURE_OF_DIGITS = 6
"""Letters from which on digits alone, `7@08@0`, are a word and not a price or a number."""

SHORTEST_LATIN = 3
"""Letters from which on digits are read as letters."""


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A word on a merchant's list, and what it does."""

    text: str
    action: WordAction


class Word(msgspec.Struct, frozen=True, eq=False):
    """A listed word with what is needed to be sure of it."""

    listed: Listed
    plain: str
    """Stripped and collapsed."""
    runs: tuple[int, ...]
    han: int
    """How many of its characters have a sound."""
    edges: frozenset[int]
    """Where its syllables begin and end in its spelling."""

    @property
    def latin(self) -> bool:
        """Whether it is written in Latin letters alone."""
        return self.plain.isascii() and self.plain.isalpha()


class _Machine(Protocol):
    """What we use of an Aho-Corasick automaton."""

    def add_word(self, key: str, value: list[Word], /) -> bool: ...

    def make_automaton(self) -> None: ...

    def iter(self, text: str, /) -> Iterator[tuple[int, list[Word]]]: ...


class Finder:
    """Finds many keys in a text at once."""

    def __init__(self, keys: Iterable[tuple[str, Word]]) -> None:
        found: dict[str, list[Word]] = {}
        for key, word in keys:
            found.setdefault(key, []).append(word)
        self._machine = cast("_Machine", Automaton()) if found else None
        if self._machine is not None:
            for key, words in found.items():
                self._machine.add_word(key, words)
            self._machine.make_automaton()

    def __bool__(self) -> bool:
        return self._machine is not None

    def hits(self, text: str) -> Iterator[tuple[int, Word]]:
        """Give each word that seems to be there, with the place after its last character."""
        if self._machine is not None:
            for end, words in self._machine.iter(text):
                for word in words:
                    yield end + 1, word


class Words:
    """A list of words, ready to look for."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        every = [word for each in listed if (word := _word(each)) is not None]
        words = [each for each in every if each.listed.action is not WordAction.ALLOW]
        allowed = [each for each in every if each.listed.action is WordAction.ALLOW]
        self._plain = Finder((each.plain, each) for each in words)
        self._sound = Finder((spelled(each.plain), each) for each in words if _sounds(each))
        self._digits = Finder(
            (collapsed(each.plain.translate(DIGITS)), each)
            for each in words
            if each.latin and len(each.plain) >= SHORTEST_LATIN
        )
        self._allowed = Finder((each.plain, each) for each in allowed)
        used = set("".join(each.plain for each in words))
        split = sorted((key for key, whole in PARTS.items() if whole in used), key=len)
        self._parts = re.compile("|".join(map(re.escape, reversed(split)))) if split else None

    def find(self, text: str) -> WordAction | None:
        """Say what the listed words do to a text: the hardest of all that are in it."""
        found = {each.action for each in self._look(text)}
        return next((each for each in (WordAction.REFUSE, WordAction.HOLD) if each in found), None)

    def matches(self, text: str) -> list[Listed]:
        """List the words that are in a text."""
        return list(dict.fromkeys(self._look(text)))

    def _look(self, text: str) -> Iterator[Listed]:
        read = stripped(text)
        yield from self._in(_Text(text, read))
        if self._parts and (whole := joined(self._parts, read)) != read:
            yield from self._in(_Text(whole, whole))
        if self._digits and DIGIT.search(text):
            letters = LATIN.search(read)
            signs = text.casefold().translate(DIGITS)
            there = _Text(signs, stripped(signs).translate(DIGITS))
            for end, word in self._digits.hits(there.plain):
                size = len(collapsed(word.plain.translate(DIGITS)))
                if not letters and len(word.plain) < SURE_OF_DIGITS:
                    continue
                if not self._ordinary(there, end - size, end, word):
                    yield word.listed

    def _in(self, there: "_Text") -> Iterator[Listed]:
        for end, word in self._plain.hits(there.plain):
            if not self._ordinary(there, end - len(word.plain), end, word):
                yield word.listed
        if there.sound is not None:
            for end, word in self._sound.hits(there.sound):
                span = there.heard(end - len(spelled(word.plain)), end, word)
                if span and not self._is_allowed(there, *span):
                    yield word.listed

    def _ordinary(self, there: "_Text", start: int, end: int, word: Word) -> bool:
        """Say whether what seems to be a word is only part of another, or too short a run."""
        if any(n > 1 for n in word.runs) and not there.runs_fit(start, word.runs):
            return True
        if word.latin and len(word.plain) <= STANDS_ALONE and there.within_letters(start, end):
            return True
        return self._is_allowed(there, start, end)

    def _is_allowed(self, there: "_Text", start: int, end: int) -> bool:
        return any(
            last - len(phrase.plain) <= start and end <= last
            for last, phrase in self._allowed.hits(there.plain)
        )


DIGIT = re.compile(r"[0-9@$!|]")


class _Text:
    """A text under its views; what only doubtful cases need is worked out when they ask."""

    def __init__(self, text: str, read: str) -> None:
        self._text = text
        self._read = read
        self.plain = collapsed(read)
        sound = spelled(self.plain)
        self.sound = sound if sound != self.plain or LATIN.search(sound) else None

    def runs_fit(self, start: int, wanted: Sequence[int]) -> bool:
        """Say whether runs that begin there are at least as long as those of a word."""
        here = runs(self._read)[start : start + len(wanted)]
        return all(have >= want for have, want in zip(here, wanted, strict=False))

    def within_letters(self, start: int, end: int) -> bool:
        """Say whether a letter stands right before or right after, nothing in between."""
        where = places(self._text)
        if len(where) != len(self._read):
            return False
        length = runs(self._read)
        first, last = sum(length[:start]), sum(length[:end]) - 1
        return _letter(self._text, where[first] - 1) or _letter(self._text, where[last] + 1)

    def heard(self, start: int, end: int, word: Word) -> tuple[int, int] | None:
        """Return the characters that sound like a word, if they do syllable by syllable."""
        at = 0
        first = last = None
        typed = False
        for place, letter in enumerate(self.plain):
            size = len(SPELLING[ord(letter)])
            if at == start:
                first = place
            if at < end and at + size > start:
                if size == 1 and LATIN.match(letter):
                    typed = True
                elif not {at - start, at + size - start} <= word.edges:
                    return None
            if at + size == end:
                last = place + 1
            at += size
        if first is None or last is None:
            return None
        if typed:
            return (first, last) if self._only_pinyin_around(first, last) else None
        return (first, last) if word.han >= SURE else None

    def _only_pinyin_around(self, first: int, last: int) -> bool:
        """Say whether letters that go on before and after could be pinyin, not another word."""
        begin = first
        while begin > 0 and LATIN.match(self.plain[begin - 1]) and LATIN.match(self.plain[first]):
            begin -= 1
        stop = last
        while (
            stop < len(self.plain)
            and LATIN.match(self.plain[stop])
            and LATIN.match(self.plain[last - 1])
        ):
            stop += 1
        pinyin = syllables()
        return bool(
            pinyin.fullmatch(self.plain[begin:first]) and pinyin.fullmatch(self.plain[last:stop])
        )


@lru_cache(maxsize=64)
def _compiled(listed: tuple[Listed, ...]) -> Words:
    return Words(listed)


def compiled(listed: Iterable[Listed]) -> Words:
    """Make a list ready; the same list again costs nothing."""
    return _compiled(tuple(listed))


def readable(text: str) -> bool:
    """Say whether there is something to look for: a character, or two letters."""
    plain = stripped(text)
    return len(plain) > 1 or (bool(plain) and is_han(plain))


def _word(listed: Listed) -> Word | None:
    read = stripped(listed.text)
    if not readable(listed.text):
        return None
    plain = collapsed(read)
    edges, at = {0}, 0
    for letter in plain:
        at += len(SPELLING[ord(letter)])
        edges.add(at)
    return Word(
        listed=listed,
        plain=plain,
        runs=tuple(runs(read)),
        han=sum(is_han(letter) for letter in plain),
        edges=frozenset(edges),
    )


def _sounds(word: Word) -> bool:
    """Say whether a word is long enough to be known by its sound."""
    several = word.han > 1 or (word.han == 1 and len(word.plain) > 1)
    return several and len(spelled(word.plain)) >= SHORTEST_SPELLING


def _letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalpha() and text[at].isascii()
