"""Playbooks: the house's own, and what a merchant has made of them."""

from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, delete, false, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Actor, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import Invalid, NotFound
from xinbo.kit.ids import new_id
from xinbo.live.contingency._models import PlaybookRow
from xinbo.live.contingency._rules import IncidentKind, Playing, standard_ids
from xinbo.live.contingency._types import Playbook, PlaybookStep, PutPlaybook, PutPlaybookStep
from xinbo.live.shows import VersionConflict

MOST = 50
"""Playbooks of a merchant: few enough to be shown whole."""


class PlaybookNotFound(NotFound):
    """Raised when the merchant has no such playbook."""


class PlaybookRefused(Invalid):
    """Raised when a playbook cannot be written so. `reason` says why."""


async def playbooks(tx: Tx) -> list[Playbook]:
    """List the merchant's playbooks: those of the house first, in their order, then its own."""
    require(tx, Can.SEE_CONSOLE)
    query = select(PlaybookRow).where(_visible(tx.actor)).order_by(PlaybookRow.id).limit(MOST * 2)
    rows = {row.id: row for row in await tx.db.scalars(query)}
    house = standard_ids(tx.merchant_id)
    first = [
        _view(rows[book_id]) if book_id in rows else as_brought(book_id, each)
        for book_id, each in house.items()
    ]
    return first + [_view(row) for row in rows.values() if row.id not in house]


async def playbook(tx: Tx, playbook_id: UUID) -> Playbook:
    """Find a playbook. Raises `PlaybookNotFound`."""
    require(tx, Can.SEE_CONSOLE)
    row = await tx.db.scalar(
        select(PlaybookRow).where(PlaybookRow.id == playbook_id, _visible(tx.actor))
    )
    if row is not None:
        return _view(row)
    brought = standard_ids(tx.merchant_id).get(playbook_id)
    if brought is None:
        raise PlaybookNotFound(playbook_id=playbook_id)
    return as_brought(playbook_id, brought)


async def playbook_for(tx: Tx, kind: IncidentKind, playbook_id: UUID | None) -> Playbook:
    """Find the playbook that runs: the one named, or the house's place for this kind."""
    if playbook_id is None:
        return next(each for each in await playbooks(tx) if each.kind is kind)
    named = await playbook(tx, playbook_id)
    if named.kind is not kind:
        raise PlaybookNotFound(playbook_id=playbook_id, kind=kind)
    return named


async def add_playbook(tx: Tx, command: PutPlaybook) -> Playbook:
    """Write a playbook of one's own."""
    require(tx, Can.PLAN_SHOWS)
    if len(await playbooks(tx)) >= MOST:
        raise PlaybookRefused(reason="too_many", most=MOST)
    row = PlaybookRow(id=new_id(), merchant_id=tx.merchant_id, word=None, version=1)
    _write(tx, row, command, None)
    tx.db.add(row)
    await tx.db.flush()
    return _view(row)


async def put_playbook(tx: Tx, playbook_id: UUID, command: PutPlaybook) -> Playbook:
    """Rewrite a playbook. Incidents that run keep the steps they began with."""
    require(tx, Can.PLAN_SHOWS)
    brought = standard_ids(tx.merchant_id).get(playbook_id)
    if brought is not None:
        if command.kind is not brought.kind:
            raise PlaybookRefused(reason="kind_of_the_house", kind=brought.kind)
        await _begin(tx, playbook_id, brought)
    row = await tx.db.scalar(
        select(PlaybookRow)
        .where(PlaybookRow.id == playbook_id, _visible(tx.actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise PlaybookNotFound(playbook_id=playbook_id)
    if row.version != command.version:
        raise VersionConflict(version=row.version)
    _write(tx, row, command, brought)
    row.version += 1
    await tx.db.flush()
    return _view(row)


async def remove_playbook(tx: Tx, playbook_id: UUID) -> None:
    """Delete a playbook of one's own; one of the house is again as it came."""
    require(tx, Can.PLAN_SHOWS)
    gone = await tx.db.scalar(
        delete(PlaybookRow)
        .where(PlaybookRow.id == playbook_id, _visible(tx.actor))
        .returning(PlaybookRow.id)
    )
    if gone is None and playbook_id not in standard_ids(tx.merchant_id):
        raise PlaybookNotFound(playbook_id=playbook_id)


def as_brought(playbook_id: UUID, brought: Playing) -> Playbook:
    """Show a playbook of the house that nobody has changed."""
    return Playbook(
        id=playbook_id,
        kind=brought.kind,
        word=brought.word,
        title=brought.title,
        steps=[
            PlaybookStep(
                word=each.word,
                text=each.text,
                part=each.part,
                action=each.action,
                seconds=each.seconds,
                message=each.message,
            )
            for each in brought.steps
        ],
        standard=True,
        version=0,
    )


async def _begin(tx: Tx, playbook_id: UUID, brought: Playing) -> None:
    """Give a playbook of the house a row, to be locked and changed."""
    shown = as_brought(playbook_id, brought)
    await tx.db.execute(
        insert(PlaybookRow)
        .values(
            id=playbook_id,
            merchant_id=tx.merchant_id,
            kind=shown.kind,
            title=shown.title,
            word=shown.word,
            steps=msgspec.to_builtins(shown.steps),
            version=0,
            changed_at=tx.now,
            changed_by=tx.actor.user_id,
        )
        .on_conflict_do_nothing()
    )


def _write(tx: Tx, row: PlaybookRow, command: PutPlaybook, brought: Playing | None) -> None:
    row.kind = command.kind
    own = brought if brought is not None and command.word == brought.word else None
    row.word = own.word if own else None
    row.title = own.title if own else command.title.strip()
    row.steps = msgspec.to_builtins([_step(each, brought) for each in command.steps])
    row.changed_at = tx.now
    row.changed_by = tx.actor.user_id


def _step(step: PutPlaybookStep, brought: Playing | None) -> PlaybookStep:
    """Keep the house's own words where the step is still one of the house."""
    known = {each.word: each for each in brought.steps} if brought is not None else {}
    own = known.get(step.word or "")
    return PlaybookStep(
        word=own.word if own else None,
        text=own.text if own else step.text.strip(),
        part=step.part,
        action=step.action,
        seconds=step.seconds,
        message=step.message.strip(),
    )


def _view(row: PlaybookRow) -> Playbook:
    return Playbook(
        id=row.id,
        kind=row.kind,
        word=row.word,
        title=row.title,
        steps=msgspec.convert(row.steps, list[PlaybookStep]),
        standard=False,
        version=row.version,
    )


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show the staff and the system their merchant's playbooks; nobody else any."""
    if Can.SEE_CONSOLE in allowed(actor.role):
        return PlaybookRow.merchant_id == actor.merchant_id
    return false()
