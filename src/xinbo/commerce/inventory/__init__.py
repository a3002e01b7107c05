"""How many pieces of each SKU a merchant can still promise, pool by pool.

Owns `stock` and `reservation`. The general pool has the nil UUID; a show's own stock is a pool
of the show's id, filled with `allocate` out of the general pool and emptied into it with
`close_pool`. Pieces are promised with `reserve` and given back with `release`. Nothing here
knows what an order is: a reservation belongs to a holder, named by id.
"""

from xinbo.commerce.inventory._service import (
    BelowReserved,
    OutOfStock,
    allocate,
    close_pool,
    left,
    release,
    reserve,
    reserve_all,
    set_on_hand,
    set_on_hand_many,
    stock,
)
from xinbo.commerce.inventory._types import Quantity, SetStock, Stock, StockChanged, Take

__all__ = [
    "BelowReserved",
    "OutOfStock",
    "Quantity",
    "SetStock",
    "Stock",
    "StockChanged",
    "Take",
    "allocate",
    "close_pool",
    "left",
    "release",
    "reserve",
    "reserve_all",
    "set_on_hand",
    "set_on_hand_many",
    "stock",
]
