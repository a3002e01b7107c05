"""Structs of the cart room."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.kit.wire import Command, View


class CartLine(View, frozen=True):
    """One line of a cart, at today's price."""

    sku_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_url: str | None
    unit: str
    quantity: int
    price: int
    list_price: int
    currency: str
    left: int
    show_id: UUID | None
    """The show whose price it has."""
    on_sale: bool
    """False where the product went off sale since; such a line cannot be ordered."""


class Cart(View, frozen=True):
    """What a shopper means to buy."""

    lines: list[CartLine]
    total: int
    """Minor units, over the lines that are on sale."""
    currency: str


class PutCartLine(Command, frozen=True):
    """Put a number of pieces of an SKU in the cart."""

    quantity: Annotated[int, Meta(ge=1, le=999)]
    show_id: UUID | None
