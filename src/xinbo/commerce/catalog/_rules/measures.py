"""What 100 ml, 100 g or one piece cost (单价): pure."""

from xinbo.kit.wire import View

PER = {"ml": 100, "g": 100, "piece": 1}
"""How much the price is said of, by unit of content."""


class UnitPrice(View, frozen=True):
    """A price by measure, so that packs of different sizes compare."""

    price: int
    """Minor units for `per` of the unit, rounded half up."""
    per: int
    unit: str
    content: int
    """How much one piece holds: with it, any price of the piece can be said by measure."""


def unit_price(price: int, content: int | None, unit: str | None) -> UnitPrice | None:
    """Say the price of a piece by measure; None where its content is not known.

    A single piece needs none: it would repeat the price.
    """
    if not content or unit is None or (unit == "piece" and content == 1):
        return None
    per = PER[unit]
    return UnitPrice(
        price=(2 * price * per + content) // (2 * content), per=per, unit=unit, content=content
    )
