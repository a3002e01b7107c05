"""Table of the imports room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id


class ImportRow(Model):
    """One product file on its way in."""

    __tablename__ = "product_import"
    __table_args__ = (Index("product_import_list", "merchant_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merchant_id: Mapped[UUID]
    filename: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    """The file itself, until it is applied or found broken."""
    header_set: Mapped[str | None]
    upsert_key: Mapped[str]
    state: Mapped[str]
    rows: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    creates: Mapped[int] = mapped_column(default=0)
    updates: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    ignored_pictures: Mapped[int] = mapped_column(default=0)
    errors: Mapped[list[dict[str, object]]] = mapped_column(JSONB, default=list)
    error_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
