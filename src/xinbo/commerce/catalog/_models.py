"""Tables of the catalog room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from xinbo.engines.blobs import url
from xinbo.engines.db import Model
from xinbo.kit.ids import new_id
from xinbo.kit.money import CURRENCY


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
    picture_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(PictureRow.id, ondelete="set null"), index=True
    )
    retired_at: Mapped[datetime | None]

    picture: Mapped[PictureRow | None] = relationship(lazy="raise_on_sql", viewonly=True)

    @property
    def picture_url(self) -> str | None:
        """Where browsers find the variant's own picture."""
        return self.picture.thumb_url if self.picture else None
