"""Read rehearsals: the list, and the report of one."""

from uuid import UUID

from sqlalchemy import select

from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.paging import after
from xinbo.kit.wire import Page
from xinbo.live import games, shows
from xinbo.live.rehearsals._models import DrillRow, RehearsalRow, RehearsedCueRow, ShelfRow
from xinbo.live.rehearsals._service import judging
from xinbo.live.rehearsals._service.rows import row, views, visible
from xinbo.live.rehearsals._types import (
    Drill,
    Rehearsal,
    RehearsalReport,
    RehearsedCue,
    RehearsedGame,
    ScorePart,
    ShelfItem,
)

MOST_GAMES = 100


async def page_of(tx: Tx, show_id: UUID, cursor: str | None, limit: int) -> Page[Rehearsal]:
    """List a show's rehearsals, the last one first."""
    require(tx, Can.SEE_CONSOLE)
    await shows.console_get(tx, show_id)
    query = select(RehearsalRow).where(RehearsalRow.show_id == show_id, visible(tx.actor))
    if (last := after(cursor)) is not None:
        query = query.where(RehearsalRow.id < last)
    rows = (await tx.db.scalars(query.order_by(RehearsalRow.id.desc()).limit(limit + 1))).all()
    more = str(rows[limit - 1].id) if len(rows) > limit else None
    return Page(items=await views(tx, rows[:limit]), next=more)


async def report(tx: Tx, rehearsal_id: UUID) -> RehearsalReport:
    """Show a rehearsal with all that happened in it; while it runs, so far."""
    require(tx, Can.SEE_CONSOLE)
    found = await row(tx, rehearsal_id)
    cues = await tx.db.scalars(
        select(RehearsedCueRow)
        .where(RehearsedCueRow.rehearsal_id == found.id)
        .order_by(RehearsedCueRow.position)
    )
    drills = await tx.db.scalars(
        select(DrillRow)
        .where(DrillRow.rehearsal_id == found.id)
        .order_by(DrillRow.minute, DrillRow.id)
    )
    shelf = await tx.db.scalars(
        select(ShelfRow).where(ShelfRow.rehearsal_id == found.id).order_by(ShelfRow.sku_id)
    )
    return RehearsalReport(
        rehearsal=(await views(tx, [found]))[0],
        cues=[_cue(found, cue) for cue in cues],
        drills=[Drill.of(drill) for drill in drills],
        games=await _games(tx, found),
        shelf=[ShelfItem.of(item) for item in shelf],
        score=[ScorePart.of(part) for part in judging.parts(found)],
    )


async def _games(tx: Tx, rehearsal: RehearsalRow) -> list[RehearsedGame]:
    """List the plays of the rehearsal, the first first: at most `MOST_GAMES`."""
    runs = (await games.runs(tx, rehearsal.show_id, None, MOST_GAMES, console=True)).items
    ended = rehearsal.ended_at
    return [
        RehearsedGame(
            run_id=card.id,
            kind=card.kind.value,
            title=card.title,
            started_minute=judging.minute_of(rehearsal, card.started_at),
            ended_minute=card.revealed_at and judging.minute_of(rehearsal, card.revealed_at),
            entries=card.entries,
        )
        for card in reversed(runs)
        if card.rehearsal
        and card.started_at >= rehearsal.began_at
        and (ended is None or card.started_at <= ended)
    ]


def _cue(rehearsal: RehearsalRow, cue: RehearsedCueRow) -> RehearsedCue:
    started = None
    if cue.started_at is not None:
        started = judging.minute_of(rehearsal, cue.started_at)
    return RehearsedCue(
        cue_id=cue.cue_id,
        position=cue.position,
        kind=cue.kind,
        title=cue.title,
        due_minute=cue.due_minute,
        minutes=cue.minutes,
        started_minute=started,
        by_autopilot=cue.by_autopilot,
    )
