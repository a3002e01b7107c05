"""HTTP face of the orders room."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from xinbo.commerce import orders
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.offers import NotOnSale
from xinbo.commerce.orders import (
    IllegalTransition,
    Order,
    OrderNotFound,
    PlaceOrder,
    PriceChanged,
    Status,
)
from xinbo.commerce.payments import (
    IdempotencyKeyReused,
    OpenPayment,
    Payment,
    ProviderUnknown,
)
from xinbo.engines.http import (
    Http,
    IdempotencyKeyRequired,
    SignInRequired,
    idempotency_key,
    refuses,
    shopper,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.identity.accounts import AddressNotFound
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page


class ShopOrders(Controller):
    path = "/api/v1/orders"
    tags = ("orders",)

    @post(
        summary="Place an order (header `Idempotency-Key`)",
        responses=refuses(
            SignInRequired,
            IdempotencyKeyRequired,
            IdempotencyKeyReused,
            OutOfStock,
            PriceChanged,
            NotOnSale,
            AddressNotFound,
        ),
    )
    async def place_order(
        self, tx: NamedDependency[Tx], data: JSONBody[PlaceOrder], request: Http
    ) -> Order:
        desk: orders.OrderDesk = request.app.state.order_desk
        return await desk.place(tx, shopper(tx), data, idempotency_key(request))

    @get(summary="List one's orders", responses=refuses(SignInRequired))
    async def list_orders(
        self,
        tx: NamedDependency[Tx],
        status: FromQuery[Status | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Order]:
        shopper(tx)
        return await orders.page_of(tx, status, None, cursor, limit)

    @get(
        "/{order_id:uuid}",
        summary="Show one order",
        responses=refuses(SignInRequired, OrderNotFound),
    )
    async def get_order(self, tx: NamedDependency[Tx], order_id: FromPath[UUID]) -> Order:
        shopper(tx)
        return await orders.get(tx, order_id)

    @post(
        "/{order_id:uuid}/cancel",
        status_code=200,
        summary="Cancel an unpaid order",
        responses=refuses(SignInRequired, OrderNotFound, IllegalTransition),
    )
    async def cancel_order(self, tx: NamedDependency[Tx], order_id: FromPath[UUID]) -> Order:
        shopper(tx)
        return await orders.cancel(tx, order_id, reason="shopper")

    @post(
        "/{order_id:uuid}/payments",
        summary="Open a payment for an order (header `Idempotency-Key`)",
        responses=refuses(
            SignInRequired,
            IdempotencyKeyRequired,
            IdempotencyKeyReused,
            OrderNotFound,
            IllegalTransition,
            ProviderUnknown,
        ),
    )
    async def open_payment(
        self,
        tx: NamedDependency[Tx],
        order_id: FromPath[UUID],
        data: JSONBody[OpenPayment],
        request: Http,
    ) -> Payment:
        shopper(tx)
        return await orders.open_payment(tx, order_id, data.provider, idempotency_key(request))


class ConsoleOrders(Controller):
    path = "/api/v1/console/orders"
    tags = ("orders",)

    @get(summary="List the merchant's orders", responses=refuses(SignInRequired, NotPermitted))
    async def list_console_orders(
        self,
        tx: NamedDependency[Tx],
        status: FromQuery[Status | None] = None,
        show: FromQuery[UUID | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Order]:
        return await orders.console_page(tx, status, show, cursor, limit)

    @get(
        "/{order_id:uuid}",
        summary="Show one order to the staff",
        responses=refuses(SignInRequired, NotPermitted, OrderNotFound),
    )
    async def get_console_order(self, tx: NamedDependency[Tx], order_id: FromPath[UUID]) -> Order:
        return await orders.console_get(tx, order_id)
