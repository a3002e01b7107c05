"""Listed words, found however they are dressed."""

import unicodedata
from collections.abc import Iterable

import msgspec

from xinbo.live.chat._rules.kinds import Action


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """A word on a merchant's list, and what it does."""

    text: str
    action: Action


class Words:
    """A list of words, ready to look for."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        self._listed = [(fold(each.text), each.action) for each in listed]

    def find(self, text: str) -> Action | None:
        """Say what the listed words do to a text: the hardest of all that are in it."""
        folded = fold(text)
        found = {action for word, action in self._listed if word and word in folded}
        return next((each for each in (Action.REFUSE, Action.HOLD) if each in found), None)


def compiled(listed: Iterable[Listed]) -> Words:
    """Make a list ready."""
    return Words(listed)


def fold(text: str) -> str:
    """Reduce a text to what it is read as: no width, case, blanks or punctuation in between."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
