"""What happened to a thing: its facts, read back from the event log."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from xinbo.engines.db import EventRow
from xinbo.engines.tx import Tx


class Past(msgspec.Struct, frozen=True):
    """One fact: what, when, by whom and in what capacity."""

    id: UUID
    name: str
    at: datetime
    role: str | None
    actor_id: UUID | None
    payload: dict[str, Any]


async def history(tx: Tx, about_id: UUID, most: int) -> list[Past]:
    """List a thing's facts, the first first. Who may see the thing is for its room to decide."""
    rows = await tx.db.scalars(
        select(EventRow)
        .where(EventRow.about_id == about_id, EventRow.merchant_id == tx.merchant_id)
        .order_by(EventRow.seq)
        .limit(most)
    )
    return [
        Past(row.id, row.type, row.at, row.role, row.actor_id, dict(row.payload)) for row in rows
    ]
