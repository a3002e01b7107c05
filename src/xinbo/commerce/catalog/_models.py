"""Tables of the catalog room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from xinbo.commerce.catalog._rules import AttributeValue, UnitPrice, unit_price
from xinbo.engines.blobs import url
from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.kit.money import CURRENCY


class CategoryRow(Model):
    """One category: a node of the merchant's tree."""

    __tablename__ = "category"
    __table_args__ = (
        UniqueConstraint(
            "merchant_id",
            "parent_id",
            "name",
            name="category_name",
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("category.id"), index=True)
    name: Mapped[str]
    position: Mapped[int]
    attributes: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    """Its own; those of its ancestors hold as well."""
    return_rule: Mapped[str | None]
    """Its own; None = the parent's."""
    path: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """Itself, its parent and so on up to the root: written for whoever asks what an SKU is in."""
    effective_rule: Mapped[str]


class ProductRow(Model):
    """One product."""

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("merchant_id", "handle", name="product_handle"),
        Index("product_list", "merchant_id", "status", "id"),
        # Needs the extension pg_trgm, which the database's owner may create.
        Index(
            "product_words",
            "title",
            "subtitle",
            "handle",
            postgresql_using="gin",
            postgresql_ops=dict.fromkeys(("title", "subtitle", "handle"), "gin_trgm_ops"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    handle: Mapped[str]
    title: Mapped[str]
    subtitle: Mapped[str]
    description: Mapped[str]
    unit: Mapped[str]
    status: Mapped[str]
    option_names: Mapped[list[str]] = mapped_column(JSONB)
    category_id: Mapped[UUID | None] = mapped_column(ForeignKey(CategoryRow.id), index=True)
    brand: Mapped[str] = mapped_column(server_default="")
    attributes: Mapped[dict[str, AttributeValue]] = mapped_column(JSONB, server_default="{}")
    content: Mapped[int | None]
    content_unit: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    pictures: Mapped[list["PictureRow"]] = relationship(
        lazy="raise", order_by="PictureRow.position, PictureRow.id"
    )
    skus: Mapped[list["SkuRow"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(ProductRow.id == SkuRow.product_id, SkuRow.retired_at.is_(None))",
        order_by="SkuRow.position, SkuRow.id",
    )


class PictureRow(Model):
    """One picture of a product: two sizes, kept as blobs."""

    __tablename__ = "product_picture"
    __table_args__ = (Index("product_picture_key", "merchant_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    product_id: Mapped[UUID] = mapped_column(ForeignKey(ProductRow.id), index=True)
    position: Mapped[int]
    key: Mapped[str]
    thumb_key: Mapped[str]
    alt: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]

    @property
    def url(self) -> str:
        """Where browsers find the picture."""
        return url(self.key)

    @property
    def thumb_url(self) -> str:
        """Where browsers find the small picture."""
        return url(self.thumb_key)


class SkuRow(Model):
    """One variant. It is retired, never deleted: orders point to it."""

    __tablename__ = "sku"
    __table_args__ = (
        CheckConstraint("price >= 0", name="sku_price"),
        Index(
            "sku_code",
            "merchant_id",
            "code",
            unique=True,
            postgresql_where=text("retired_at is null"),
        ),
        Index("sku_words", "code", postgresql_using="gin", postgresql_ops={"code": "gin_trgm_ops"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    product_id: Mapped[UUID] = mapped_column(ForeignKey(ProductRow.id), index=True)
    position: Mapped[int]
    code: Mapped[str]
    options: Mapped[list[str]] = mapped_column(JSONB)
    price: Mapped[int]
    currency: Mapped[str] = mapped_column(default=CURRENCY)
    barcode: Mapped[str]
    grams: Mapped[int] = mapped_column(server_default="0")
    content: Mapped[int | None]
    """Its own net content; None = the product's."""
    measure: Mapped[int | None]
    """What it holds in the end, with `measure_unit`: its own or the product's."""
    measure_unit: Mapped[str | None]
    picture_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(PictureRow.id, ondelete="set null"), index=True
    )
    retired_at: Mapped[datetime | None]

    picture: Mapped[PictureRow | None] = relationship(lazy="raise_on_sql", viewonly=True)

    @property
    def unit_price(self) -> UnitPrice | None:
        """The list price of 100 ml, 100 g or one piece, if the content is known."""
        return unit_price(self.price, self.measure, self.measure_unit)

    @property
    def picture_url(self) -> str | None:
        """Where browsers find the variant's own picture."""
        return self.picture.thumb_url if self.picture else None


class ProductSearchRow(Model):
    """What a product is found by. Narrow, so that thousands of rows are looked through quickly."""

    __tablename__ = "product_search"
    __table_args__ = (
        Index("product_search_words", "words", postgresql_using="gin"),
        Index("product_search_new", "merchant_id", "active", "sold_out", "product_id"),
        Index("product_search_price", "merchant_id", "active", "sold_out", "price", "product_id"),
        Index("product_search_category", "merchant_id", "category_id"),
        Index("product_search_brand", "merchant_id", "brand"),
        Index("product_search_version", "version"),
    )

    product_id: Mapped[UUID] = mapped_column(
        ForeignKey(ProductRow.id, ondelete="cascade"), primary_key=True
    )
    merchant_id: Mapped[UUID]
    version: Mapped[int]
    """Of the rules that made `words`; a row of older rules is made anew by a sweep."""
    active: Mapped[bool]
    sold_out: Mapped[bool]
    """As of the last look at the stock: a moment late, good for an order of listing only."""
    price: Mapped[int]
    """The lowest list price."""
    category_id: Mapped[UUID | None]
    brand: Mapped[str]
    attributes: Mapped[dict[str, AttributeValue]] = mapped_column(JSONB)
    words: Mapped[str] = mapped_column(TSVECTOR)
