"""Texts as they are read: one way to write what people write in many."""

import unicodedata
from pathlib import Path

_FROM, _TO = Path(__file__).with_name("simplified.txt").read_text("utf-8").split()
_SIMPLIFIED = str.maketrans(_FROM, _TO)
"""Traditional characters that stand for one simplified character each: OpenCC's `t2s` of the
CJK Unified Ideographs, as a table, because loading OpenCC takes longer than a room has."""


def plain(text: str) -> str:
    """Fold width, case, traditional characters and runs of blanks. Harmless to repeat.

    `"  這個 多少錢 "` becomes `"这个 多少钱"`.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", folded.translate(_SIMPLIFIED))
    return " ".join(folded.split())
