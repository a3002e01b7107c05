"""Where a merchant's goods belong and lie: a category and a warehouse."""

from uuid import UUID

from xinbo.commerce import catalog, inventory
from xinbo.commerce.catalog import PutCategory
from xinbo.commerce.inventory import PutWarehouse
from xinbo.engines.tx import Tx


async def kept(tx: Tx, warehouse: str) -> dict[str, UUID]:
    """Make a category, which everyone may see, and a warehouse, which is the merchant's own."""
    category = await catalog.add_category(tx, PutCategory(name="护肤"))
    yard = await inventory.add_warehouse(tx, PutWarehouse(name=warehouse))
    return {"category_id": category.id, "warehouse_id": yard.id}
