"""Pictures in conversations: private, shrunk, bounded."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, false, or_, select, update

from xinbo.commerce import catalog
from xinbo.commerce.catalog import PictureRefused
from xinbo.engines.callers import signed_in
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import NotFound
from xinbo.kit.ids import new_id
from xinbo.live.conversations._models import ConversationPictureRow, ConversationRow
from xinbo.live.conversations._types import ConversationPicture

LARGEST = 5_000_000
AN_HOUR = 60
"""Uploads of one person in an hour."""


class AttachmentNotFound(NotFound):
    """Raised when there is no such picture, or not for the actor: the two look alike."""


async def add_picture(tx: Tx, content: bytes) -> ConversationPicture:
    """Keep a picture of the caller's, to be shown in a conversation. Raises `PictureRefused`."""
    by_id = signed_in(tx)
    if tx.actor.role is not Role.SHOPPER:
        require(tx, Can.SERVE_ORDERS)
    if len(content) > LARGEST:
        raise PictureRefused(reason="too_many_bytes", most=LARGEST)
    await tx.limit(f"conversation-picture:{by_id}", AN_HOUR, timedelta(hours=1))
    shrunk = await asyncio.to_thread(catalog.shrink, content)
    row = ConversationPictureRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        by_id=by_id,
        shopper_id=by_id if tx.actor.role is Role.SHOPPER else None,
        conversation_id=None,
        key=await tx.database.blobs.private.put(shrunk.picture, "webp"),
        at=tx.now,
    )
    tx.db.add(row)
    await tx.db.flush()
    return ConversationPicture(id=row.id)


async def attach(tx: Tx, picture_ids: Sequence[UUID], conversation: ConversationRow) -> None:
    """Put the caller's own pictures into a conversation. Raises `AttachmentNotFound`."""
    if not picture_ids:
        return
    wanted = set(picture_ids)
    free = or_(
        ConversationPictureRow.conversation_id.is_(None),
        ConversationPictureRow.conversation_id == conversation.id,
    )
    found = await tx.db.scalars(
        update(ConversationPictureRow)
        .where(
            ConversationPictureRow.id.in_(wanted),
            ConversationPictureRow.merchant_id == tx.merchant_id,
            ConversationPictureRow.by_id == tx.actor.user_id,
            free,
        )
        .values(conversation_id=conversation.id, shopper_id=conversation.shopper_id)
        .returning(ConversationPictureRow.id)
    )
    if missing := wanted - set(found):
        raise AttachmentNotFound(attachment_id=min(missing))


async def picture(tx: Tx, attachment_id: UUID) -> bytes:
    """Return a picture (WebP) to someone who may see it."""
    key = await tx.db.scalar(
        select(ConversationPictureRow.key).where(
            _visible(tx.actor), ConversationPictureRow.id == attachment_id
        )
    )
    if key is None:
        raise AttachmentNotFound(attachment_id=attachment_id)
    return await tx.database.blobs.private.get(key)


async def erase(tx: Tx, shopper_id: UUID) -> None:
    """Forget a shopper's pictures, and those that were shown to them.

    A blob is named by its content and may be another's too: nothing points at it any more.
    """
    await tx.db.execute(
        delete(ConversationPictureRow).where(
            ConversationPictureRow.merchant_id == tx.merchant_id,
            ConversationPictureRow.shopper_id == shopper_id,
        )
    )


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show a picture to the shopper in whose conversation it is, and those to who serves."""
    of_the_merchant = ConversationPictureRow.merchant_id == actor.merchant_id
    if actor.role is Role.SHOPPER:
        return and_(of_the_merchant, ConversationPictureRow.shopper_id == actor.user_id)
    if Can.SERVE_ORDERS not in allowed(actor.role):
        return false()
    shown = or_(
        ConversationPictureRow.conversation_id.is_not(None),
        ConversationPictureRow.by_id == actor.user_id,
    )
    return and_(of_the_merchant, shown)
