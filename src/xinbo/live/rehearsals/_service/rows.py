"""Find rehearsals, and show them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, select

from xinbo.engines.tx import Actor, Tx
from xinbo.identity.access import Can, allowed
from xinbo.kit.errors import Conflict, Invalid, NotFound
from xinbo.live.rehearsals._models import DrillRow, PurchaseRow, RehearsalRow
from xinbo.live.rehearsals._rules import DrillState, RehearsalState
from xinbo.live.rehearsals._types import Crowd, Figures, Rehearsal


class RehearsalNotFound(NotFound):
    """Raised when there is no such rehearsal, or the actor may not see it."""


class RehearsalRunning(Conflict):
    """Raised when a show is rehearsed already: one at a time."""


class RehearsalOver(Conflict):
    """Raised when something is to happen in a rehearsal that has ended."""


class PastShowRefused(Invalid):
    """Raised when an audience is to come from a show that is not over. `show_id` says which."""


async def row(tx: Tx, rehearsal_id: UUID, *, for_update: bool = False) -> RehearsalRow:
    """Fetch a rehearsal that the actor may see; locked where it is about to change."""
    query = select(RehearsalRow).where(RehearsalRow.id == rehearsal_id, visible(tx.actor))
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = await tx.db.scalar(query)
    if found is None:
        raise RehearsalNotFound(rehearsal_id=rehearsal_id)
    return found


async def running_row(tx: Tx, rehearsal_id: UUID) -> RehearsalRow:
    """Lock a rehearsal that still runs. Raises `RehearsalOver`."""
    found = await row(tx, rehearsal_id, for_update=True)
    if found.state is not RehearsalState.RUNNING:
        raise RehearsalOver(rehearsal_id=rehearsal_id)
    return found


async def of_show(tx: Tx, show_id: UUID) -> RehearsalRow | None:
    """Find the rehearsal that a show is in."""
    return await tx.db.scalar(
        select(RehearsalRow).where(
            RehearsalRow.show_id == show_id,
            RehearsalRow.state == RehearsalState.RUNNING,
            visible(tx.actor),
        )
    )


async def views(tx: Tx, rows: Sequence[RehearsalRow]) -> list[Rehearsal]:
    """Show rehearsals with the counts that stand elsewhere."""
    ids = [each.id for each in rows]
    bought = {
        of: (int(count), int(money or 0))
        for of, count, money in await tx.db.execute(
            select(PurchaseRow.rehearsal_id, func.count(), func.sum(PurchaseRow.price))
            .where(PurchaseRow.rehearsal_id.in_(ids))
            .group_by(PurchaseRow.rehearsal_id)
        )
    }
    handled = func.count().filter(DrillRow.state == DrillState.HANDLED)
    drills = {
        of: (int(count), int(done))
        for of, count, done in await tx.db.execute(
            select(DrillRow.rehearsal_id, func.count(), handled)
            .where(DrillRow.rehearsal_id.in_(ids))
            .group_by(DrillRow.rehearsal_id)
        )
    }
    return [_view(each, bought.get(each.id, (0, 0)), drills.get(each.id, (0, 0))) for each in rows]


def _view(found: RehearsalRow, bought: tuple[int, int], drills: tuple[int, int]) -> Rehearsal:
    return Rehearsal(
        id=found.id,
        show_id=found.show_id,
        number=found.number,
        state=found.state,
        began_at=found.began_at,
        ended_at=found.ended_at,
        interrupted=found.interrupted,
        speed=found.speed,
        autopilot=found.autopilot,
        total_minutes=found.total_minutes,
        audience=Crowd(
            size=found.audience_size,
            profile=found.profile,
            past_show_id=found.past_show_id,
            seed=found.seed,
        ),
        figures=Figures(
            arrived=found.arrived,
            peak=found.peak,
            messages=found.messages,
            likes=found.likes,
            entries=found.entries,
            purchases=bought[0],
            turnover=bought[1],
        ),
        drills=drills[0],
        drills_handled=drills[1],
        score=found.score,
    )


def visible(actor: Actor) -> ColumnElement[bool]:
    """Show rehearsals to the merchant's staff and the system only."""
    if Can.SEE_CONSOLE not in allowed(actor.role):
        return false()
    return RehearsalRow.merchant_id == actor.merchant_id
