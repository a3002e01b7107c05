"""What the orders room shows."""

from datetime import datetime
from uuid import UUID

from xinbo.commerce.offers import OfferKind
from xinbo.commerce.orders._rules import Status
from xinbo.commerce.pricing import Adjustment, Bill
from xinbo.kit.wire import View


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
