"""Take a file of parcels in, check it, send them. Each parcel is sent whole or not at all."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, false, select, update

from xinbo.commerce import catalog, orders
from xinbo.commerce.fulfilment._models import BatchRow
from xinbo.commerce.fulfilment._rules.sheets import HEADINGS, Column
from xinbo.commerce.fulfilment._service import planning
from xinbo.commerce.fulfilment._service.planning import LARGEST, Planned
from xinbo.commerce.fulfilment._service.promises import SHIPPABLE, left
from xinbo.commerce.fulfilment._service.shipping import ship
from xinbo.commerce.fulfilment._types import ApplyBatch, BatchError, BatchState, ShippingBatch
from xinbo.commerce.imports import FileRefused
from xinbo.commerce.orders import Order
from xinbo.engines import sheets
from xinbo.engines.tx import Actor, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit import paging
from xinbo.kit.errors import Conflict, NotFound, XinboError
from xinbo.kit.ids import new_id
from xinbo.kit.wire import Page

SHOWN = 200
"""Errors that are kept of a file."""
EVERY = 20
"""Parcels between two notes of the progress."""
TEMPLATE = 1_000
"""Orders that a filled template lists at most."""
WIDTHS = {Column.ORDER: 24, Column.CARRIER: 14, Column.NUMBER: 24, Column.SKU: 20}


class BatchNotFound(NotFound):
    """Raised when there is no such file, or the actor may not see it: the two look alike."""


class BatchNotReady(Conflict):
    """Raised when a file is not checked, has errors that are not left out, or is sent."""


async def upload(tx: Tx, filename: str, content: bytes) -> ShippingBatch:
    """Take a file in and have it checked by a job. Raises `FileRefused` where that is hopeless."""
    require(tx, Can.SERVE_ORDERS)
    if not content:
        raise FileRefused(reason="empty")
    if len(content) > LARGEST:
        raise FileRefused(reason="too_many_bytes", most=LARGEST)
    row = BatchRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        filename=catalog.clean(filename)[:200],
        content=content,
        state=BatchState.CHECKING,
        created_by=tx.actor.user_id,
        created_at=tx.now,
    )
    tx.db.add(row)
    await tx.db.flush()
    await tx.start(check, str(row.id), key=f"shipping-check-{row.id}")
    return ShippingBatch.of(row)


async def recent(tx: Tx, cursor: str | None, limit: int) -> Page[ShippingBatch]:
    """List files, the newest first."""
    require(tx, Can.SERVE_ORDERS)
    query = select(BatchRow).where(_visible(tx.actor)).order_by(BatchRow.id.desc())
    if (last := paging.after(cursor)) is not None:
        query = query.where(BatchRow.id < last)
    rows = (await tx.db.scalars(query.limit(limit + 1))).all()
    return paging.page(rows, limit, ShippingBatch.of, lambda row: row.id)


async def get(tx: Tx, batch_id: UUID) -> ShippingBatch:
    """Show how far a file is."""
    require(tx, Can.SERVE_ORDERS)
    return ShippingBatch.of(await _row(tx, batch_id))


async def apply(tx: Tx, batch_id: UUID, command: ApplyBatch) -> ShippingBatch:
    """Have a checked file's parcels sent by a job; rows with errors only if they are left out."""
    require(tx, Can.SERVE_ORDERS)
    row = await _row(tx, batch_id, for_update=True)
    blocked = bool(row.error_count) and not command.skip_errors
    if row.state != BatchState.CHECKED or blocked or not row.parcels:
        raise BatchNotReady(state=row.state, error_count=row.error_count, parcels=row.parcels)
    row.state = BatchState.APPLYING
    row.skip_errors = command.skip_errors
    row.done = 0
    await tx.db.flush()
    await tx.start(write, str(row.id), key=f"shipping-apply-{row.id}")
    return ShippingBatch.of(row)


async def check(tx: Tx, batch_id: str) -> None:
    """Find out what the file means and what is wrong with it. A job of `upload`'s."""
    row = await _row(tx, UUID(batch_id))
    if row.state != BatchState.CHECKING:
        return
    try:
        plan = await planning.read(tx, await _content(tx, row))
    except FileRefused as refusal:
        await _finish(tx, row, BatchState.FAILED, **_refused(refusal))
        return
    await _finish(
        tx,
        row,
        BatchState.CHECKED,
        rows=plan.rows,
        done=plan.rows,
        parcels=len(plan.parcels),
        warnings=msgspec.to_builtins(plan.warnings[:SHOWN]),
        **_errors(plan.errors),
    )


async def write(tx: Tx, batch_id: str) -> None:
    """Send the parcels, each in a transaction of its own. A job of `apply`'s.

    What is to be sent is worked out anew and written down first, so that a restart sends the
    rest of the same parcels: those that were sent are known by their keys.
    """
    row = await _row(tx, UUID(batch_id))
    if row.state != BatchState.APPLYING:
        return
    earlier = [msgspec.convert(each, BatchError) for each in row.errors]
    planned = await tx.db.scalar(select(BatchRow.plan).where(BatchRow.id == row.id))
    if planned is None:
        try:
            plan = await planning.read(tx, await _content(tx, row))
        except FileRefused as refusal:
            await _finish(tx, row, BatchState.FAILED, **_refused(refusal))
            return
        earlier = plan.errors
        if plan.errors and not row.skip_errors:
            await _finish(tx, row, BatchState.FAILED, done=0, **_errors(plan.errors))
            return
        planned = msgspec.to_builtins(plan.parcels)
        await _note(tx, row, plan=planned, parcels=len(plan.parcels), **_errors(plan.errors))
    failed = await _send(tx, row, msgspec.convert(planned, list[Planned]))
    sent = len(planned) - len(failed)
    await _finish(
        tx,
        row,
        BatchState.APPLIED,
        done=sent,
        parcels=sent,
        content=None,
        **_errors([*earlier, *failed]),
    )


async def _send(tx: Tx, row: BatchRow, parcels: list[Planned]) -> list[BatchError]:
    """Send parcel by parcel; return what went wrong."""
    failed: list[BatchError] = []
    for number, parcel in enumerate(parcels, 1):
        key = f"batch-{row.id}-{parcel.ship.carrier}-{parcel.ship.number}"
        try:
            async with tx.aside() as own:
                await ship(own, parcel.ship, key, row.created_by)
        except XinboError as refusal:
            facts = msgspec.json.encode(refusal.facts).decode()
            at = parcel.rows[0]
            failed.append(BatchError(row=at, column="", value=facts[:SHOWN], error=refusal.code()))
        if number % EVERY == 0:
            await _note(tx, row, done=number)
    return failed


async def template(tx: Tx, *, filled: bool, as_csv: bool) -> bytes:
    """Write an empty file, or one that lists what is waiting to be sent, line by line."""
    require(tx, Can.SERVE_ORDERS)
    waiting: list[Order] = []
    if filled:
        for status in sorted(SHIPPABLE):
            cursor: str | None = None
            while len(waiting) < TEMPLATE:
                some = await orders.page_of(tx, status, None, cursor, 100)
                waiting += some.items
                cursor = some.next
                if cursor is None:
                    break
    codes = await catalog.skus(tx, {line.sku_id for order in waiting for line in order.lines})
    rows = [
        (order.number, "", "", codes[line.sku_id].code if line.sku_id in codes else "", pieces)
        for order in waiting[:TEMPLATE]
        for line in order.lines
        if (pieces := left(order).get(line.position))
    ]
    if as_csv:
        return sheets.csv_file(list(HEADINGS.values()), rows)
    heads = [(name, WIDTHS.get(column, 10)) for column, name in HEADINGS.items()]
    return await asyncio.to_thread(sheets.xlsx, "批量发货", heads, rows)


def _errors(errors: list[BatchError]) -> dict[str, Any]:
    return {"errors": msgspec.to_builtins(errors[:SHOWN]), "error_count": len(errors)}


def _refused(refusal: FileRefused) -> dict[str, Any]:
    """Show a refusal of the whole as the one error there is: no row, no column."""
    facts = msgspec.json.encode(refusal.facts).decode()
    name = f"{refusal.code()}.{refusal.facts['reason']}"
    return _errors([BatchError(row=0, column="", value=facts[:SHOWN], error=name)])


async def _content(tx: Tx, row: BatchRow) -> bytes:
    return await tx.db.scalar(select(BatchRow.content).where(BatchRow.id == row.id)) or b""


async def _note(tx: Tx, row: BatchRow, **values: Any) -> None:
    """Write how far it is, to be seen while the job's own transaction is still open."""
    async with tx.aside() as aside:
        await aside.db.execute(
            update(BatchRow)
            .where(BatchRow.id == row.id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


async def _finish(tx: Tx, row: BatchRow, state: BatchState, **values: Any) -> None:
    """Write how it ended, last of all: progress is written aside, and would wait for us."""
    await tx.db.execute(
        update(BatchRow)
        .where(BatchRow.id == row.id, BatchRow.state == row.state)
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )
    await tx.db.refresh(row)


async def _row(tx: Tx, batch_id: UUID, *, for_update: bool = False) -> BatchRow:
    query = select(BatchRow).where(BatchRow.id == batch_id, _visible(tx.actor))
    if for_update:
        query = query.with_for_update()
    row = await tx.db.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise BatchNotFound(batch_id=batch_id)
    return row


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show the merchant's staff its files, if it may see orders; nobody else any."""
    may = Can.SEE_ORDERS in allowed(actor.role)
    return BatchRow.merchant_id == actor.merchant_id if may else false()
