"""Structs of the catalog room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.catalog._rules import clean
from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, Event, View

type Title = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"\S")]
type SkuCode = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^\S+( \S+)*$")]
type Handle = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\s/?#]+$")]


class ProductStatus(StrEnum):
    """Whether shoppers can see a product."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


class Picture(View, frozen=True):
    """A picture of a product."""

    id: UUID
    url: str
    thumb_url: str
    alt: str
    width: int
    height: int


class Sku(View, frozen=True):
    """One thing that can be bought: a product in one of its variants."""

    id: UUID
    code: str
    """The merchant's own SKU code, unique with the merchant."""
    options: list[str]
    """One value for each of the product's option names; empty where there is one variant."""
    price: int
    """List price in minor units."""
    currency: str
    barcode: str
    picture_id: UUID | None
    """Which of the product's pictures shows this variant."""
    picture_url: str | None


class SkuCard(View, frozen=True):
    """An SKU as carts, offers and orders show it, with what they need of its product."""

    sku_id: UUID
    product_id: UUID
    code: str
    title: str
    options: list[str]
    unit: str
    picture_url: str | None
    """Thumbnail: the variant's own picture, or else the product's first."""
    price: int
    """List price in minor units."""
    currency: str
    on_sale: bool
    """Whether it can be bought: the product is active and the variant is not retired."""


class Product(View, frozen=True):
    """A product with its variants."""

    id: UUID
    handle: str
    title: str
    subtitle: str
    description: str
    unit: str
    """What one piece is: 瓶, 盒, 件."""
    status: ProductStatus
    option_names: list[str]
    skus: list[Sku]
    pictures: list[Picture]
    updated_at: datetime


class PutSku(Command, frozen=True):
    """Write a variant. `id` is null for a new one; a variant left out is retired."""

    id: UUID | None
    code: SkuCode
    options: Annotated[list[Annotated[str, Meta(min_length=1, max_length=60)]], Meta(max_length=3)]
    price: Fen
    barcode: Annotated[str, Meta(max_length=64)]
    picture_id: UUID | None = None


class PutProduct(Command, frozen=True):
    """Write a product."""

    handle: Handle | None
    """Stable name in addresses and files; made from the title where null."""
    title: Title
    subtitle: Annotated[str, Meta(max_length=200)]
    description: Annotated[str, Meta(max_length=20_000)]
    unit: Annotated[str, Meta(min_length=1, max_length=12)]
    status: ProductStatus
    option_names: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=40)]], Meta(max_length=3)
    ]
    skus: Annotated[list[PutSku], Meta(min_length=1, max_length=200)]

    def __post_init__(self) -> None:
        """Refuse texts of which nothing is left to read; msgspec turns it into a 400."""
        values = [value for sku in self.skus for value in (sku.code, *sku.options)]
        if not all(map(clean, [self.title, self.unit, *self.option_names, *values])):
            raise ValueError("a name may not be empty")


class PutPicture(Command, frozen=True):
    """Show a picture that the merchant has already: the `url` of a picture of its goods."""

    url: str
    alt: Annotated[str, Meta(max_length=200)]


class Upsert(Command, frozen=True):
    """Write one product of many. Without an `id` it is a new one."""

    id: UUID | None
    product: PutProduct
    pictures: list[PutPicture]
    """Added where the product does not show them yet; none is taken away."""


class ProductChanged(Event, frozen=True):
    """A product was made, changed or archived."""

    name = "products.changed"
    product_id: UUID
    status: ProductStatus
