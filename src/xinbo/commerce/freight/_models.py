"""Tables of the freight room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.commerce.freight._rules import ChargedBy
from xinbo.engines.db import Model


class TemplateRow(Model):
    """A freight template."""

    __tablename__ = "freight_template"
    __table_args__ = (
        Index("freight_template_list", "merchant_id", "id"),
        Index(
            "freight_template_default",
            "merchant_id",
            unique=True,
            postgresql_where=text("is_default"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    name: Mapped[str]
    charged_by: Mapped[ChargedBy]
    zones: Mapped[list[dict[str, object]]] = mapped_column(JSONB)
    is_default: Mapped[bool]
    ships_from: Mapped[str]
    updated_at: Mapped[datetime]


class ProductTemplateRow(Model):
    """Which template charges a product; without a row it is the default one."""

    __tablename__ = "freight_product"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    template_id: Mapped[UUID] = mapped_column(ForeignKey("freight_template.id"), index=True)
