"""Show the books to those of the staff who may see money."""

import csv
import io
from datetime import datetime

from sqlalchemy import Select, func, select

from xinbo.commerce.books._models import EntryRow
from xinbo.commerce.books._types import Entry, EntryFilter, TrialBalance, TrialLine, TrialTotal
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Invalid
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page

LONGEST_EXPORT = 50_000
COLUMNS = ("at", "kind", "account", "owner_id", "unit", "amount", "ref_id", "posting_id", "id")


class ExportTooLong(Invalid):
    """Raised when more entries are asked for than a file may hold (`most`): narrow the window."""


async def trial_balance(
    tx: Tx, from_at: datetime | None = None, until_at: datetime | None = None
) -> TrialBalance:
    """Sum every account over a window of time, `until_at` left out; all time if none is given."""
    require(tx, Can.SEE_MONEY)
    debit = func.coalesce(func.sum(EntryRow.amount).filter(EntryRow.amount > 0), 0)
    credit = func.coalesce(-func.sum(EntryRow.amount).filter(EntryRow.amount < 0), 0)
    query = (
        select(EntryRow.account, EntryRow.unit, debit, credit, func.count())
        .where(EntryRow.merchant_id == tx.merchant_id)
        .group_by(EntryRow.account, EntryRow.unit)
        .order_by(EntryRow.unit, EntryRow.account)
    )
    if from_at is not None:
        query = query.where(EntryRow.at >= from_at)
    if until_at is not None:
        query = query.where(EntryRow.at < until_at)
    lines = [
        TrialLine(
            account=account,
            unit=unit,
            debit=int(ins),
            credit=int(outs),
            balance=int(ins - outs),
            entries=count,
        )
        for account, unit, ins, outs, count in await tx.db.execute(query)
    ]
    units = sorted({line.unit for line in lines})
    totals = [
        TrialTotal(
            unit=unit,
            debit=sum(line.debit for line in lines if line.unit == unit),
            credit=sum(line.credit for line in lines if line.unit == unit),
        )
        for unit in units
    ]
    return TrialBalance(lines=lines, totals=totals)


async def page_of(tx: Tx, which: EntryFilter, cursor: str | None, limit: int) -> Page[Entry]:
    """List entries, newest first."""
    require(tx, Can.SEE_MONEY)
    query = _filtered(tx, which).order_by(EntryRow.id.desc()).limit(limit + 1)
    if (last := after(cursor)) is not None:
        query = query.where(EntryRow.id < last)
    rows = (await tx.db.scalars(query)).all()
    return page(rows, limit, Entry.of, lambda row: row.id)


async def export_csv(tx: Tx, which: EntryFilter) -> bytes:
    """Write entries as CSV, oldest first: UTF-8 with a byte order mark, so that Excel reads it.

    Raises `ExportTooLong`.
    """
    require(tx, Can.SEE_MONEY)
    query = _filtered(tx, which).order_by(EntryRow.id).limit(LONGEST_EXPORT + 1)
    rows = (await tx.db.scalars(query)).all()
    if len(rows) > LONGEST_EXPORT:
        raise ExportTooLong(most=LONGEST_EXPORT)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        values = [getattr(row, column) for column in COLUMNS]
        values[0] = row.at.isoformat()
        writer.writerow(values)
    return out.getvalue().encode("utf-8-sig")


def _filtered(tx: Tx, which: EntryFilter) -> Select[EntryRow]:
    query = select(EntryRow).where(EntryRow.merchant_id == tx.merchant_id)
    for column, value in (
        (EntryRow.account, which.account),
        (EntryRow.owner_id, which.owner_id),
        (EntryRow.unit, which.unit),
        (EntryRow.kind, which.kind),
        (EntryRow.ref_id, which.ref_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if which.from_at is not None:
        query = query.where(EntryRow.at >= which.from_at)
    if which.until_at is not None:
        query = query.where(EntryRow.at < which.until_at)
    return query
