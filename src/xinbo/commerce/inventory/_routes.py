"""HTTP face of the inventory room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta

from xinbo.commerce import catalog, inventory
from xinbo.commerce.catalog import SkuNotFound
from xinbo.commerce.inventory import BelowReserved, SetStock, Stock
from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, NotPermitted, require
from xinbo.kit.ids import NIL

# Not a `type` statement: Litestar would not see the list behind the name, and refuse it.
SkuIds = Annotated[list[UUID], Meta(min_length=1, max_length=200)]


class ShopStock(Controller):
    path = "/api/v1/stock"
    tags = ("products",)

    @get(summary="Show how many are left of these SKUs")
    async def list_stock(
        self, tx: NamedDependency[Tx], sku: FromQuery[SkuIds], pool: FromQuery[UUID] = NIL
    ) -> list[Stock]:
        return await inventory.stock(tx, sku, pool)


class ConsoleStock(Controller):
    path = "/api/v1/console/skus"
    tags = ("goods",)

    @put(
        "/{sku_id:uuid}/stock",
        summary="Say how many pieces of an SKU there are",
        responses=refuses(SignInRequired, NotPermitted, SkuNotFound, BelowReserved),
    )
    async def set_stock(
        self, tx: NamedDependency[Tx], sku_id: FromPath[UUID], data: JSONBody[SetStock]
    ) -> Stock:
        require(tx, Can.EDIT_GOODS)
        # Stock is counted of whatever has an id; that it is of our goods is seen here.
        if not await catalog.skus(tx, [sku_id]):
            raise SkuNotFound(sku_id=sku_id)
        return await inventory.set_on_hand(tx, sku_id, data.on_hand)
