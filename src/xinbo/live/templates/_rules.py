"""Templates as pure functions: names in their texts, prices of their discounts."""

import re
from collections.abc import Mapping

_NAME = re.compile(r"\{([a-z0-9_]{1,20})\}")
STEP = 10
"""Discount prices end on whole 角: so many fen."""


def filled(text: str, names: Mapping[str, str], most: int) -> str:
    """Put names where a template says `{hero1}`; unknown ones stay. At most so many characters."""
    return _NAME.sub(lambda found: names.get(found[1], found[0]), text)[:most].strip()


def emptied(text: str, names: Mapping[str, str]) -> str:
    """Put `{hero1}` where a text says a name: the way back, the longest names first."""
    for key, name in sorted(names.items(), key=lambda each: -len(each[1])):
        if name:
            text = text.replace(name, f"{{{key}}}")
    return text


def discounted(price: int, rate: int) -> int:
    """Return what is kept of a price in fen, `rate` of 10,000, down to whole 角, at least one."""
    return max(min(price, STEP), price * rate // 10_000 // STEP * STEP)


def rate_of(price: int, cut: int) -> int:
    """Say how much of a price a discount keeps, of 10,000, within what a template may say."""
    return min(9_900, max(100, round(cut * 10_000 / price))) if price else 9_900
