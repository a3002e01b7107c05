"""Let things go wrong on purpose, and watch what is done about it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id
from xinbo.live import broadcasts, shows, signals, stage
from xinbo.live.rehearsals._models import DrillRow, RehearsalRow
from xinbo.live.rehearsals._rules import DrillKind, DrillState, surprises
from xinbo.live.rehearsals._service import handling, judging, shelf
from xinbo.live.rehearsals._types import DrillBegan, DrillEnded, PutDrill
from xinbo.live.shows import LineUpRole
from xinbo.live.stage import NotOnLineUp

OF_A_PRODUCT = frozenset({DrillKind.STOCK_OUT, DrillKind.WRONG_PRICE})


async def plan(tx: Tx, rehearsal: RehearsalRow, wanted: Sequence[PutDrill]) -> None:
    """Write down when what will go wrong."""
    minutes = surprises([drill.minute for drill in wanted], rehearsal.total_minutes, rehearsal.seed)
    for drill, minute in zip(wanted, minutes, strict=True):
        await add(tx, rehearsal, drill.kind, minute, drill.product_id)


async def add(
    tx: Tx, rehearsal: RehearsalRow, kind: DrillKind, minute: float, product_id: UUID | None
) -> DrillRow:
    """Plan one drill. Raises `NotOnLineUp`."""
    items = await shows.line_up(tx, rehearsal.show_id)
    if product_id is not None and product_id not in {item.product_id for item in items}:
        raise NotOnLineUp(product_id=product_id)
    drill = DrillRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        rehearsal_id=rehearsal.id,
        kind=kind,
        minute=int(minute),
        product_id=product_id if kind in OF_A_PRODUCT else None,
        state=DrillState.PLANNED,
        detected=False,
        steps=0,
        steps_done=0,
        out_of_order=0,
    )
    tx.db.add(drill)
    return drill


async def _hero(tx: Tx, show_id: UUID, chance: int) -> UUID | None:
    """Choose the product that hurts most: the hero on every phone now, or another one."""
    items = await shows.line_up(tx, show_id)
    heroes = [item.product_id for item in items if item.role is LineUpRole.HERO]
    heroes = heroes or [item.product_id for item in items]
    pinned = (await stage.snapshot(tx, show_id)).pinned_product_id
    if pinned in heroes or not heroes:
        return pinned
    return heroes[chance % len(heroes)]


async def of(tx: Tx, rehearsal: RehearsalRow, *states: DrillState) -> Sequence[DrillRow]:
    """List a rehearsal's drills in some states, the first first."""
    return (
        await tx.db.scalars(
            select(DrillRow)
            .where(DrillRow.rehearsal_id == rehearsal.id, DrillRow.state.in_(states))
            .order_by(DrillRow.minute, DrillRow.id)
        )
    ).all()


async def inject(tx: Tx, rehearsal: RehearsalRow, drill: DrillRow) -> None:
    """Let it go wrong."""
    drill.state, drill.began_at = DrillState.RUNNING, tx.now
    if drill.kind in OF_A_PRODUCT and drill.product_id is None:
        drill.product_id = await _hero(tx, rehearsal.show_id, rehearsal.seed)
    if drill.kind is DrillKind.STREAM_DOWN:
        await broadcasts.cut_pictures(tx, rehearsal.show_id)
    if drill.kind is DrillKind.STOCK_OUT and drill.product_id:
        await shelf.run_out(tx, rehearsal.id, drill.product_id)
    await tx.db.flush()
    await tx.emit(
        DrillBegan(
            show_id=rehearsal.show_id,
            rehearsal_id=rehearsal.id,
            drill_id=drill.id,
            kind=drill.kind,
            product_id=drill.product_id,
        )
    )
    await signals.tell(tx, rehearsal.show_id, "rehearsal", to="staff", id=str(rehearsal.id))


async def watch(tx: Tx, rehearsal: RehearsalRow, minute: float) -> None:
    """Begin what is due, say what is wrong where nobody noticed, and see what was done."""
    for drill in await of(tx, rehearsal, DrillState.PLANNED):
        if drill.minute <= minute:
            await inject(tx, rehearsal, drill)
    if running := await of(tx, rehearsal, DrillState.RUNNING):
        await look(tx, rehearsal, running, alarm=True)


async def look(
    tx: Tx, rehearsal: RehearsalRow, running: Sequence[DrillRow], *, alarm: bool
) -> None:
    """See what was done about drills that run, and judge those that are over."""
    incidents = await handling.incidents_of(tx, rehearsal.show_id)
    known = await tx.db.scalars(
        select(DrillRow.incident_id).where(
            DrillRow.rehearsal_id == rehearsal.id, DrillRow.incident_id.is_not(None)
        )
    )
    taken = {incident_id for incident_id in known if incident_id is not None}
    for drill in running:
        incident = handling.own(drill, incidents, taken)
        if incident is not None:
            taken.add(incident.id)
            if handling.note(drill, incident):
                await settle(tx, rehearsal, drill)
        elif alarm and drill.began_at and tx.now - drill.began_at >= handling.ALARM_AFTER:
            opened = await handling.raise_alarm(tx, rehearsal.show_id, drill)
            if opened is not None:
                drill.incident_id = opened
                taken.add(opened)


async def settle_all(tx: Tx, rehearsal: RehearsalRow) -> None:
    """Close the drills that still run; those that never came are taken off the list."""
    await look(tx, rehearsal, await of(tx, rehearsal, DrillState.RUNNING), alarm=False)
    for drill in await of(tx, rehearsal, DrillState.RUNNING):
        await settle(tx, rehearsal, drill)
    for drill in await of(tx, rehearsal, DrillState.PLANNED):
        await tx.db.delete(drill)


async def settle(tx: Tx, rehearsal: RehearsalRow, drill: DrillRow) -> None:
    """Judge a drill that is over."""
    drill.state = DrillState.MISSED if drill.closed_at is None else DrillState.HANDLED
    drill.points = points = judging.points_of(drill)
    await tx.emit(
        DrillEnded(
            show_id=rehearsal.show_id,
            rehearsal_id=rehearsal.id,
            drill_id=drill.id,
            kind=drill.kind,
            state=drill.state,
            points=points,
        )
    )
    await signals.tell(tx, rehearsal.show_id, "rehearsal", to="staff", id=str(rehearsal.id))
