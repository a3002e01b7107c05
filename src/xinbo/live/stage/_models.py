"""Tables of the stage room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model


class StageRow(Model):
    """What a show's phones show now. `seq` grows with every change."""

    __tablename__ = "stage"

    show_id: Mapped[UUID] = mapped_column(
        ForeignKey("show.id", ondelete="CASCADE"), primary_key=True
    )
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    seq: Mapped[int]
    pinned_product_id: Mapped[UUID | None]
    pinned_at: Mapped[datetime | None]
    cue_id: Mapped[UUID | None]
    cue_started_at: Mapped[datetime | None]
