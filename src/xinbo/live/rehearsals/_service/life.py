"""Begin a rehearsal, let things go wrong in it, and end it: everything back as it was."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Tx, system
from xinbo.identity.access import Can, require
from xinbo.kit.ids import new_id
from xinbo.live import chat, shows, signals, stage
from xinbo.live.rehearsals._models import RUNNING, RehearsalRow, RehearsedCueRow, ShelfRow
from xinbo.live.rehearsals._rules import CrowdProfile, RehearsalState, due_minutes
from xinbo.live.rehearsals._service import around, drilling, judging
from xinbo.live.rehearsals._service.reads import report
from xinbo.live.rehearsals._service.rows import (
    PastShowRefused,
    RehearsalRunning,
    of_show,
    row,
    running_row,
    views,
)
from xinbo.live.rehearsals._types import (
    Begin,
    DrillNow,
    PutCrowd,
    Rehearsal,
    RehearsalBegan,
    RehearsalEnded,
    RehearsalReport,
)
from xinbo.live.shows import Cue, Show, ShowStatus

OVER = frozenset({ShowStatus.ENDED, ShowStatus.REPLAY})
TAKEN = OVER | {ShowStatus.LIVE}
"""Where a show stands that was taken on air out of its rehearsal."""
SEEDS = 2**31


async def begin(tx: Tx, show_id: UUID, command: Begin) -> Rehearsal:
    """Open the private room, and let the simulated audience in.

    Raises `RehearsalRunning`, `PastShowRefused`, and what moving the show raises.
    """
    require(tx, Can.RUN_SHOWS)
    show = await shows.console_get(tx, show_id)
    await _past_show(tx, command.audience)
    if show.status is not ShowStatus.REHEARSAL:
        await shows.rehearse(tx, show_id)
    elif await of_show(tx, show_id):
        raise RehearsalRunning(show_id=show_id)
    cues = await shows.cues(tx, show_id)
    due = due_minutes([(cue.starts_minute, cue.minutes) for cue in cues])
    total = max((at + cue.minutes for at, cue in zip(due, cues, strict=True)), default=0)
    begun = await _row(tx, show, command, total or show.planned_minutes)
    _cues(tx, begun, cues, due)
    await _shelf(tx, begun)
    await drilling.plan(tx, begun, command.drills)
    await tx.db.flush()
    await stage.set_pace(tx, show_id, command.speed)
    await tx.emit(
        RehearsalBegan(
            show_id=show_id,
            rehearsal_id=begun.id,
            number=begun.number,
            speed=begun.speed,
            count=begun.audience_size,
        )
    )
    await signals.tell(tx, show_id, "rehearsal", to="staff", id=str(begun.id))
    return (await views(tx, [begun]))[0]


async def drill_now(tx: Tx, rehearsal_id: UUID, command: DrillNow) -> RehearsalReport:
    """Let something go wrong at once."""
    require(tx, Can.RUN_SHOWS)
    rehearsal = await running_row(tx, rehearsal_id)
    drill = await drilling.add(
        tx, rehearsal, command.kind, minute_now(tx, rehearsal), command.product_id
    )
    await drilling.inject(as_system(tx), rehearsal, drill)
    return await report(tx, rehearsal_id)


async def end(tx: Tx, rehearsal_id: UUID) -> RehearsalReport:
    """End a rehearsal, and judge it."""
    require(tx, Can.RUN_SHOWS)
    rehearsal = await running_row(tx, rehearsal_id)
    await finish(tx, rehearsal)
    return await report(tx, rehearsal_id)


async def finish(tx: Tx, rehearsal: RehearsalRow) -> None:
    """Close what is open, judge, and put the show back where it stood.

    If the show went on air meanwhile, its stage is left alone: it was cleared for that.
    """
    show_id, own = rehearsal.show_id, as_system(tx)
    show = await shows.console_get(own, show_id)
    taken = show.status in TAKEN
    await drilling.settle_all(own, rehearsal)
    await around.close_games(own, show_id)
    rehearsal.state, rehearsal.ended_at, rehearsal.interrupted = RehearsalState.ENDED, tx.now, taken
    rehearsal.held_by = rehearsal.held_until = None
    asked, answered = await around.questions_of(own, show_id, rehearsal.began_at)
    await judging.settle(own, rehearsal, asked, answered)
    if not taken:
        await stage.clear(own, show_id)
        await chat.hold_chat(own, show_id, on=False)
    await tx.db.flush()
    await tx.emit(
        RehearsalEnded(
            show_id=show_id,
            rehearsal_id=rehearsal.id,
            number=rehearsal.number,
            score=rehearsal.score,
            interrupted=taken,
        )
    )
    if show.status is ShowStatus.REHEARSAL:
        await shows.MOVES["end-rehearsal"](own, show_id)
    await signals.tell(tx, show_id, "rehearsal", to="staff", id=str(rehearsal.id))


async def finish_of(tx: Tx, show_id: UUID) -> None:
    """End the rehearsal that a show is no longer in. Harmless where there is none."""
    found = await of_show(tx, show_id)
    if found is None:
        return
    rehearsal = await row(tx, found.id, for_update=True)
    show = await shows.console_get(tx, show_id)
    if rehearsal.state is RehearsalState.RUNNING and show.status is not ShowStatus.REHEARSAL:
        await finish(tx, rehearsal)


def minute_now(tx: Tx, rehearsal: RehearsalRow) -> float:
    """Say which minute of the show it is."""
    return judging.minute_of(rehearsal, tx.now)


def as_system(tx: Tx) -> Tx:
    """Go on as the house itself: what a rehearsal does of its own accord nobody did."""
    return tx.acting(system(tx.merchant_id))


async def _past_show(tx: Tx, audience: PutCrowd) -> None:
    """Insist on a show that is over where its guests are to come again."""
    if (audience.profile is CrowdProfile.PAST) != (audience.past_show_id is not None):
        raise PastShowRefused(show_id=audience.past_show_id)
    if audience.past_show_id is not None:
        past = await shows.console_get(tx, audience.past_show_id)
        if past.status not in OVER:
            raise PastShowRefused(show_id=past.id)


async def _row(tx: Tx, show: Show, command: Begin, total: int) -> RehearsalRow:
    """Write the rehearsal down, unless another of the show's runs."""
    audience = command.audience
    before = await tx.db.scalar(
        select(func.max(RehearsalRow.number)).where(RehearsalRow.show_id == show.id)
    )
    made = await tx.db.scalar(
        insert(RehearsalRow)
        .values(
            id=new_id(),
            merchant_id=tx.merchant_id,
            show_id=show.id,
            number=(before or 0) + 1,
            state=RehearsalState.RUNNING,
            began_at=tx.now,
            began_by=tx.actor.user_id,
            interrupted=False,
            speed=command.speed,
            autopilot=command.autopilot,
            total_minutes=total,
            audience_size=audience.size,
            profile=audience.profile,
            past_show_id=audience.past_show_id,
            seed=secrets.randbelow(SEEDS) if audience.seed is None else audience.seed,
            arrived=0,
            peak=0,
            messages=0,
            likes=0,
            entries=0,
        )
        .on_conflict_do_nothing(index_elements=[RehearsalRow.show_id], index_where=RUNNING)
        .returning(RehearsalRow.id)
    )
    if made is None:
        raise RehearsalRunning(show_id=show.id)
    return await row(tx, made)


def _cues(tx: Tx, rehearsal: RehearsalRow, cues: Sequence[Cue], due: Sequence[int]) -> None:
    tx.db.add_all(
        RehearsedCueRow(
            rehearsal_id=rehearsal.id,
            cue_id=cue.id,
            merchant_id=tx.merchant_id,
            position=cue.position,
            kind=cue.kind.value,
            title=cue.title,
            due_minute=at,
            minutes=cue.minutes,
            started_at=None,
            by_autopilot=False,
        )
        for cue, at in zip(cues, due, strict=True)
    )


async def _shelf(tx: Tx, rehearsal: RehearsalRow) -> None:
    """Set out as many pieces as the show plans to sell, or as the shop has."""
    left = await stage.left(tx, rehearsal.show_id)
    tx.db.add_all(
        ShelfRow(
            rehearsal_id=rehearsal.id,
            sku_id=sku.sku_id,
            merchant_id=tx.merchant_id,
            product_id=item.product_id,
            price=sku.price,
            left=left.get(sku.sku_id, 0),
            sold=0,
        )
        for item in await shows.line_up(tx, rehearsal.show_id)
        for sku in item.skus
    )
