"""Take a file in, check it, apply it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import batched, islice
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, false, select, update

from xinbo.commerce import catalog, inventory
from xinbo.commerce.imports._models import ImportRow
from xinbo.commerce.imports._rules.columns import Field
from xinbo.commerce.imports._service import branches
from xinbo.commerce.imports._service.files import FileRefused, Row, Table, open_table
from xinbo.commerce.imports._service.grouping import code_of, handle_of
from xinbo.commerce.imports._service.planning import Goods, Plan, Step, address, plan
from xinbo.commerce.imports._service.stock import on_hand
from xinbo.commerce.imports._types import (
    ImportState,
    ProductImport,
    RowError,
    UpsertKey,
)
from xinbo.engines.tx import Actor, Tx
from xinbo.identity.access import Can, require
from xinbo.kit import paging
from xinbo.kit.errors import Conflict, NotFound, XinboError
from xinbo.kit.ids import new_id
from xinbo.kit.wire import Page

SHOWN_ERRORS = 200
BATCH = 1000
"""Rows read, and products written, between two looks at the progress."""


class ImportNotFound(NotFound):
    """Raised when there is no such import, or the actor may not see it: the two look alike."""


class ImportNotReady(Conflict):
    """Raised when an import that is to be applied is not checked, has errors, or is applied."""


async def upload(
    tx: Tx, filename: str, content: bytes, upsert_key: UpsertKey = UpsertKey.SKU
) -> ProductImport:
    """Take a file in and have it checked by a job. Raises `FileRefused` where that is hopeless."""
    require(tx, Can.EDIT_GOODS)
    table = await asyncio.to_thread(open_table, content)
    row = ImportRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        filename=catalog.clean(filename)[:200],
        content=content,
        header_set=table.header_set,
        upsert_key=upsert_key,
        state=ImportState.CHECKING,
        rows=table.expected,
        created_at=tx.now,
    )
    tx.db.add(row)
    await tx.db.flush()
    await tx.start(check, row.id, key=f"import-check-{row.id}")
    return ProductImport.of(row)


async def recent(tx: Tx, cursor: str | None, limit: int) -> Page[ProductImport]:
    """List imports, the newest first."""
    require(tx, Can.EDIT_GOODS)
    query = select(ImportRow).where(_visible(tx.actor)).order_by(ImportRow.id.desc())
    last = paging.after(cursor)
    if last is not None:
        query = query.where(ImportRow.id < last)
    rows = (await tx.db.scalars(query.limit(limit + 1))).all()
    return paging.page(rows, limit, ProductImport.of, lambda row: row.id)


async def get(tx: Tx, import_id: UUID) -> ProductImport:
    """Show how far an import is."""
    require(tx, Can.EDIT_GOODS)
    return ProductImport.of(await _row(tx, import_id))


async def apply(tx: Tx, import_id: UUID) -> ProductImport:
    """Have a checked import written by a job: every row, or none."""
    require(tx, Can.EDIT_GOODS)
    row = await _row(tx, import_id, for_update=True)
    if row.state != ImportState.CHECKED or row.error_count:
        raise ImportNotReady(state=row.state, error_count=row.error_count)
    row.state = ImportState.APPLYING
    row.done = 0
    await tx.db.flush()
    await tx.start(write, row.id, key=f"import-apply-{row.id}")
    return ProductImport.of(row)


async def check(tx: Tx, import_id: UUID | str) -> None:
    """Find out what the file would change and what is wrong with it. A job of `upload`'s."""
    row = await _row(tx, UUID(str(import_id)))
    if row.state != ImportState.CHECKING:
        return
    try:
        found, rows = await _plan(tx, row, counted=True)
    except FileRefused as refusal:
        await _finish(tx, row, ImportState.FAILED, **_refusal(refusal))
        return
    await _finish(tx, row, ImportState.CHECKED, rows=rows, done=rows, **_summary(found))


async def write(tx: Tx, import_id: UUID | str) -> None:
    """Write what the file says, having checked it once more. A job of `apply`'s.

    The shop may have changed since the check, so the plan is made anew, in the transaction
    that writes. A refusal half way undoes what was written before it.
    """
    row = await _row(tx, UUID(str(import_id)))
    if row.state != ImportState.APPLYING:
        return
    try:
        found, rows = await _plan(tx, row, counted=False)
        if not found.errors:
            async with tx.db.begin_nested():
                await _write(tx, row, found, rows)
    except XinboError as refusal:
        await _finish(tx, row, ImportState.FAILED, done=0, **_refusal(refusal))
        return
    if found.errors:
        await _finish(tx, row, ImportState.FAILED, done=0, **_summary(found))
    else:
        done = _summary(found) | {"rows": rows, "done": rows, "content": None}
        await _finish(tx, row, ImportState.APPLIED, **done)


async def _write(tx: Tx, row: ImportRow, found: Plan, rows: int) -> None:
    sku_ids = dict(found.sku_ids)
    # Rows that change nothing are done as soon as that is known.
    done = rows - sum(step.rows for step in found.steps)
    for steps in batched(found.steps, BATCH, strict=False):
        sku_ids |= await catalog.upsert_many(tx, [step.upsert for step in steps])
        done += _rows_of(steps)
        await _progress(tx, row, rows, done)
    if found.stock:
        counts = {sku_ids[code]: pieces for code, pieces in found.stock.items()}
        await inventory.set_on_hand_many(tx, counts)


async def _plan(tx: Tx, row: ImportRow, *, counted: bool) -> tuple[Plan, int]:
    """Read the file and compare it with the shop; return the plan and the number of rows."""
    content = await tx.db.scalar(select(ImportRow.content).where(ImportRow.id == row.id))
    table = await asyncio.to_thread(open_table, content or b"")
    rows: list[Row] = []
    while batch := await asyncio.to_thread(_next, table.rows):
        rows += batch
        if counted:
            await _progress(tx, row, max(table.expected, len(rows)), len(rows))
    goods = await _goods(tx, rows)
    found = await asyncio.to_thread(_compare, table, rows, UpsertKey(row.upsert_key), goods)
    return found, len(rows)


def _next(rows: Iterator[Row]) -> list[Row]:
    return list(islice(rows, BATCH))


def _compare(table: Table, rows: Sequence[Row], key: UpsertKey, goods: Goods) -> Plan:
    return plan(rows, table.names, table.header_set, key, goods)


async def _goods(tx: Tx, rows: Sequence[Row]) -> Goods:
    """Fetch what the shop has of what the file names."""
    codes = sorted({code for row in rows if (code := code_of(row))})
    handles = sorted({handle for row in rows if (handle := handle_of(row))})
    products = await catalog.matching(tx, codes, handles)
    addresses = {
        address(each)
        for row in rows
        for each in row.cells.get(Field.PICTURE, "").replace(",", " ").split()
    }
    return Goods(
        by_code={sku.code: product for product in products for sku in product.skus},
        by_handle={product.handle: product for product in products},
        on_hand=await on_hand(tx, products),
        pictures=await catalog.owned(tx, sorted(addresses)),
        categories=await branches.by_path(tx),
    )


def _rows_of(steps: Sequence[Step]) -> int:
    return sum(step.rows for step in steps)


def _summary(found: Plan) -> dict[str, Any]:
    return {
        "creates": found.creates,
        "updates": found.updates,
        "unchanged": found.unchanged,
        "ignored_pictures": found.ignored_pictures,
        "errors": msgspec.to_builtins(found.errors[:SHOWN_ERRORS]),
        "error_count": len(found.errors),
    }


def _refusal(refusal: XinboError) -> Mapping[str, Any]:
    """Show a refusal of the whole as the one error there is: no row, no column."""
    name = refusal.code()
    if isinstance(refusal, FileRefused):
        name = f"{name}.{refusal.facts['reason']}"
    facts = msgspec.json.encode(refusal.facts).decode()
    error = RowError(row=0, column="", value=facts[:200], error=name)
    return {"errors": [msgspec.to_builtins(error)], "error_count": 1}


async def _progress(tx: Tx, row: ImportRow, rows: int, done: int) -> None:
    """Say how far it is, to be seen while the job's own transaction is still open."""
    async with tx.aside() as aside:
        await aside.db.execute(
            update(ImportRow).where(ImportRow.id == row.id).values(rows=rows, done=done)
        )


async def _finish(tx: Tx, row: ImportRow, state: ImportState, **values: Any) -> None:
    """Write how it ended, last of all: progress is written aside, and would wait for us."""
    await tx.db.execute(
        update(ImportRow)
        .where(ImportRow.id == row.id, ImportRow.state == row.state)
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )
    await tx.db.refresh(row)


async def _row(tx: Tx, import_id: UUID, *, for_update: bool = False) -> ImportRow:
    query = select(ImportRow).where(ImportRow.id == import_id, _visible(tx.actor))
    if for_update:
        query = query.with_for_update()
    row = await tx.db.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise ImportNotFound(import_id=import_id)
    return row


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show the merchant's staff its imports, nobody else any."""
    return ImportRow.merchant_id == actor.merchant_id if actor.is_staff else false()


JOBS = (check, write)
"""What the worker runs for this room."""
