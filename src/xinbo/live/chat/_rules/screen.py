"""How a message is shown, and what may not be shown at all, as pure functions."""

import re
import unicodedata

from xinbo.kit.errors import NotAllowed

LONGEST = 200
"""Characters of a message as it is shown."""

MARKS = 2
"""Accents that one letter may carry; more of them cover the lines above and below."""

JOINER = "\u200d"
"""Zero-width, but it makes one emoji of several: kept between symbols."""

PUNCTUATION = re.compile("([，！？：；（）～…￥]+)")
"""Wide in Chinese text for good reason: normalising would put Latin signs in their place."""

LINK = re.compile(
    r"https?:|www[.。]|[a-z0-9-]+[.。](?:com|cn|net|org|top|xyz|shop|vip|cc|io|me|app|link|site|info"
    r"|club|live|online|store|taobao|tmall|ly|tk|ru|tv|co)(?![a-z0-9])",
    re.IGNORECASE,
)


class MessageRefused(NotAllowed):
    """Raised when a message may not be shown.

    `reason` is `empty`, `tooLong`, `link` or `word`. The word is not named: its author knows it,
    and others would learn the list.
    """


def screen(text: str, *, links: bool = False) -> str:
    """Return the text as it will be shown, or refuse it; `links` says whether it may have any."""
    shown = _clean(text)
    if not shown:
        raise MessageRefused(reason="empty")
    if len(shown) > LONGEST:
        raise MessageRefused(reason="tooLong", most=LONGEST)
    if not links and LINK.search(unicodedata.normalize("NFKC", shown)):
        raise MessageRefused(reason="link")
    return shown


def _clean(text: str) -> str:
    """Normalise, and take out whatever is not seen or is seen outside its line."""
    parts = PUNCTUATION.split("".join(_visible(text)))
    text = "".join(
        part if place % 2 else unicodedata.normalize("NFKC", part)
        for place, part in enumerate(parts)
    )
    return " ".join("".join(_bare(text)).split())


def _visible(text: str) -> list[str]:
    """Drop control, format and unassigned characters; line ends and tabs become blanks."""
    kept: list[str] = []
    for at, letter in enumerate(text):
        if letter.isspace():
            kept.append(" ")
        elif letter == JOINER:
            if _symbol(text[at - 1 : at]) and _symbol(text[at + 1 : at + 2]):
                kept.append(letter)
        elif not unicodedata.category(letter).startswith("C"):
            kept.append(letter)
    return kept


def _symbol(letter: str) -> bool:
    return bool(letter) and (unicodedata.category(letter) in {"So", "Sk"} or letter == "\ufe0f")


def _bare(text: str) -> list[str]:
    """Keep the first marks of each letter."""
    kept: list[str] = []
    run = 0
    for letter in text:
        run = run + 1 if unicodedata.category(letter).startswith("M") else 0
        if run <= MARKS:
            kept.append(letter)
    return kept
