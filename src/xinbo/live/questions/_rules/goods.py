"""Which product a question is about."""

import re
from collections.abc import Sequence
from uuid import UUID

from xinbo.kit.reading import plain
from xinbo.live.questions._rules.topics import QuestionTopic

SHOP_WIDE = frozenset(
    {QuestionTopic.SHIPPING, QuestionTopic.AUTHENTICITY, QuestionTopic.AFTER_SALES}
)
"""Topics on which the pinned product matters little: whoever asks about postage asks once."""

LEAST = 3
"""Letters of a title that name it."""

_PLACE = re.compile(
    r"([0-9]{1,3}|[一二三四五六七八九十]) ?号(?:链接|品|款|宝贝|商品)?"
    r"|(?:链接|link) ?#?([0-9]{1,3})"
)
_NUMBERS = {number: at for at, number in enumerate("一二三四五六七八九十", 1)}


def about(
    text: str, topic: QuestionTopic, pinned: UUID | None, line_up: Sequence[tuple[UUID, str]]
) -> UUID | None:
    """Return the product that a text names, by its number or by letters of its title.

    A text that names none is about the one that is pinned, unless its topic is the whole shop's.
    `line_up` has ids and titles in order.
    """
    said = plain(text)
    if (found := _numbered(said, line_up)) or (found := _named(said, line_up)):
        return found
    return None if topic in SHOP_WIDE else pinned


def unnumbered(text: str, many: int) -> str:
    """Leave out the number of a product, where there are so many and it is one of them."""
    said = plain(text)
    return _PLACE.sub("", said, count=1) if _place(said, many) else said


def _numbered(said: str, line_up: Sequence[tuple[UUID, str]]) -> UUID | None:
    at = _place(said, len(line_up))
    return line_up[at - 1][0] if at else None


def _place(said: str, many: int) -> int | None:
    """Read the number of a product, 1 is the first; None where none is named."""
    match = _PLACE.search(said)
    if match is None:
        return None
    number = match[1] or match[2]
    at = _NUMBERS.get(number) or int(number)
    return at if 1 <= at <= many else None


def _named(said: str, line_up: Sequence[tuple[UUID, str]]) -> UUID | None:
    """Find the title that shares the longest run with the text, if one alone does."""
    lengths = sorted(((_shared(said, plain(title)), id_) for id_, title in line_up), reverse=True)
    if not lengths or lengths[0][0] < LEAST:
        return None
    if len(lengths) > 1 and lengths[1][0] == lengths[0][0]:
        return None
    return lengths[0][1]


def _shared(said: str, title: str) -> int:
    """Return the length of the longest run of letters that both have."""
    longest = 0
    for start in range(len(title)):
        end = start + longest + 1
        while end <= len(title) and " " not in title[start:end] and title[start:end] in said:
            longest = end - start
            end += 1
    return longest
