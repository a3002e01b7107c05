"""Tables of the follows room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model


class FollowRow(Model):
    """A shopper who follows a merchant."""

    __tablename__ = "follow"

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"), primary_key=True)
    shopper_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
