"""Tables of the merchants room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.kit.ids import new_id


class MerchantRow(Model):
    """One merchant: the tenant that every other table is scoped by."""

    __tablename__ = "merchant"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    tagline: Mapped[str] = mapped_column(default="")
    avatar_url: Mapped[str | None]
    seller_name: Mapped[str]
    seller_address: Mapped[str]
    seller_contact: Mapped[str]
    licence_number: Mapped[str]
    created_at: Mapped[datetime]
