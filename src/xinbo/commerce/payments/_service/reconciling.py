"""Compare providers' files of a day with our payments and refunds, and keep what was found."""

import asyncio
import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select

from xinbo.commerce.payments._models import (
    PaymentRow,
    ReconciliationLineRow,
    ReconciliationRow,
    RefundRow,
)
from xinbo.commerce.payments._rules.life import BEIJING, PAID, PaymentStatus, RefundStatus
from xinbo.commerce.payments._rules.reconcile import Finding, Ours, Row, reconcile
from xinbo.commerce.payments._rules.statements import EntryKind, Line, StatementRefused, read
from xinbo.commerce.payments._service.providers import find
from xinbo.commerce.payments._types import Reconciliation, ReconciliationLine
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import NotFound
from xinbo.kit.ids import new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page

AT_ONCE = 5_000
COUNTED = PAID | {PaymentStatus.REFUNDED}
COLUMNS = (
    "finding",
    "kind",
    "our_id",
    "ref",
    "row",
    "ours",
    "theirs",
    "fee",
    "expected_fee",
    "order_id",
)


class ReportNotFound(NotFound):
    """Raised when there is no such report, or it is another merchant's."""


async def reconcile_file(
    tx: Tx, provider: str, day: date | None, filename: str, content: bytes
) -> Reconciliation:
    """Compare a provider's file with our day. `day` is in China; None is yesterday.

    Raises `StatementRefused`.
    """
    require(tx, Can.SEE_MONEY)
    lines = await asyncio.to_thread(read, provider, content)
    return await _report(tx, provider, day or yesterday(tx.now), filename[:200], lines)


async def reconcile_day(tx: Tx, provider: str, day: date | None) -> Reconciliation:
    """Fetch the file from the provider, and compare.

    Raises `ProviderUnknown`, or `StatementRefused` where it gives none: then it must be brought.
    """
    require(tx, Can.SEE_MONEY)
    day = day or yesterday(tx.now)
    content = await find(provider).statement(tx, day)
    if content is None:
        raise StatementRefused(reason="bring_it")
    return await reconcile_file(tx, provider, day, f"{provider}-{day}.csv", content)


async def reports(tx: Tx, cursor: str | None, limit: int) -> Page[Reconciliation]:
    """List reports, newest first."""
    require(tx, Can.SEE_MONEY)
    query = (
        select(ReconciliationRow)
        .where(ReconciliationRow.merchant_id == tx.merchant_id)
        .order_by(ReconciliationRow.id.desc())
        .limit(limit + 1)
    )
    if (last := after(cursor)) is not None:
        query = query.where(ReconciliationRow.id < last)
    rows = (await tx.db.scalars(query)).all()
    return page(rows, limit, Reconciliation.of, lambda row: row.id)


async def report(tx: Tx, report_id: UUID) -> Reconciliation:
    """Show one report."""
    require(tx, Can.SEE_MONEY)
    row = await tx.db.scalar(
        select(ReconciliationRow).where(
            ReconciliationRow.id == report_id, ReconciliationRow.merchant_id == tx.merchant_id
        )
    )
    if row is None:
        raise ReportNotFound(report_id=report_id)
    return Reconciliation.of(row)


async def report_lines(
    tx: Tx, report_id: UUID, finding: Finding | None, cursor: str | None, limit: int
) -> Page[ReconciliationLine]:
    """List a report's lines in the file's order: all, or those of one finding."""
    await report(tx, report_id)
    query = _lines(tx, report_id, finding).limit(limit + 1)
    if (last := after(cursor)) is not None:
        query = query.where(ReconciliationLineRow.id > last)
    rows = (await tx.db.scalars(query)).all()
    return page(rows, limit, ReconciliationLine.of, lambda row: row.id)


async def report_csv(tx: Tx, report_id: UUID) -> bytes:
    """Write a whole report as CSV: UTF-8 with a byte order mark, so that Excel reads it right."""
    await report(tx, report_id)
    rows = (await tx.db.scalars(_lines(tx, report_id, None))).all()
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        values = [getattr(row, column) for column in COLUMNS]
        writer.writerow(["" if value is None else value for value in values])
    return out.getvalue().encode("utf-8-sig")


async def due(tx: Tx, providers: Collection[str], limit: int) -> list[tuple[UUID, str]]:
    """List (merchant, provider) that took money yesterday, without a nightly report on it."""
    day = yesterday(tx.now)
    start, end = _bounds(day)
    reported = (
        select(ReconciliationRow.id)
        .where(
            ReconciliationRow.merchant_id == PaymentRow.merchant_id,
            ReconciliationRow.provider == PaymentRow.provider,
            ReconciliationRow.day == day.isoformat(),
            ReconciliationRow.by.is_(None),
        )
        .exists()
    )
    found = await tx.db.execute(
        select(PaymentRow.merchant_id, PaymentRow.provider)
        .distinct()
        .where(
            PaymentRow.settled_at >= start,
            PaymentRow.settled_at < end,
            PaymentRow.provider.in_(providers),
            ~reported,
        )
        .limit(limit)
    )
    return [(merchant_id, provider) for merchant_id, provider in found]


def yesterday(now: datetime) -> date:
    """Return the day before, in China."""
    return (now.astimezone(BEIJING) - timedelta(days=1)).date()


async def _report(
    tx: Tx, provider: str, day: date, filename: str, theirs: Sequence[Line]
) -> Reconciliation:
    named = [(line.kind, line.our_id) for line in theirs]
    payments = await _payments(tx, provider, day, _ids(named, EntryKind.PAYMENT))
    refunds = await _refunds(tx, provider, day, _ids(named, EntryKind.REFUND))
    orders = {row.id.hex: row.order_id for row in (*payments, *refunds)}
    mine = [_payment(row) for row in payments if row.merchant_id == tx.merchant_id]
    mine += [_refund(row) for row in refunds if row.merchant_id == tx.merchant_id]
    others = {
        (EntryKind.PAYMENT if isinstance(row, PaymentRow) else EntryKind.REFUND, row.id.hex)
        for row in (*payments, *refunds)
        if row.merchant_id != tx.merchant_id
    }
    lines = [line for line in theirs if (line.kind, line.our_id) not in others]
    told = await _told(tx, provider, day, [each.id for each in mine])
    rate = find(provider).fee_rate
    rows = reconcile(mine, lines, told=told, fee_rate=rate)
    made = ReconciliationRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        provider=provider,
        day=day.isoformat(),
        filename=filename,
        by=tx.actor.user_id,
        at=tx.now,
        lines=len(lines),
        mismatches=sum(row.finding is not Finding.MATCHED for row in rows),
        elsewhere=len(theirs) - len(lines),
        paid=_total(rows, EntryKind.PAYMENT, "theirs"),
        refunded=_total(rows, EntryKind.REFUND, "theirs"),
        fees=sum(line.fee for line in lines),
        our_paid=_total(rows, EntryKind.PAYMENT, "ours"),
        our_refunded=_total(rows, EntryKind.REFUND, "ours"),
    )
    tx.db.add(made)
    await tx.db.flush()
    if rows:
        await tx.db.execute(
            insert(ReconciliationLineRow), [_kept(tx, made, row, orders) for row in rows]
        )
    return Reconciliation.of(made)


def _total(rows: Iterable[Row], kind: EntryKind, side: str) -> int:
    return sum(
        getattr(row, side) or 0
        for row in rows
        if row.kind is kind and (side == "theirs" or row.finding is not Finding.DUPLICATE)
    )


def _kept(tx: Tx, made: ReconciliationRow, row: Row, orders: dict[str, UUID]) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in row.__struct_fields__}
    return said | {
        "id": new_id(),
        "merchant_id": tx.merchant_id,
        "report_id": made.id,
        "provider": made.provider,
        "day": made.day,
        # What we know nothing of may be another merchant's: it opens nothing.
        "order_id": orders.get(row.our_id) if row.ours is not None else None,
    }


def _lines(tx: Tx, report_id: UUID, finding: Finding | None) -> Select[ReconciliationLineRow]:
    query = (
        select(ReconciliationLineRow)
        .where(
            ReconciliationLineRow.report_id == report_id,
            ReconciliationLineRow.merchant_id == tx.merchant_id,
        )
        .order_by(ReconciliationLineRow.id)
    )
    return query if finding is None else query.where(ReconciliationLineRow.finding == finding)


async def _payments(tx: Tx, provider: str, day: date, named: Collection[UUID]) -> list[PaymentRow]:
    """Fetch the payments that we counted on that day, and all that the file names."""
    start, end = _bounds(day)
    of_provider = select(PaymentRow).where(PaymentRow.provider == provider)
    found = list(
        await tx.db.scalars(
            of_provider.where(
                PaymentRow.merchant_id == tx.merchant_id,
                PaymentRow.settled_at >= start,
                PaymentRow.settled_at < end,
            )
        )
    )
    for some in _chunks(named):
        found += await tx.db.scalars(of_provider.where(PaymentRow.id.in_(some)))
    return list({row.id: row for row in found}.values())


async def _refunds(tx: Tx, provider: str, day: date, named: Collection[UUID]) -> list[RefundRow]:
    """Fetch the refunds that were sent on that day, and all that the file names."""
    start, end = _bounds(day)
    of_provider = (
        select(RefundRow)
        .join(PaymentRow, PaymentRow.id == RefundRow.payment_id)
        .where(PaymentRow.provider == provider)
    )
    found = list(
        await tx.db.scalars(
            of_provider.where(
                RefundRow.merchant_id == tx.merchant_id,
                RefundRow.settled_at >= start,
                RefundRow.settled_at < end,
            )
        )
    )
    for some in _chunks(named):
        found += await tx.db.scalars(of_provider.where(RefundRow.id.in_(some)))
    return list({row.id: row for row in found}.values())


async def _told(
    tx: Tx, provider: str, day: date, ids: Collection[str]
) -> set[tuple[EntryKind, str]]:
    """List what files of other days told of: a payment at midnight is in one day of the two."""
    told: set[tuple[EntryKind, str]] = set()
    for some in _chunks(ids):
        found = await tx.db.execute(
            select(ReconciliationLineRow.kind, ReconciliationLineRow.our_id).where(
                ReconciliationLineRow.merchant_id == tx.merchant_id,
                ReconciliationLineRow.provider == provider,
                ReconciliationLineRow.our_id.in_(some),
                ReconciliationLineRow.day != day.isoformat(),
                ReconciliationLineRow.theirs.is_not(None),
            )
        )
        told |= {(kind, our_id) for kind, our_id in found}
    return told


def _payment(row: PaymentRow) -> Ours:
    return Ours(
        kind=EntryKind.PAYMENT,
        id=row.id.hex,
        amount=row.amount,
        currency=row.currency,
        done=row.status in COUNTED,
    )


def _refund(row: RefundRow) -> Ours:
    return Ours(
        kind=EntryKind.REFUND,
        id=row.id.hex,
        amount=row.amount,
        currency=row.currency,
        done=row.status is RefundStatus.SENT,
    )


def _ids(named: Iterable[tuple[EntryKind, str]], kind: EntryKind) -> list[UUID]:
    found: list[UUID] = []
    for of_kind, text in named:
        if of_kind is kind:
            try:
                found.append(UUID(text))
            except ValueError:
                continue  # not one of ours: it will be missing here
    return found


def _chunks[T](values: Collection[T]) -> Iterator[list[T]]:
    every = list(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def _bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime(day.year, day.month, day.day, tzinfo=BEIJING)
    return start, start + timedelta(days=1)
