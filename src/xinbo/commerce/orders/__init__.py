"""What a shopper bought and how far it has come.

Owns `order` and `order_line`. An order is placed unpaid at the `OrderDesk` and holds its stock
until its `pay_by`. Money that comes in first makes it paid; money that comes for an order that
is over, or paid already, goes back once. Whoever retries with the same key gets the same order.
"""

from xinbo.commerce.orders._reactions import JOBS, REACTIONS, expire, sweep
from xinbo.commerce.orders._rules import PAYMENT_WINDOW, IllegalTransition, Status
from xinbo.commerce.orders._service.desk import OrderDesk
from xinbo.commerce.orders._service.life import (
    cancel,
    due,
    expire_unpaid,
    mark_paid,
    open_payment,
)
from xinbo.commerce.orders._service.placing import PriceChanged
from xinbo.commerce.orders._service.reads import (
    OrderNotFound,
    console_get,
    console_page,
    get,
    page_of,
)
from xinbo.commerce.orders._types import (
    Order,
    OrderCancelled,
    OrderItem,
    OrderLine,
    OrderPaid,
    OrderPlaced,
    PlaceOrder,
    Recipient,
)

__all__ = [
    "JOBS",
    "PAYMENT_WINDOW",
    "REACTIONS",
    "IllegalTransition",
    "Order",
    "OrderCancelled",
    "OrderDesk",
    "OrderItem",
    "OrderLine",
    "OrderNotFound",
    "OrderPaid",
    "OrderPlaced",
    "PlaceOrder",
    "PriceChanged",
    "Recipient",
    "Status",
    "cancel",
    "console_get",
    "console_page",
    "due",
    "expire",
    "expire_unpaid",
    "get",
    "mark_paid",
    "open_payment",
    "page_of",
    "sweep",
]
