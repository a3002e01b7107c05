"""What texts and variants must be like. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

HANDLE_LENGTH = 120
# Cc: control characters. Cs, Cn: half a character, or none; no file format carries them all.
_NO_TEXT = frozenset({"Cc", "Cs"})


def clean(text: str) -> str:
    """Make a text fit for one line of any file: no control characters, nothing around it."""
    if text.isprintable():
        return text.strip()
    return paragraph(text.replace("\n", " ").replace("\r", " ").replace("\t", " "))


def paragraph(text: str) -> str:
    """Make a text fit for any file, keeping its lines: they end in a bare line feed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = "".join(char for char in text if char in "\n\t" or _is_text(char))
    return text.strip()


def handle_of(title: str) -> str:
    """Make a handle from a title: lower case, Chinese stays, everything else becomes a dash."""
    words = re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFKC", clean(title)).lower())
    return words.strip("-._")[: HANDLE_LENGTH - 8] or "product"


def free(wanted: str, taken: Iterable[str]) -> str:
    """Return the wanted handle, numbered if it is taken already."""
    taken = set(taken)
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def mismatch(names: Sequence[str], options: Iterable[Sequence[str]]) -> Sequence[str] | None:
    """Return the first variant that has not one value a name, or repeats another; None if none."""
    seen: set[tuple[str, ...]] = set()
    for values in options:
        if len(values) != len(names) or tuple(values) in seen:
            return values
        seen.add(tuple(values))
    return None


def _is_text(char: str) -> bool:
    # U+FFFE, U+FFFF and their kind in the other planes are not characters (Unicode, 23.7).
    return unicodedata.category(char) not in _NO_TEXT and ord(char) & 0xFFFE != 0xFFFE  # noqa: PLR2004
