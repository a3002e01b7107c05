"""What happened to orders, as the event log keeps it."""

from uuid import UUID

from xinbo.kit.wire import Event, View


class SoldLine(View, frozen=True):
    """What a fact says of one line."""

    product_id: UUID
    sku_id: UUID
    quantity: int
    amount: int
    """Money for the whole line."""


class OrderPlaced(Event, frozen=True):
    """Stock is held and payment is awaited."""

    name = "orders.placed"
    about = "order_id"
    order_id: UUID
    shopper_id: UUID
    show_id: UUID | None
    product_ids: list[UUID]
    sku_ids: list[UUID]
    quantity: int
    total: int
    simulated: bool
    lines: list[SoldLine] = []


class DepositPaid(Event, frozen=True):
    """The first part of a pre-sale is in."""

    name = "orders.deposit_paid"
    about = "order_id"
    order_id: UUID
    shopper_id: UUID
    amount: int


class OrderPaid(Event, frozen=True):
    """The money is in, all of it."""

    name = "orders.paid"
    about = "order_id"
    order_id: UUID
    shopper_id: UUID
    show_id: UUID | None
    product_ids: list[UUID]
    sku_ids: list[UUID]
    quantity: int
    total: int
    simulated: bool
    lines: list[SoldLine] = []


class OrderReady(Event, frozen=True):
    """Nothing stands between the order and its being sent: paid, and the group is complete."""

    name = "orders.ready"
    about = "order_id"
    order_id: UUID


class OrderCancelled(Event, frozen=True):
    """The order is over and its stock is back on sale."""

    name = "orders.cancelled"
    about = "order_id"
    order_id: UUID
    shopper_id: UUID
    show_id: UUID | None
    sku_ids: list[UUID]
    reason: str
    simulated: bool


class OrderShipped(Event, frozen=True):
    """Pieces of the order were sent: some, or with these all."""

    name = "orders.shipped"
    about = "order_id"
    order_id: UUID
    shopper_id: UUID
    ref: str
    positions: list[tuple[int, int]]
    whole: bool


class OrderDelivered(Event, frozen=True):
    """The carrier says that everything arrived."""

    name = "orders.delivered"
    about = "order_id"
    order_id: UUID
    shopper_id: UUID


class OrderCompleted(Event, frozen=True):
    """The shopper has the goods: said so, or said nothing in time (`reason`)."""

    name = "orders.completed"
    about = "order_id"
    order_id: UUID
    shopper_id: UUID
    reason: str
    earned_points: int


class OrderRefunded(Event, frozen=True):
    """Money and points go back to the shopper."""

    name = "orders.refunded"
    about = "order_id"
    order_id: UUID
    shopper_id: UUID
    show_id: UUID | None
    amount: int
    points: int
    coupon_restored: bool
    reason: str
    parts: list[tuple[int, int, int]]
    """Position, pieces, money."""


class OrderNoted(Event, frozen=True):
    """Something else that belongs to the order's history: an address corrected, a remark."""

    name = "orders.noted"
    about = "order_id"
    order_id: UUID
    what: str
    why: str
