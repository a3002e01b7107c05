"""What the worker does for a rehearsal that runs: each step in a transaction of its own."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import or_, select, update

from xinbo.engines.tx import Role, Tx
from xinbo.live import shows, stage
from xinbo.live.rehearsals._models import RehearsalRow, RehearsedCueRow
from xinbo.live.rehearsals._rules import CrowdProfile, DrillKind, DrillState, RehearsalState
from xinbo.live.rehearsals._service import around, drilling, shelf
from xinbo.live.rehearsals._service.judging import minute_of
from xinbo.live.rehearsals._service.life import finish
from xinbo.live.rehearsals._service.rows import RehearsalOver, running_row
from xinbo.live.rehearsals._service.shelf import Wish
from xinbo.live.shows import ShowStatus

HELD_FOR = timedelta(seconds=5)
"""How long a worker that died keeps others from taking over."""

LONGEST = timedelta(hours=8)
"""A rehearsal that nobody ends, ends."""

GRACE = timedelta(seconds=120)
"""How long an autopilot waits after the last cue for drills that are still being handled."""


class Trouble(msgspec.Struct, frozen=True):
    """A drill that goes on, and for how many seconds it has."""

    id: UUID
    kind: DrillKind
    seconds: float
    detected: bool


class Moment(msgspec.Struct, frozen=True):
    """A rehearsal as its audience finds it now."""

    id: UUID
    merchant_id: UUID
    show_id: UUID
    age: float
    """Seconds since it began."""
    speed: int
    total_minutes: int
    size: int
    profile: CrowdProfile
    past_show_id: UUID | None
    seed: int
    pinned_product_id: UUID | None
    left: dict[UUID, int]
    """Pieces of each SKU that the rehearsal can still sell."""
    troubles: list[Trouble]


class Did(msgspec.Struct, frozen=True):
    """What the audience did since it was last counted."""

    arrived: int
    """In all."""
    online: int
    messages: int
    likes: int
    wishes: list[Wish]


async def running(tx: Tx) -> Sequence[tuple[UUID, UUID]]:
    """List (merchant, rehearsal) of all that run, for the system itself."""
    if tx.actor.role is not Role.SYSTEM:
        return []
    found = await tx.db.execute(
        select(RehearsalRow.merchant_id, RehearsalRow.id).where(
            RehearsalRow.state == RehearsalState.RUNNING
        )
    )
    return [(merchant_id, rehearsal_id) for merchant_id, rehearsal_id in found]


async def hold(tx: Tx, rehearsal_id: UUID, worker: UUID) -> bool:
    """Take a rehearsal, or keep it, for a few seconds; False if another worker has it."""
    taken = await tx.db.scalar(
        update(RehearsalRow)
        .where(
            RehearsalRow.id == rehearsal_id,
            RehearsalRow.merchant_id == tx.merchant_id,
            RehearsalRow.state == RehearsalState.RUNNING,
            or_(
                RehearsalRow.held_by.is_(None),
                RehearsalRow.held_by == worker,
                RehearsalRow.held_until < tx.now,
            ),
        )
        .values(held_by=worker, held_until=tx.now + HELD_FOR)
        .returning(RehearsalRow.id)
    )
    return taken is not None


async def now(tx: Tx, rehearsal_id: UUID) -> Moment:
    """Show the audience what there is."""
    rehearsal = await running_row(tx, rehearsal_id)
    view = await stage.snapshot(tx, rehearsal.show_id)
    items = await shelf.on_shelf(tx, rehearsal.id)
    return Moment(
        id=rehearsal.id,
        merchant_id=rehearsal.merchant_id,
        show_id=rehearsal.show_id,
        age=(tx.now - rehearsal.began_at).total_seconds(),
        speed=rehearsal.speed,
        total_minutes=rehearsal.total_minutes,
        size=rehearsal.audience_size,
        profile=rehearsal.profile,
        past_show_id=rehearsal.past_show_id,
        seed=rehearsal.seed,
        pinned_product_id=view.pinned_product_id,
        left={item.sku_id: item.left for item in items},
        troubles=[
            Trouble(
                id=drill.id,
                kind=drill.kind,
                seconds=(tx.now - drill.began_at).total_seconds() if drill.began_at else 0,
                detected=drill.detected,
            )
            for drill in await drilling.of(tx, rehearsal, DrillState.RUNNING)
        ],
    )


async def fly(tx: Tx, rehearsal_id: UUID) -> bool:
    """Start the next cue where it is due and the autopilot is on; say whether one was started.

    One at a time and in order, also where a worker was away and several are due: every cue fires.
    """
    rehearsal = await running_row(tx, rehearsal_id)
    if not rehearsal.autopilot:
        return False
    cues = (
        await tx.db.scalars(
            select(RehearsedCueRow)
            .where(RehearsedCueRow.rehearsal_id == rehearsal.id)
            .order_by(RehearsedCueRow.position)
        )
    ).all()
    last = max((place for place, cue in enumerate(cues) if cue.started_at), default=-1)
    if last + 1 >= len(cues) or cues[last + 1].due_minute > minute_of(rehearsal, tx.now):
        return False
    cue = cues[last + 1]
    await around.close_games(tx, rehearsal.show_id)
    cue.started_at, cue.by_autopilot = tx.now, True
    try:
        async with tx.db.begin_nested():
            await stage.start_cue(tx, rehearsal.show_id, cue.cue_id)
    except stage.CueNotFound:  # taken out of the plan since the rehearsal began
        cue.by_autopilot = False
    await tx.db.flush()
    return True


async def watch(tx: Tx, rehearsal_id: UUID) -> None:
    """Let drills come, and see what is done about them."""
    rehearsal = await running_row(tx, rehearsal_id)
    await drilling.watch(tx, rehearsal, minute_of(rehearsal, tx.now))


async def count(tx: Tx, rehearsal_id: UUID, did: Did) -> dict[UUID, int]:
    """Count what the audience did; return how many of each product it took."""
    rehearsal = await running_row(tx, rehearsal_id)
    rehearsal.arrived = max(rehearsal.arrived, did.arrived)
    rehearsal.peak = max(rehearsal.peak, did.online)
    rehearsal.messages += did.messages
    rehearsal.likes += did.likes
    await tx.db.flush()
    return await shelf.buy(tx, rehearsal, did.wishes)


async def likes_of(tx: Tx, rehearsal_id: UUID) -> int:
    """Say how many hearts the audience gave."""
    return (await running_row(tx, rehearsal_id)).likes


async def begun(tx: Tx, show_id: UUID, cue_id: UUID | None) -> None:
    """Note when a cue of a show in rehearsal was started by hand. A reaction."""
    if cue_id is None:
        return
    view = await stage.snapshot(tx, show_id)
    at = view.cue_started_at if view.cue_id == cue_id and view.cue_started_at else tx.now
    await tx.db.execute(
        update(RehearsedCueRow)
        .where(
            RehearsedCueRow.cue_id == cue_id,
            RehearsedCueRow.merchant_id == tx.merchant_id,
            RehearsedCueRow.started_at.is_(None),
            RehearsedCueRow.rehearsal_id.in_(
                select(RehearsalRow.id).where(
                    RehearsalRow.show_id == show_id,
                    RehearsalRow.state == RehearsalState.RUNNING,
                )
            ),
        )
        .values(started_at=at)
    )


async def end_where_due(tx: Tx, rehearsal_id: UUID) -> bool:
    """End what is over: run through by the autopilot, taken elsewhere, or forgotten."""
    try:
        rehearsal = await running_row(tx, rehearsal_id)
    except RehearsalOver:
        return True
    if not await _over(tx, rehearsal):
        return False
    await finish(tx, rehearsal)
    return True


async def _over(tx: Tx, rehearsal: RehearsalRow) -> bool:
    show = await shows.console_get(tx, rehearsal.show_id)
    if show.status is not ShowStatus.REHEARSAL:
        return True
    lasted = tx.now - rehearsal.began_at
    planned = timedelta(minutes=rehearsal.total_minutes) / rehearsal.speed
    if lasted > LONGEST:
        return True
    return rehearsal.autopilot and lasted >= planned and await _run_through(tx, rehearsal, lasted)


async def _run_through(tx: Tx, rehearsal: RehearsalRow, lasted: timedelta) -> bool:
    """Say whether every cue came, and nothing goes on that somebody still sees to."""
    planned = timedelta(minutes=rehearsal.total_minutes) / rehearsal.speed
    waits = await tx.db.scalar(
        select(RehearsedCueRow.cue_id)
        .where(RehearsedCueRow.rehearsal_id == rehearsal.id, RehearsedCueRow.started_at.is_(None))
        .limit(1)
    )
    if waits is not None:
        return False
    if lasted > planned + GRACE:
        return True
    if await drilling.of(tx, rehearsal, DrillState.RUNNING):
        return False
    return not await around.close_games(tx, rehearsal.show_id)
