"""What happened to a thing: its facts, read back from the event log."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, select

from xinbo.engines.db import EventRow
from xinbo.engines.tx import Tx


class Past(msgspec.Struct, frozen=True):
    """One fact: what, when, by whom and in what capacity."""

    id: UUID
    seq: int
    """Where it stands in the event log."""
    name: str
    at: datetime
    role: str | None
    actor_id: UUID | None
    payload: dict[str, Any]


async def history(tx: Tx, about_id: UUID, most: int) -> list[Past]:
    """List a thing's facts, the first first. Who may see the thing is for its room to decide."""
    rows = await tx.db.scalars(_about(tx, about_id).order_by(EventRow.seq).limit(most))
    return [_past(row) for row in rows]


async def latest(tx: Tx, about_id: UUID, *, before: int | None, limit: int) -> list[Past]:
    """List a thing's facts, the last first, before a place in the log."""
    query = _about(tx, about_id)
    if before is not None:
        query = query.where(EventRow.seq < before)
    rows = await tx.db.scalars(query.order_by(EventRow.seq.desc()).limit(limit))
    return [_past(row) for row in rows]


def _about(tx: Tx, about_id: UUID) -> Select[EventRow]:
    return select(EventRow).where(
        EventRow.about_id == about_id, EventRow.merchant_id == tx.merchant_id
    )


def _past(row: EventRow) -> Past:
    return Past(row.id, row.seq, row.type, row.at, row.role, row.actor_id, dict(row.payload))
