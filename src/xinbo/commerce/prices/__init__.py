"""Every price that was ever shown or paid, and what a reduced one may be compared with.

Owns `price_shown` and `price_deal`. Both only grow: a price that ends is ended, never changed, and
nothing is written into the past. A strike-through price is computed from this log, never typed:
without a basis there is none. Knows SKUs and venues by their ids only.
"""

from xinbo.commerce.prices._service import (
    PriceNotFound,
    basis,
    deal,
    export_csv,
    history,
    show,
    withdraw,
)
from xinbo.commerce.prices._types import (
    Basis,
    Deal,
    Market,
    PriceHistory,
    PricePoint,
    Shown,
    Was,
)

__all__ = [
    "Basis",
    "Deal",
    "Market",
    "PriceHistory",
    "PriceNotFound",
    "PricePoint",
    "Shown",
    "Was",
    "basis",
    "deal",
    "export_csv",
    "history",
    "show",
    "withdraw",
]
