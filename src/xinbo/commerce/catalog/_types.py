"""Structs of the catalog room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.catalog._rules import AttributeValue, UnitPrice, clean
from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, Event, View

type Title = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"\S")]
type SkuCode = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^\S+( \S+)*$")]
type Handle = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\s/?#]+$")]

type Grams = Annotated[int, Meta(ge=0, le=1_000_000)]
type Content = Annotated[int, Meta(ge=1, le=1_000_000)]


class ProductStatus(StrEnum):
    """Whether shoppers can see a product."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


class AttributeKind(StrEnum):
    """What an attribute's value is."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    BOOL = "bool"


class ReturnRule(StrEnum):
    """Whether goods may go back within seven days without a reason (消费者权益保护法 art. 25)."""

    SEVEN_DAYS = "seven_days"
    NO_RETURNS = "no_returns"
    """Fresh goods, made to order, digital goods once delivered, newspapers and magazines."""
    UNLESS_OPENED = "unless_opened"
    """Goods that opening spoils, where the buyer was told before paying: cosmetics, food."""


class ContentUnit(StrEnum):
    """What net content is counted in."""

    ML = "ml"
    G = "g"
    PIECE = "piece"


class Sort(StrEnum):
    """In what order products are listed. What is in stock comes first in every one."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"


class Attribute(View, frozen=True):
    """What is to be said of the goods of a category."""

    key: str
    name: str
    kind: AttributeKind
    unit: str
    """Of a number: 瓦, cm. Empty where there is none."""
    options: list[str]
    """Of a choice: what may be chosen."""
    required: bool


class Category(View, frozen=True):
    """A category of the merchant's tree."""

    id: UUID
    parent_id: UUID | None
    name: str
    position: int
    path: list[UUID]
    """Itself, its parent and so on up to the root."""
    attributes: list[Attribute]
    """Its own. Those of its ancestors hold for its goods as well."""
    return_rule: ReturnRule | None
    """Its own; null = the parent's, at the root `seven_days`."""
    effective_rule: ReturnRule


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
    grams: int
    """What it weighs when it is sent; 0 = not known."""
    content: int | None
    """Its own net content in the product's unit; null = the product's."""
    unit_price: UnitPrice | None
    """The list price of 100 ml, 100 g or one piece."""
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
    category_ids: list[UUID]
    """The product's category and its ancestors, up to the root; empty where it has none."""
    brand: str
    grams: int
    """What it weighs when it is sent; 0 = not known."""
    return_rule: ReturnRule


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
    category_id: UUID | None
    brand: str
    attributes: dict[str, AttributeValue]
    """By the keys of the category's attributes and those of its ancestors."""
    content: int | None
    content_unit: ContentUnit | None
    updated_at: datetime


class ProductCard(View, frozen=True):
    """A product as lists show it."""

    id: UUID
    title: str
    subtitle: str
    brand: str
    unit: str
    category_id: UUID | None
    picture_url: str | None
    price: int
    """The lowest list price of its variants, in minor units."""
    price_to: int
    """The highest."""
    currency: str
    unit_price: UnitPrice | None
    """Of the cheapest variant."""
    sold_out: bool
    """As of a moment ago."""


class Bucket(View, frozen=True):
    """How many of the products found are so."""

    value: str
    count: int


class AttributeFacet(View, frozen=True):
    """The values of an attribute among the products found."""

    key: str
    buckets: list[Bucket]


class Facets(View, frozen=True):
    """What the products found have in common: of the first 1,000 of them."""

    counted: int
    """How many were found: 1,000 means that many or more."""
    brands: list[Bucket]
    categories: list[Bucket]
    """By category id."""
    attributes: list[AttributeFacet]
    price_from: int | None
    price_to: int | None


class Suggestion(View, frozen=True):
    """What somebody may be about to type."""

    text: str
    kind: str
    """`category`, `brand` or `product`."""
    id: UUID | None
    """Of the category or the product."""


class PutAttribute(Command, frozen=True):
    """Write an attribute of a category."""

    key: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
    kind: AttributeKind
    unit: Annotated[str, Meta(max_length=12)] = ""
    options: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=60)]], Meta(max_length=100)
    ] = []
    required: bool = False

    def __post_init__(self) -> None:
        """Refuse a choice without options; msgspec turns it into a 400."""
        if (self.kind is AttributeKind.CHOICE) != bool(self.options):
            raise ValueError("a choice has options, and nothing else has")
        if len(set(self.options)) < len(self.options):
            raise ValueError("each option once")


class PutCategory(Command, frozen=True):
    """Write a category."""

    name: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
    parent_id: UUID | None = None
    position: Annotated[int, Meta(ge=0, le=10_000)] = 0
    attributes: Annotated[list[PutAttribute], Meta(max_length=40)] = []
    return_rule: ReturnRule | None = None
    """Null = the parent's, at the root `seven_days`."""


class Search(Command, frozen=True):
    """What products somebody looks for: everything given must hold."""

    q: str = ""
    """Words in Chinese, pinyin, initials or a mixture; traditional characters too."""
    category_id: UUID | None = None
    """With all that is below it."""
    brand: str | None = None
    attributes: list[str] = []
    """As `key:value`; values of one key are alternatives."""
    price_from: Fen | None = None
    price_to: Fen | None = None
    in_stock: bool = False
    sort: Sort = Sort.RELEVANCE


class PutSku(Command, frozen=True):
    """Write a variant. `id` is null for a new one; a variant left out is retired."""

    id: UUID | None
    code: SkuCode
    options: Annotated[list[Annotated[str, Meta(min_length=1, max_length=60)]], Meta(max_length=3)]
    price: Fen
    barcode: Annotated[str, Meta(max_length=64)]
    picture_id: UUID | None = None
    grams: Grams = 0
    content: Content | None = None
    """Its own net content, in the product's unit; null = the product's."""


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
    category_id: UUID | None = None
    brand: Annotated[str, Meta(max_length=60)] = ""
    attributes: Annotated[
        dict[Annotated[str, Meta(max_length=40)], AttributeValue], Meta(max_length=160)
    ] = {}
    content: Content | None = None
    """Net content of one piece: 30 with `ml`, 500 with `g`."""
    content_unit: ContentUnit | None = None

    def __post_init__(self) -> None:
        """Refuse texts of which nothing is left to read; msgspec turns it into a 400."""
        values = [value for sku in self.skus for value in (sku.code, *sku.options)]
        if not all(map(clean, [self.title, self.unit, *self.option_names, *values])):
            raise ValueError("a name may not be empty")
        if (self.content is None) != (self.content_unit is None):
            raise ValueError("content and its unit go together")
        if self.content is None and any(sku.content for sku in self.skus):
            raise ValueError("a variant's content is in the product's unit")


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


class CategoriesChanged(Event, frozen=True):
    """The tree of categories changed."""

    name = "categories.changed"
    category_id: UUID
