"""Structs of the orders room: the same ones on the wire, in the event log and between rooms."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.inventory import Quantity
from xinbo.commerce.orders._rules import Status
from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, Event, View


class OrderItem(Command, frozen=True):
    """So many of this SKU, at the price that the shopper was shown (minor units a piece)."""

    sku_id: UUID
    quantity: Quantity
    expected_price: Fen


class PlaceOrder(Command, frozen=True):
    """Buy these lines and have them sent there."""

    lines: Annotated[list[OrderItem], Meta(min_length=1, max_length=50)]
    address_id: UUID
    show_id: UUID | None
    """The show it was bought in; its prices and its stock apply."""
    note: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]

    def __post_init__(self) -> None:
        """Refuse what the field constraints cannot say; msgspec turns it into a 400."""
        if len({line.sku_id for line in self.lines}) < len(self.lines):
            raise ValueError("an SKU may stand on one line only")


class OrderLine(View, frozen=True):
    """One line of an order, as it was when it was placed."""

    sku_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_url: str | None
    unit: str
    quantity: int
    price: int
    list_price: int


class Recipient(View, frozen=True):
    """Where the goods go, as it was when the order was placed."""

    name: str
    phone: str
    region: list[str]
    street: str


class Order(View, frozen=True):
    """An order as its buyer and the staff see it."""

    id: UUID
    number: str
    """What people say on the phone: 18 digits, date first."""
    status: Status
    show_id: UUID | None
    shopper_id: UUID
    lines: list[OrderLine]
    total: int
    currency: str
    recipient: Recipient
    note: str
    placed_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    simulated: bool
    """Placed by the demo's simulated audience."""


class OrderPlaced(Event, frozen=True):
    """Stock is held and payment is awaited."""

    name = "orders.placed"
    order_id: UUID
    shopper_id: UUID
    show_id: UUID | None
    product_ids: list[UUID]
    sku_ids: list[UUID]
    quantity: int
    total: int
    simulated: bool


class OrderPaid(Event, frozen=True):
    """The money is in."""

    name = "orders.paid"
    order_id: UUID
    shopper_id: UUID
    show_id: UUID | None
    product_ids: list[UUID]
    sku_ids: list[UUID]
    quantity: int
    total: int
    simulated: bool


class OrderCancelled(Event, frozen=True):
    """The order is over and its stock is back on sale."""

    name = "orders.cancelled"
    order_id: UUID
    shopper_id: UUID
    show_id: UUID | None
    sku_ids: list[UUID]
    reason: str
    simulated: bool
