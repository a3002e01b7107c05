"""Incidents: opened, ticked off step by step, closed. Two operators never do a step twice."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, false, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import catalog
from xinbo.engines.tx import Actor, Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page
from xinbo.live import broadcasts, shows, signals, stage
from xinbo.live.contingency._models import IncidentRow
from xinbo.live.contingency._rules import IncidentKind, IncidentOutcome
from xinbo.live.contingency._service.acts import act
from xinbo.live.contingency._service.books import playbook_for
from xinbo.live.contingency._types import (
    Affected,
    CloseIncident,
    Incident,
    IncidentClosed,
    IncidentOpened,
    IncidentStep,
    IncidentStepTicked,
    OpenIncident,
    Playbook,
    TickStep,
)
from xinbo.live.shows import ShowStatus
from xinbo.live.stage import NotOnAir, NotOnLineUp

ON = frozenset({ShowStatus.LIVE, ShowStatus.REHEARSAL})


class IncidentNotFound(NotFound):
    """Raised when there is no such incident, or the actor may not see it."""


class IncidentRuns(Conflict):
    """Raised when this playbook runs already. `incident_id` says where, `by` who began it."""


class IncidentOver(Conflict):
    """Raised when an incident is closed and on record."""


class IncidentMoved(Conflict):
    """Raised when a colleague was faster: `by` did `what` at `at`."""


class StepNotFound(NotFound):
    """Raised when the playbook has no such step."""


async def open_incident(
    tx: Tx, show_id: UUID, command: OpenIncident, *, detected: bool = False
) -> Incident:
    """Start a playbook in a show on air or in rehearsal."""
    require(tx, Can.RUN_SHOWS)
    show = await shows.console_get(tx, show_id)
    if show.status not in ON:
        raise NotOnAir(status=show.status)
    book = await playbook_for(tx, command.kind, command.playbook_id)
    row = await _insert(tx, show, command, book, detected=detected)
    await tx.emit(
        IncidentOpened(
            show_id=show_id,
            incident_id=row.id,
            kind=row.kind,
            word=row.word,
            title=row.title,
            product_id=row.product_id,
            detected=row.detected,
            drill=row.drill,
            rehearsal=row.rehearsal,
        )
    )
    return await _told(tx, row)


async def tick(tx: Tx, incident_id: UUID, command: TickStep) -> Incident:
    """Tick a step, which does what it says, or skip it. A step is ticked once."""
    require(tx, Can.RUN_SHOWS)
    row = await _locked(tx, incident_id, command.seen)
    steps = _steps(row)
    if command.position >= len(steps):
        raise StepNotFound(position=command.position)
    step = steps[command.position]
    if step.done_at is not None:
        raise await _moved(tx, row)
    put: UUID | None = None
    if not command.skip:
        put = await act(tx, row, step, command)
    done: IncidentStep = msgspec.structs.replace(
        step,
        done_at=tx.now,
        done_by=None if tx.actor.user_id is None else str(tx.actor.user_id),
        skipped=command.skip,
        product_id=put,
    )
    row.steps = msgspec.to_builtins(
        [*steps[: command.position], done, *steps[command.position + 1 :]]
    )
    _acted(tx, row, "skipped" if command.skip else "ticked")
    await tx.db.flush()
    await tx.emit(
        IncidentStepTicked(
            show_id=row.show_id,
            incident_id=row.id,
            kind=row.kind,
            what="skipped" if command.skip else "done",
            position=command.position,
            place=command.position + 1,
            steps=len(steps),
            word=step.word,
            text=step.text,
            action=step.action,
            skipped=command.skip,
            product_id=put,
            drill=row.drill,
            rehearsal=row.rehearsal,
        )
    )
    return await _told(tx, row)


async def close(tx: Tx, incident_id: UUID, command: CloseIncident) -> Incident:
    """Say how an incident ended. Steps that nobody ticked stay open, on record."""
    require(tx, Can.RUN_SHOWS)
    row = await _locked(tx, incident_id, command.seen)
    return await end(tx, row, command.outcome, command.note.strip())


async def end(tx: Tx, row: IncidentRow, outcome: IncidentOutcome, note: str = "") -> Incident:
    """Close an incident that is at hand, locked and open."""
    row.closed_at, row.closed_by = tx.now, tx.actor.user_id
    row.outcome, row.outcome_note = outcome, note
    _acted(tx, row, "closed")
    await tx.db.flush()
    steps = _steps(row)
    await tx.emit(
        IncidentClosed(
            show_id=row.show_id,
            incident_id=row.id,
            kind=row.kind,
            word=row.word,
            title=row.title,
            outcome=outcome,
            seconds=_seconds(row) or 0,
            done=sum(step.done_at is not None and not step.skipped for step in steps),
            steps=len(steps),
            product_id=row.product_id,
            drill=row.drill,
            rehearsal=row.rehearsal,
        )
    )
    return await _told(tx, row)


async def get(tx: Tx, incident_id: UUID) -> Incident:
    """Show the staff an incident."""
    require(tx, Can.SEE_CONSOLE)
    return (await _views(tx, [await _row(tx, incident_id)]))[0]


async def incidents(
    tx: Tx,
    show_id: UUID,
    cursor: str | None = None,
    limit: int = 20,
    *,
    is_open: bool | None = None,
) -> Page[Incident]:
    """List a show's incidents for the staff, the newest first."""
    require(tx, Can.SEE_CONSOLE)
    await shows.console_get(tx, show_id)
    query = select(IncidentRow).where(IncidentRow.show_id == show_id, _visible(tx.actor))
    if is_open is not None:
        closed = IncidentRow.closed_at
        query = query.where(closed.is_(None) if is_open else closed.is_not(None))
    if (last := after(cursor)) is not None:
        query = query.where(IncidentRow.id < last)
    rows = (await tx.db.scalars(query.order_by(IncidentRow.id.desc()).limit(limit + 1))).all()
    shown = {each.id: each for each in await _views(tx, rows)}
    return page(rows, limit, lambda row: shown[row.id], lambda row: row.id)


async def open_of(tx: Tx, show_id: UUID, kind: IncidentKind | None = None) -> list[IncidentRow]:
    """Lock what goes on in a show, in id order, for the system's own reactions."""
    query = select(IncidentRow).where(
        IncidentRow.show_id == show_id, IncidentRow.closed_at.is_(None), _visible(tx.actor)
    )
    if kind is not None:
        query = query.where(IncidentRow.kind == kind)
    locked = query.order_by(IncidentRow.id).with_for_update()
    return list(await tx.db.scalars(locked.execution_options(populate_existing=True)))


async def _insert(
    tx: Tx, show: shows.Show, command: OpenIncident, book: Playbook, *, detected: bool
) -> IncidentRow:
    """Write the incident down, unless this playbook runs for this product already."""
    affected = await _affected(tx, show.id, command.product_id)
    made = await tx.db.scalar(
        insert(IncidentRow)
        .values(
            id=new_id(),
            merchant_id=tx.merchant_id,
            show_id=show.id,
            kind=command.kind,
            word=book.word,
            title=book.title,
            playbook_id=book.id,
            product_id=command.product_id,
            note=command.note.strip(),
            drill=command.drill,
            rehearsal=show.status is ShowStatus.REHEARSAL,
            detected=detected,
            affected=msgspec.to_builtins(affected),
            steps=msgspec.to_builtins(_begun(book)),
            version=1,
            opened_at=tx.now,
            opened_by=tx.actor.user_id,
            outcome_note="",
            acted_by=tx.actor.user_id,
            acted="opened",
            acted_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(IncidentRow.id)
    )
    if made is not None:
        return await _row(tx, made)
    runs = (
        await tx.db.scalars(
            select(IncidentRow)
            .where(
                IncidentRow.show_id == show.id,
                IncidentRow.playbook_id == book.id,
                IncidentRow.product_id.is_not_distinct_from(command.product_id),
                _visible(tx.actor),
            )
            .order_by(IncidentRow.id.desc())
        )
    ).first()
    raise IncidentRuns(
        incident_id=runs and runs.id,
        by=await _name(tx, runs.opened_by if runs else None),
        at=runs and runs.opened_at,
    )


async def _affected(tx: Tx, show_id: UUID, product_id: UUID | None) -> Affected:
    title = ""
    if product_id is not None:
        if product_id not in {item.product_id for item in await shows.line_up(tx, show_id)}:
            raise NotOnLineUp(product_id=product_id)
        found = await catalog.products(tx, [product_id])
        title = found[0].title if found else ""
    now = await stage.console_snapshot(tx, show_id)
    return Affected(
        product_id=product_id,
        product_title=title,
        cue_id=now.cue_id,
        pinned_product_id=now.pinned_product_id,
        video=(await broadcasts.video(tx, show_id)).state,
        seconds=None,
    )


def _begun(book: Playbook) -> list[IncidentStep]:
    return [
        IncidentStep(
            word=step.word,
            text=step.text,
            part=step.part,
            action=step.action,
            seconds=step.seconds,
            message=step.message,
            done_at=None,
            done_by=None,
            skipped=False,
            product_id=None,
        )
        for step in book.steps
    ]


async def _told(tx: Tx, row: IncidentRow) -> Incident:
    """Tell the open consoles to look, and show the incident as it is now."""
    await signals.tell(
        tx,
        row.show_id,
        "incident",
        to="staff",
        id=str(row.id),
        kind=row.kind.value,
        version=row.version,
    )
    return (await _views(tx, [row]))[0]


async def _locked(tx: Tx, incident_id: UUID, seen: int | None) -> IncidentRow:
    """Lock an open incident, and refuse if a colleague touched it since it was seen."""
    row = await _row(tx, incident_id, for_update=True)
    if row.closed_at is not None:
        raise IncidentOver(by=await _name(tx, row.closed_by), at=row.closed_at)
    if seen is not None and seen != row.version:
        raise await _moved(tx, row)
    return row


async def _moved(tx: Tx, row: IncidentRow) -> IncidentMoved:
    return IncidentMoved(
        by=await _name(tx, row.acted_by), what=row.acted, at=row.acted_at, version=row.version
    )


def _acted(tx: Tx, row: IncidentRow, what: str) -> None:
    row.version += 1
    row.acted_by, row.acted, row.acted_at = tx.actor.user_id, what, tx.now


async def _row(tx: Tx, incident_id: UUID, *, for_update: bool = False) -> IncidentRow:
    query = select(IncidentRow).where(IncidentRow.id == incident_id, _visible(tx.actor))
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = await tx.db.scalar(query)
    if found is None:
        raise IncidentNotFound(incident_id=incident_id)
    return found


async def _name(tx: Tx, staff_id: UUID | None) -> str:
    return (await _names(tx, [staff_id])).get(staff_id or new_id(), "")


async def _names(tx: Tx, staff_ids: Sequence[UUID | None]) -> dict[UUID, str]:
    return await accounts.staff_names(tx, [each for each in staff_ids if each is not None])


async def _views(tx: Tx, rows: Sequence[IncidentRow]) -> list[Incident]:
    """Show incidents, with the names of those who did what."""
    steps = {row.id: _steps(row) for row in rows}
    ticked = [UUID(each.done_by) for own in steps.values() for each in own if each.done_by]
    names = await _names(
        tx, [*ticked, *(who for row in rows for who in (row.opened_by, row.closed_by))]
    )
    return [_view(row, steps[row.id], names) for row in rows]


def _view(row: IncidentRow, steps: Sequence[IncidentStep], names: dict[UUID, str]) -> Incident:
    affected = msgspec.convert(row.affected, Affected)
    return Incident(
        id=row.id,
        show_id=row.show_id,
        kind=row.kind,
        word=row.word,
        title=row.title,
        playbook_id=row.playbook_id,
        note=row.note,
        drill=row.drill,
        rehearsal=row.rehearsal,
        detected=row.detected,
        opened_at=row.opened_at,
        opened_by=names.get(row.opened_by) if row.opened_by else None,
        closed_at=row.closed_at,
        closed_by=names.get(row.closed_by) if row.closed_by else None,
        outcome=row.outcome,
        outcome_note=row.outcome_note,
        version=row.version,
        steps=[
            msgspec.structs.replace(step, done_by=names.get(UUID(step.done_by)))
            if step.done_by
            else step
            for step in steps
        ],
        affected=msgspec.structs.replace(affected, seconds=_seconds(row)),
    )


def _steps(row: IncidentRow) -> list[IncidentStep]:
    return msgspec.convert(row.steps, list[IncidentStep])


def _seconds(row: IncidentRow) -> int | None:
    return None if row.closed_at is None else round((row.closed_at - row.opened_at).total_seconds())


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show the staff and the system their merchant's incidents; nobody else any."""
    if Can.SEE_CONSOLE in allowed(actor.role):
        return IncidentRow.merchant_id == actor.merchant_id
    return false()
