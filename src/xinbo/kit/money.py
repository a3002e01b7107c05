"""Money: integer minor units and an ISO 4217 code. Never a float."""

from typing import Annotated

from msgspec import Meta

type Fen = Annotated[int, Meta(ge=0, le=10_000_000_000)]
"""An amount of money in minor units: 9900 is ¥99.00."""

CURRENCY = "CNY"
