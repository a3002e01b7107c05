"""What callers ask of the orders room."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.inventory import Quantity
from xinbo.kit.money import Fen
from xinbo.kit.wire import Command

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


def one_line_each(lines: list[OrderItem] | list[CheckoutItem]) -> None:
    """Refuse an SKU that stands on two lines."""
    if len({line.sku_id for line in lines}) < len(lines):
        raise ValueError("an SKU may stand on one line only")
