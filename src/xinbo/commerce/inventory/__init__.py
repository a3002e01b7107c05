"""How many pieces of each SKU a merchant can still promise, and in which warehouse they lie.

Owns `stock` and `reservation`: what can be promised, pool by pool. The general pool has the nil
UUID; a show's own stock is a pool of the show's id, filled with `allocate` out of the general pool
and emptied into it with `close_pool`. Pieces are promised with `reserve` and given back with
`release`. Nothing here knows what an order is: a reservation belongs to a holder, named by id.

Owns `warehouse`, `warehouse_stock` and `stock_movement` as well: where pieces lie, and why each
came or went. Of every SKU there is as much in all warehouses as in all pools. And `stock_watch`:
what the merchant wants to know of when few are left.
"""

from xinbo.commerce.inventory._service.goods import (
    adjust,
    alerts,
    level,
    levels,
    receive,
    ship,
    take_back,
    transfer,
)
from xinbo.commerce.inventory._service.pools import (
    BelowReserved,
    NotReserved,
    OutOfStock,
    allocate,
    close_pool,
    left,
    release,
    release_some,
    reserve,
    reserve_all,
    set_on_hand,
    set_on_hand_many,
    stock,
)
from xinbo.commerce.inventory._service.watching import set_threshold
from xinbo.commerce.inventory._service.yards import (
    Moved,
    WarehouseNameTaken,
    WarehouseNotFound,
    WarehouseRefused,
    WarehouseShort,
    add_warehouse,
    movements,
    put_warehouse,
    warehouses,
)
from xinbo.commerce.inventory._types import (
    Adjust,
    Held,
    Movement,
    MovePart,
    MoveReason,
    PutWarehouse,
    Quantity,
    Receive,
    SetStock,
    SetThreshold,
    Stock,
    StockChanged,
    StockLevel,
    StockLow,
    Take,
    Transfer,
    Warehouse,
)

__all__ = [
    "Adjust",
    "BelowReserved",
    "Held",
    "MovePart",
    "MoveReason",
    "Moved",
    "Movement",
    "NotReserved",
    "OutOfStock",
    "PutWarehouse",
    "Quantity",
    "Receive",
    "SetStock",
    "SetThreshold",
    "Stock",
    "StockChanged",
    "StockLevel",
    "StockLow",
    "Take",
    "Transfer",
    "Warehouse",
    "WarehouseNameTaken",
    "WarehouseNotFound",
    "WarehouseRefused",
    "WarehouseShort",
    "add_warehouse",
    "adjust",
    "alerts",
    "allocate",
    "close_pool",
    "left",
    "level",
    "levels",
    "movements",
    "put_warehouse",
    "receive",
    "release",
    "release_some",
    "reserve",
    "reserve_all",
    "set_on_hand",
    "set_on_hand_many",
    "set_threshold",
    "ship",
    "stock",
    "take_back",
    "transfer",
    "warehouses",
]
