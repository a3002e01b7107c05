"""Structs of the orders room: the same ones on the wire, in the event log and between rooms."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.inventory import Quantity
from xinbo.commerce.offers import OfferKind
from xinbo.commerce.orders._rules import Status
from xinbo.commerce.pricing import Adjustment, Bill
from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, Event, View

type Points = Annotated[int, Meta(ge=0, le=10_000_000_000)]
type Note = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class OrderItem(Command, frozen=True):
    """So many of this SKU, at the price that the shopper was shown (minor units a piece)."""

    sku_id: UUID
    quantity: Quantity
    expected_price: Fen


class Chosen(Command, frozen=True):
    """A way of buying that the shopper chose: such an order has one line."""

    offer_id: UUID
    group_id: UUID | None = None
    """The group to join; null opens one. For group buying alone."""
    bargain_id: UUID | None = None
    """Whose price it is. For bargains alone."""


class PlaceOrder(Command, frozen=True):
    """Buy these lines and have them sent there."""

    lines: Annotated[list[OrderItem], Meta(min_length=1, max_length=50)]
    address_id: UUID
    show_id: UUID | None
    """The show it is bought in; its prices and its stock apply."""
    note: Note
    chosen: Chosen | None = None
    coupon_id: UUID | None = None
    points: Points = 0
    """How many the shopper means to spend; as many are spent as may be."""
    expected_total: Fen | None = None
    """What the page said it costs in all; null where only the lines' prices were shown."""

    def __post_init__(self) -> None:
        """Refuse what the field constraints cannot say; msgspec turns it into a 400."""
        one_line_each(self.lines)
        if self.chosen is not None and len(self.lines) > 1:
            raise ValueError("a way of buying that was chosen is for one line")


class CheckoutItem(Command, frozen=True):
    """So many of this SKU."""

    sku_id: UUID
    quantity: Quantity


class AskCheckout(Command, frozen=True):
    """Ask what these lines cost, all in all."""

    lines: Annotated[list[CheckoutItem], Meta(min_length=1, max_length=50)]
    address_id: UUID | None = None
    """Where it would go; null: freight is not known yet."""
    show_id: UUID | None = None
    chosen: Chosen | None = None
    coupon_id: UUID | None = None
    """The coupon to use; null: the best one, unless `no_coupon`."""
    no_coupon: bool = False
    points: Points = 0

    def __post_init__(self) -> None:
        """Refuse what the field constraints cannot say; msgspec turns it into a 400."""
        one_line_each(self.lines)


class CheckoutLine(View, frozen=True):
    """One line as it would be ordered now."""

    sku_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_url: str | None
    unit: str
    quantity: int
    price: int
    list_price: int
    kind: OfferKind
    ends_at: datetime | None
    """When the price ends."""
    per_person: int | None
    left: int
    adjustments: list[Adjustment]
    payable: int
    gift: bool


class CheckoutCoupon(View, frozen=True):
    """A coupon of the shopper's, and what it would take off."""

    id: UUID
    name: str
    off: int
    usable: bool
    why: str | None
    """Why it cannot be used: `threshold`, `scope`, `blocked`, `locked`, `window`, `venue`."""
    short: int
    """How much more would have to be bought; 0 where that is not the reason."""
    ends_at: datetime | None


class Checkout(View, frozen=True):
    """What an order would cost, and why: what is placed is priced by the same function."""

    lines: list[CheckoutLine]
    """Gifts come after the lines that were asked for."""
    bill: Bill
    coupons: list[CheckoutCoupon]
    coupon_id: UUID | None
    """The one that is counted in."""
    points_balance: int
    points_most: int
    """How many could be spent on this."""
    fen_per_100: int
    freight_known: bool
    not_delivered: list[UUID]
    """SKUs that do not go there."""
    deposit: int
    """Of a pre-sale: what is paid now; 0 of all others."""
    balance: int
    balance_from: datetime | None
    balance_until: datetime | None
    ships_by: datetime | None
    total: int
    currency: str


class OrderLine(View, frozen=True):
    """One line of an order, as it was when it was placed."""

    position: int
    sku_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_url: str | None
    unit: str
    quantity: int
    price: int
    list_price: int
    kind: OfferKind
    payable: int
    """Money for the whole line, freight apart."""
    points: int
    """The line's share of the points that were spent."""
    adjustments: list[Adjustment]
    gift: bool
    return_rule: str
    shipped: int
    withdrawn: int
    """Pieces that were taken out of the order before they were sent."""
    returned: int
    """Pieces whose money went back, sent or not."""
    refunded: int
    """Money that went back for this line."""


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
    kind: OfferKind
    show_id: UUID | None
    shopper_id: UUID
    group_id: UUID | None
    lines: list[OrderLine]
    goods: int
    off: int
    freight: int
    points: int
    total: int
    deposit: int
    """Of a pre-sale: what is paid first; 0 of all others."""
    balance_from: datetime | None
    ships_by: datetime | None
    bill: Bill | None
    """Why it costs what it costs; null of orders from before there were promotions."""
    currency: str
    recipient: Recipient
    note: str
    placed_at: datetime
    pay_by: datetime
    due_at: datetime | None
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    refunded: int
    simulated: bool
    """Placed by the demo's simulated audience."""

    @property
    def due(self) -> int:
        """What is to be paid next, where something is."""
        if not self.deposit:
            return self.total
        return self.deposit if self.status is Status.AWAITING_PAYMENT else self.total - self.deposit


class RefundPart(Command, frozen=True):
    """Pieces of a line whose money goes back; `amount` where it is not their exact share."""

    position: int
    quantity: Annotated[int, Meta(ge=0, le=999)]
    amount: Fen | None = None
    sent: bool = False
    """Whether they are pieces that the shopper had; others are taken from what is unsent."""


class RefundAsk(Command, frozen=True):
    """What goes back, why, and the key under which it does so once."""

    parts: list[RefundPart]
    key: str
    reason: str
    freight: Fen = 0


class CallOff(Command, frozen=True):
    """End an order that the merchant cannot send."""

    why: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]


class Refunded(View, frozen=True):
    """What went back."""

    amount: int
    points: int
    coupon_restored: bool


class Happening(View, frozen=True):
    """One thing that happened to an order: what, when, who and why."""

    id: UUID
    name: str
    """The fact's name: `orders.paid`, `shipments.delivered`."""
    at: datetime
    role: str | None
    actor_id: UUID | None
    facts: dict[str, object]


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


def one_line_each(lines: list[OrderItem] | list[CheckoutItem]) -> None:
    """Refuse an SKU that stands on two lines."""
    if len({line.sku_id for line in lines}) < len(lines):
        raise ValueError("an SKU may stand on one line only")
