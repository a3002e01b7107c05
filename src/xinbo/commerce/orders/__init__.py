"""What a shopper bought and how far it has come.

Owns `order`, `order_line`, `order_receipt` and `order_refund`. What an order costs is said by one
function, to the page that asks (`checkout`) and to the order that is placed. An order is placed
unpaid at the `OrderDesk` and holds its stock until its `pay_by`. Money that comes in first makes
it paid; money that comes for an order that is over, or paid already, goes back once. Whoever
retries with the same key gets the same order. Pieces are sent (`ship`), money goes back for
exactly its share (`refund`), and everything that happened can be told (`timeline`).
"""

from xinbo.commerce.orders._reactions import JOBS, REACTIONS, expire, sweep
from xinbo.commerce.orders._rules import PAYMENT_WINDOW, IllegalTransition, Status
from xinbo.commerce.orders._service.billing import CouponRefused, NotDelivered
from xinbo.commerce.orders._service.checkout import checkout
from xinbo.commerce.orders._service.desk import OrderDesk
from xinbo.commerce.orders._service.drafts import sold
from xinbo.commerce.orders._service.holds import HeldTooMuch, Holds
from xinbo.commerce.orders._service.life import (
    BalanceNotDue,
    cancel,
    complete_group,
    due,
    fail_group,
    mark_paid,
    open_payment,
)
from xinbo.commerce.orders._service.placing import PriceChanged, TotalChanged
from xinbo.commerce.orders._service.reads import (
    OrderNotFound,
    bought,
    by_ids,
    by_numbers,
    console_get,
    console_page,
    counts,
    get,
    page_of,
    paid_in,
    timeline,
)
from xinbo.commerce.orders._service.refunds import NothingToRefund, call_off, refund, share
from xinbo.commerce.orders._service.sending import NotThatMany, confirm_receipt, delivered, ship
from xinbo.commerce.orders._service.sweeping import move_on
from xinbo.commerce.orders._types import (
    AskCheckout,
    CallOff,
    Checkout,
    CheckoutCoupon,
    CheckoutItem,
    CheckoutLine,
    Chosen,
    DepositPaid,
    Happening,
    Order,
    OrderCancelled,
    OrderCompleted,
    OrderDelivered,
    OrderItem,
    OrderLine,
    OrderNoted,
    OrderPaid,
    OrderPlaced,
    OrderReady,
    OrderRefunded,
    OrderShipped,
    PlaceOrder,
    Recipient,
    RefundAsk,
    Refunded,
    RefundPart,
    SoldLine,
)

__all__ = [
    "JOBS",
    "PAYMENT_WINDOW",
    "REACTIONS",
    "AskCheckout",
    "BalanceNotDue",
    "CallOff",
    "Checkout",
    "CheckoutCoupon",
    "CheckoutItem",
    "CheckoutLine",
    "Chosen",
    "CouponRefused",
    "DepositPaid",
    "Happening",
    "HeldTooMuch",
    "Holds",
    "IllegalTransition",
    "NotDelivered",
    "NotThatMany",
    "NothingToRefund",
    "Order",
    "OrderCancelled",
    "OrderCompleted",
    "OrderDelivered",
    "OrderDesk",
    "OrderItem",
    "OrderLine",
    "OrderNotFound",
    "OrderNoted",
    "OrderPaid",
    "OrderPlaced",
    "OrderReady",
    "OrderRefunded",
    "OrderShipped",
    "PlaceOrder",
    "PriceChanged",
    "Recipient",
    "RefundAsk",
    "RefundPart",
    "Refunded",
    "SoldLine",
    "Status",
    "TotalChanged",
    "bought",
    "by_ids",
    "by_numbers",
    "call_off",
    "cancel",
    "checkout",
    "complete_group",
    "confirm_receipt",
    "console_get",
    "console_page",
    "counts",
    "delivered",
    "due",
    "expire",
    "fail_group",
    "get",
    "mark_paid",
    "move_on",
    "open_payment",
    "page_of",
    "paid_in",
    "refund",
    "share",
    "ship",
    "sold",
    "sweep",
    "timeline",
]
