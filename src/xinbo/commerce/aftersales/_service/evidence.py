"""Pictures that shoppers and staff put forward: private, shrunk, bounded."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, update

from xinbo.commerce import catalog
from xinbo.commerce.aftersales._models import EvidenceRow
from xinbo.commerce.aftersales._types import EvidencePicture
from xinbo.commerce.catalog import PictureRefused
from xinbo.engines.callers import signed_in
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import Can, allowed
from xinbo.kit.errors import NotFound
from xinbo.kit.ids import new_id

LARGEST = 5_000_000
MOST = 6
"""Pictures at a time."""
AN_HOUR = 60
"""Uploads of one person in an hour."""


class EvidenceNotFound(NotFound):
    """Raised when there is no such picture, or the actor may not see it: the two look alike."""


async def add_evidence(tx: Tx, content: bytes) -> EvidencePicture:
    """Keep a picture of the caller's, to be attached to something. Raises `PictureRefused`."""
    by_id = signed_in(tx)
    if len(content) > LARGEST:
        raise PictureRefused(reason="too_many_bytes", most=LARGEST)
    await tx.limit(f"evidence:{by_id}", AN_HOUR, timedelta(hours=1))
    shrunk = await asyncio.to_thread(catalog.shrink, content)
    row = EvidenceRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        by_id=by_id,
        shopper_id=by_id if tx.actor.role is Role.SHOPPER else None,
        about_id=None,
        key=await tx.database.blobs.private.put(shrunk.picture, "webp"),
        at=tx.now,
    )
    tx.db.add(row)
    await tx.db.flush()
    return EvidencePicture(id=row.id)


async def attach(tx: Tx, picture_ids: Sequence[UUID], about_id: UUID, shopper_id: UUID) -> None:
    """Attach pictures that the caller uploaded to a case or complaint of that shopper's.

    Raises `EvidenceNotFound` for one that is not the caller's, or that is attached elsewhere.
    """
    if not picture_ids:
        return
    wanted = set(picture_ids)
    found = await tx.db.scalars(
        update(EvidenceRow)
        .where(
            EvidenceRow.id.in_(wanted),
            EvidenceRow.merchant_id == tx.merchant_id,
            EvidenceRow.by_id == tx.actor.user_id,
            or_(EvidenceRow.about_id.is_(None), EvidenceRow.about_id == about_id),
        )
        .values(about_id=about_id, shopper_id=shopper_id)
        .returning(EvidenceRow.id)
    )
    if missing := wanted - set(found):
        raise EvidenceNotFound(picture_id=min(missing))


async def evidence(tx: Tx, picture_id: UUID) -> bytes:
    """Return a picture (WebP) to someone who may see it."""
    key = await tx.db.scalar(
        select(EvidenceRow.key).where(_visible(tx.actor), EvidenceRow.id == picture_id)
    )
    if key is None:
        raise EvidenceNotFound(picture_id=picture_id)
    return await tx.database.blobs.private.get(key)


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show a picture to the shopper whose matter it is, and attached ones to staff."""
    of_the_merchant = EvidenceRow.merchant_id == actor.merchant_id
    if actor.role is Role.SHOPPER:
        return and_(of_the_merchant, EvidenceRow.shopper_id == actor.user_id)
    if Can.SEE_ORDERS not in allowed(actor.role):
        return false()
    attached = or_(EvidenceRow.about_id.is_not(None), EvidenceRow.by_id == actor.user_id)
    return and_(of_the_merchant, attached)
