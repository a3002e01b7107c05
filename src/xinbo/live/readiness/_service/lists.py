"""A show's checklist: what is looked at, by whom, and what is done."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Invalid, NotFound
from xinbo.kit.ids import new_id
from xinbo.live import shows
from xinbo.live.readiness._models import ChecklistRow
from xinbo.live.readiness._rules import BROUGHT, ChecklistGroup, brought_id
from xinbo.live.readiness._types import (
    Checklist,
    ChecklistItem,
    PutChecklist,
    PutChecklistItem,
    TickItem,
)
from xinbo.live.shows import VersionConflict


class ItemNotFound(NotFound):
    """Raised when the checklist has no such item."""


class ChecklistRefused(Invalid):
    """Raised when an item is given to nobody of the staff, or stands twice. `at` says which."""


class Kept(msgspec.Struct, frozen=True):
    """An item as it is stored: who did it by id, so that a name may change."""

    id: UUID
    group: ChecklistGroup
    word: str | None
    text: str
    for_host: bool
    owner_id: UUID | None
    due_at: datetime | None
    done_at: datetime | None
    done_by: UUID | None


async def get(tx: Tx, show_id: UUID) -> Checklist:
    """Show the staff a show's checklist."""
    require(tx, Can.SEE_CONSOLE)
    await shows.console_get(tx, show_id)
    row = await _row(tx, show_id)
    version, items = (row.version, _items(row)) if row else (0, brought(show_id))
    return await _view(tx, show_id, version, items)


async def kept(tx: Tx, show_id: UUID) -> list[Kept]:
    """List the items as they are stored, for the check."""
    row = await _row(tx, show_id)
    return _items(row) if row else brought(show_id)


async def put(tx: Tx, show_id: UUID, command: PutChecklist) -> Checklist:
    """Write a show's checklist, in order. What was done stays done."""
    require(tx, Can.PLAN_SHOWS)
    row = await _locked(tx, show_id)
    if row.version != command.version:
        raise VersionConflict(version=row.version)
    before = {item.id: item for item in _items(row)}
    people = await accounts.staff_names(
        tx, [item.owner_id for item in command.items if item.owner_id is not None]
    )
    items: list[Kept] = []
    for at, item in enumerate(command.items):
        if item.owner_id is not None and item.owner_id not in people:
            raise ChecklistRefused(at=at, reason="not_staff")
        if item.id is not None and item.id in {each.id for each in items}:
            raise ChecklistRefused(at=at, reason="item_repeated")
        items.append(_written(item, before))
    return await _save(tx, row, items)


async def tick(tx: Tx, show_id: UUID, item_id: UUID, command: TickItem) -> Checklist:
    """Tick an item, or take the tick back. Anyone of the staff may who sees the console."""
    require(tx, Can.SEE_CONSOLE)
    row = await _locked(tx, show_id)
    items = _items(row)
    at = next((at for at, item in enumerate(items) if item.id == item_id), None)
    if at is None:
        raise ItemNotFound(item_id=item_id)
    items[at] = msgspec.structs.replace(
        items[at],
        done_at=tx.now if command.done else None,
        done_by=tx.actor.user_id if command.done else None,
    )
    return await _save(tx, row, items)


def brought(show_id: UUID) -> list[Kept]:
    """List the items of the house, as nobody has touched them."""
    return [
        Kept(
            id=brought_id(show_id, each.word),
            group=each.group,
            word=each.word,
            text=each.text,
            for_host=each.for_host,
            owner_id=None,
            due_at=None,
            done_at=None,
            done_by=None,
        )
        for each in BROUGHT
    ]


def _written(item: PutChecklistItem, before: dict[UUID, Kept]) -> Kept:
    own = next((each for each in BROUGHT if each.word == item.word), None)
    was = before.get(item.id) if item.id is not None else None
    return Kept(
        id=was.id if was else new_id(),
        group=item.group,
        word=own.word if own else None,
        text=own.text if own else item.text.strip(),
        for_host=item.for_host,
        owner_id=item.owner_id,
        due_at=item.due_at,
        done_at=was.done_at if was else None,
        done_by=was.done_by if was else None,
    )


async def _save(tx: Tx, row: ChecklistRow, items: list[Kept]) -> Checklist:
    row.items = msgspec.to_builtins(items)
    row.version += 1
    await tx.db.flush()
    return await _view(tx, row.show_id, row.version, items)


async def _row(tx: Tx, show_id: UUID, *, for_update: bool = False) -> ChecklistRow | None:
    query = select(ChecklistRow).where(
        ChecklistRow.show_id == show_id, ChecklistRow.merchant_id == tx.merchant_id
    )
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    return await tx.db.scalar(query)


async def _locked(tx: Tx, show_id: UUID) -> ChecklistRow:
    """Lock a show's checklist, making it at first use."""
    await shows.console_get(tx, show_id)
    await tx.db.execute(
        insert(ChecklistRow)
        .values(
            show_id=show_id,
            merchant_id=tx.merchant_id,
            items=msgspec.to_builtins(brought(show_id)),
            version=0,
        )
        .on_conflict_do_nothing()
    )
    row = await _row(tx, show_id, for_update=True)
    if row is None:
        raise shows.ShowNotFound(show_id=show_id)
    return row


async def _view(tx: Tx, show_id: UUID, version: int, items: Sequence[Kept]) -> Checklist:
    names = await accounts.staff_names(tx, [each.done_by for each in items if each.done_by])
    return Checklist(
        show_id=show_id,
        version=version,
        items=[
            ChecklistItem(
                id=each.id,
                group=each.group,
                word=each.word,
                text=each.text,
                for_host=each.for_host,
                owner_id=each.owner_id,
                due_at=each.due_at,
                done_at=each.done_at,
                done_by=names.get(each.done_by) if each.done_by else None,
            )
            for each in items
        ],
    )


def _items(row: ChecklistRow) -> list[Kept]:
    return msgspec.convert(row.items, list[Kept])
