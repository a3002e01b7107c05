"""Check in: points for being here, once a day, more for every day in a row."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import members
from xinbo.engines.tx import Tx
from xinbo.live.games._models import VisitRow
from xinbo.live.games._rules.answers import bounty, day_of, streak
from xinbo.live.games._types import CheckIn

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


async def check_in(tx: Tx, shopper_id: UUID, play: CheckIn, run_id: UUID) -> int:
    """Count today's visit; return the points it brings: 0 for a second one on the same day."""
    await tx.db.execute(
        insert(VisitRow)
        .values(merchant_id=tx.merchant_id, shopper_id=shopper_id, day=NEVER, streak=0)
        .on_conflict_do_nothing()
    )
    row = (await tx.db.scalars(_row(tx, shopper_id).with_for_update())).one()
    today = day_of(tx.now)
    before = None if row.streak == 0 else day_of(row.day)
    if before == today:
        return 0
    row.streak = streak(before, row.streak, today)
    row.day = tx.now
    points = bounty(play.points, play.more_each, play.most, row.streak)
    await members.earn(
        tx, shopper_id, points, f"check-in:{today.isoformat()}", str(run_id), ref_id=run_id
    )
    await tx.db.flush()
    return points


async def streak_of(tx: Tx, shopper_id: UUID) -> int:
    """Return how many days in a row a shopper has checked in, the last of them today or before."""
    row = await tx.db.scalar(_row(tx, shopper_id))
    return 0 if row is None else row.streak


def _row(tx: Tx, shopper_id: UUID) -> Select[VisitRow]:
    return (
        select(VisitRow)
        .where(VisitRow.merchant_id == tx.merchant_id, VisitRow.shopper_id == shopper_id)
        .execution_options(populate_existing=True)
    )
