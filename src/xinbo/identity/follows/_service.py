"""Follow, and stop following."""

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Role, Tx
from xinbo.identity.follows._models import FollowRow
from xinbo.identity.follows._types import Followed, Following, Unfollowed


async def follows(tx: Tx, shopper_id: UUID) -> bool:
    """Say whether the shopper follows the merchant."""
    return (
        await tx.db.get(FollowRow, (tx.merchant_id, shopper_id), populate_existing=True) is not None
    )


async def mine(tx: Tx) -> Following:
    """Say whether the reader follows, and how many do. A guest follows nobody."""
    count = await tx.db.scalar(
        select(func.count()).select_from(FollowRow).where(FollowRow.merchant_id == tx.merchant_id)
    )
    who = tx.actor.user_id if tx.actor.role is Role.SHOPPER else None
    return Following(following=who is not None and await follows(tx, who), followers=count or 0)


async def follow(tx: Tx, shopper_id: UUID) -> Following:
    """Follow the merchant. Harmless to repeat."""
    fresh = await tx.db.scalar(
        insert(FollowRow)
        .values(merchant_id=tx.merchant_id, shopper_id=shopper_id, at=tx.now)
        .on_conflict_do_nothing()
        .returning(FollowRow.shopper_id)
    )
    if fresh is not None:
        await tx.emit(Followed(shopper_id=shopper_id))
    return await mine(tx)


async def unfollow(tx: Tx, shopper_id: UUID) -> Following:
    """Follow no more. Harmless to repeat."""
    gone = await tx.db.scalar(
        delete(FollowRow)
        .where(FollowRow.merchant_id == tx.merchant_id, FollowRow.shopper_id == shopper_id)
        .returning(FollowRow.shopper_id)
    )
    if gone is not None:
        await tx.emit(Unfollowed(shopper_id=shopper_id))
    return await mine(tx)
