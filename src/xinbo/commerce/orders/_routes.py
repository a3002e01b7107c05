"""HTTP face of the orders room."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from xinbo.commerce import orders
from xinbo.commerce.groups import AlreadyInGroup, GroupFull, GroupOver
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.members import TooFewPoints
from xinbo.commerce.offers import NotOnSale, OfferGone, PerPersonLimit
from xinbo.commerce.orders import (
    AskCheckout,
    BalanceNotDue,
    CallOff,
    Checkout,
    CouponRefused,
    Happening,
    HeldTooMuch,
    IllegalTransition,
    NotDelivered,
    Order,
    OrderNotFound,
    PlaceOrder,
    PriceChanged,
    Status,
    TotalChanged,
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
from xinbo.identity.access import Can, NotPermitted, require
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
            TotalChanged,
            NotOnSale,
            OfferGone,
            PerPersonLimit,
            NotDelivered,
            CouponRefused,
            TooFewPoints,
            GroupFull,
            GroupOver,
            AlreadyInGroup,
            HeldTooMuch,
            AddressNotFound,
        ),
    )
    async def place_order(
        self, tx: NamedDependency[Tx], data: JSONBody[PlaceOrder], request: Http
    ) -> Order:
        desk: orders.OrderDesk = request.app.state.order_desk
        return await desk.place(tx, shopper(tx), data, idempotency_key(request))

    @get(
        "/counts",
        summary="Count one's orders that wait for something",
        responses=refuses(SignInRequired),
    )
    async def count_orders(self, tx: NamedDependency[Tx]) -> dict[str, int]:
        shopper(tx)
        return {str(status): count for status, count in (await orders.counts(tx)).items()}

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

    @get(
        "/{order_id:uuid}/timeline",
        summary="Tell what happened to an order",
        responses=refuses(SignInRequired, OrderNotFound),
    )
    async def order_timeline(
        self, tx: NamedDependency[Tx], order_id: FromPath[UUID]
    ) -> list[Happening]:
        shopper(tx)
        return await orders.timeline(tx, order_id)

    @post(
        "/{order_id:uuid}/receipt",
        status_code=200,
        summary="Say that the goods arrived",
        responses=refuses(SignInRequired, OrderNotFound, IllegalTransition),
    )
    async def confirm_receipt(self, tx: NamedDependency[Tx], order_id: FromPath[UUID]) -> Order:
        shopper(tx)
        return await orders.confirm_receipt(tx, order_id)

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
            BalanceNotDue,
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
        return await orders.open_payment(
            tx, order_id, data.provider, idempotency_key(request), data.how
        )


class ShopCheckout(Controller):
    path = "/api/v1/checkout"
    tags = ("orders",)

    @post(
        status_code=200,
        summary="Say what an order would cost, and why",
        responses=refuses(SignInRequired, NotOnSale, OfferGone, CouponRefused, AddressNotFound),
    )
    async def checkout(self, tx: NamedDependency[Tx], data: JSONBody[AskCheckout]) -> Checkout:
        return await orders.checkout(tx, shopper(tx), data)


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

    @get(
        "/counts",
        summary="Count the orders that wait",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def count_console_orders(self, tx: NamedDependency[Tx]) -> dict[str, int]:
        require(tx, Can.SEE_ORDERS)
        return {str(status): count for status, count in (await orders.counts(tx)).items()}

    @get(
        "/{order_id:uuid}/timeline",
        summary="Tell the staff what happened to an order, who did it and why",
        responses=refuses(SignInRequired, NotPermitted, OrderNotFound),
    )
    async def console_order_timeline(
        self, tx: NamedDependency[Tx], order_id: FromPath[UUID]
    ) -> list[Happening]:
        require(tx, Can.SEE_ORDERS)
        return await orders.timeline(tx, order_id)

    @post(
        "/{order_id:uuid}/call-off",
        status_code=200,
        summary="End an order that cannot be sent; all money goes back (header `Idempotency-Key`)",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            IdempotencyKeyRequired,
            OrderNotFound,
            IllegalTransition,
        ),
    )
    async def call_off_order(
        self,
        tx: NamedDependency[Tx],
        order_id: FromPath[UUID],
        data: JSONBody[CallOff],
        request: Http,
    ) -> Order:
        require(tx, Can.SERVE_ORDERS)
        return await orders.call_off(tx, order_id, data.why, f"off-{idempotency_key(request)}")
