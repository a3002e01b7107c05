"""Ask for the stock of more SKUs than one statement can name."""

from collections.abc import Iterable
from itertools import batched
from uuid import UUID

from xinbo.commerce import inventory
from xinbo.commerce.catalog import Product
from xinbo.engines.tx import Tx

AT_ONCE = 10_000


async def on_hand(tx: Tx, products: Iterable[Product]) -> dict[UUID, int]:
    """Return the pieces on hand of every variant of these products, by SKU id."""
    sku_ids = [sku.id for product in products for sku in product.skus]
    return {
        each.sku_id: each.on_hand
        for some in batched(sku_ids, AT_ONCE, strict=False)
        for each in await inventory.stock(tx, some)
    }
