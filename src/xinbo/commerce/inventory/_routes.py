"""HTTP face of the inventory room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from xinbo.commerce import catalog, inventory
from xinbo.commerce.catalog import SkuNotFound
from xinbo.commerce.inventory import (
    Adjust,
    BelowReserved,
    Moved,
    Movement,
    MoveReason,
    PutWarehouse,
    Receive,
    SetStock,
    SetThreshold,
    Stock,
    StockLevel,
    Transfer,
    Warehouse,
    WarehouseNameTaken,
    WarehouseNotFound,
    WarehouseRefused,
    WarehouseShort,
)
from xinbo.engines.http import (
    Http,
    IdempotencyKeyRequired,
    SignInRequired,
    idempotency_key,
    refuses,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, NotPermitted, require
from xinbo.kit.ids import NIL
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page

MOVE_REFUSALS = (
    SignInRequired,
    NotPermitted,
    IdempotencyKeyRequired,
    SkuNotFound,
    WarehouseNotFound,
)

# Of lists in a query Litestar heeds no other bounds than these, and none behind a `type` name.
SkuIds = Annotated[list[UUID], QueryParameter(min_items=1, max_items=200)]


class ShopStock(Controller):
    path = "/api/v1/stock"
    tags = ("products",)

    @get(summary="Show how many are left of these SKUs")
    async def list_stock(
        self, tx: NamedDependency[Tx], sku: SkuIds, pool: FromQuery[UUID] = NIL
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

    @put(
        "/{sku_id:uuid}/threshold",
        summary="Say at how many pieces an SKU is low",
        responses=refuses(SignInRequired, NotPermitted, SkuNotFound),
    )
    async def set_threshold(
        self, tx: NamedDependency[Tx], sku_id: FromPath[UUID], data: JSONBody[SetThreshold]
    ) -> StockLevel:
        require(tx, Can.EDIT_GOODS)
        if not await catalog.skus(tx, [sku_id]):
            raise SkuNotFound(sku_id=sku_id)
        await inventory.set_threshold(tx, sku_id, data.threshold)
        return await inventory.level(tx, sku_id)


class ConsoleLevels(Controller):
    path = "/api/v1/console/stock"
    tags = ("goods",)

    @get(
        summary="List how goods stand: what there is, where it lies, what is promised",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def list_levels(
        self,
        tx: NamedDependency[Tx],
        words: Annotated[str | None, QueryParameter(name="query")] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[StockLevel]:
        return await inventory.levels(tx, words, cursor, limit)

    @get("/alerts", summary="List what is low", responses=refuses(SignInRequired, NotPermitted))
    async def list_alerts(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[StockLevel]:
        return await inventory.alerts(tx, cursor, limit)

    @get(
        "/movements",
        summary="List what moved, and why",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def list_movements(  # noqa: PLR0913, PLR0917 one for each filter
        self,
        tx: NamedDependency[Tx],
        sku: FromQuery[UUID | None] = None,
        warehouse: FromQuery[UUID | None] = None,
        why: FromQuery[MoveReason | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Movement]:
        return await inventory.movements(tx, Moved(sku, warehouse, why), cursor, limit)

    @post(
        "/receipts",
        summary="Take in goods",
        status_code=204,
        responses=refuses(*MOVE_REFUSALS),
    )
    async def receive(
        self, tx: NamedDependency[Tx], request: Http, data: JSONBody[Receive]
    ) -> None:
        await inventory.receive(tx, data, idempotency_key(request))

    @post(
        "/adjustments",
        summary="Set right what a warehouse holds",
        status_code=204,
        responses=refuses(*MOVE_REFUSALS, BelowReserved, WarehouseShort),
    )
    async def adjust(self, tx: NamedDependency[Tx], request: Http, data: JSONBody[Adjust]) -> None:
        await inventory.adjust(tx, data, idempotency_key(request))

    @post(
        "/transfers",
        summary="Move goods from one warehouse to another",
        status_code=204,
        responses=refuses(*MOVE_REFUSALS, WarehouseRefused, WarehouseShort),
    )
    async def transfer(
        self, tx: NamedDependency[Tx], request: Http, data: JSONBody[Transfer]
    ) -> None:
        await inventory.transfer(tx, data, idempotency_key(request))


class ConsoleWarehouses(Controller):
    path = "/api/v1/console/warehouses"
    tags = ("goods",)

    @get(summary="List warehouses", responses=refuses(SignInRequired, NotPermitted))
    async def list_warehouses(self, tx: NamedDependency[Tx]) -> list[Warehouse]:
        return await inventory.warehouses(tx)

    @post(
        summary="Open a warehouse",
        responses=refuses(SignInRequired, NotPermitted, WarehouseNameTaken, WarehouseRefused),
    )
    async def add_warehouse(
        self, tx: NamedDependency[Tx], data: JSONBody[PutWarehouse]
    ) -> Warehouse:
        return await inventory.add_warehouse(tx, data)

    @put(
        "/{warehouse_id:uuid}",
        summary="Change a warehouse",
        responses=refuses(SignInRequired, NotPermitted, WarehouseNotFound, WarehouseNameTaken),
    )
    async def put_warehouse(
        self, tx: NamedDependency[Tx], warehouse_id: FromPath[UUID], data: JSONBody[PutWarehouse]
    ) -> Warehouse:
        return await inventory.put_warehouse(tx, warehouse_id, data)
