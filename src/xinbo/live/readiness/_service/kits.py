"""Tests of cameras, microphones, lines and screens, kept with the show."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, false, select

from xinbo.engines.callers import signed_in
from xinbo.engines.tx import Actor, Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.ids import new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page
from xinbo.live import cast, shows
from xinbo.live.cast import SeatKind
from xinbo.live.readiness._models import KitTestRow
from xinbo.live.readiness._rules import KitGrade, KitItem, Measured, judged, passed, worst
from xinbo.live.readiness._types import KeepKitTest, KitTest, KitTested, KitVerdict

FRESH = timedelta(hours=24)
"""How long a test says something about the show that comes."""
PROBES = 120
"""Uploads of one member of the staff in a minute: a test makes a handful."""
PROBE_BYTES = 4_000_000
"""The most that one upload of a test may carry."""


async def keep(tx: Tx, show_id: UUID, command: KeepKitTest) -> KitTest:
    """Judge what a browser measured, and keep it with the show."""
    require(tx, Can.SEE_CONSOLE)
    by = signed_in(tx)
    await shows.console_get(tx, show_id)
    verdicts = judged(command.measured)
    row = KitTestRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        show_id=show_id,
        by=by,
        at=tx.now,
        measured=msgspec.to_builtins(command.measured),
        verdicts=msgspec.to_builtins(verdicts),
        verdict=worst(*verdicts.values()),
        passed=passed(verdicts),
    )
    tx.db.add(row)
    await tx.db.flush()
    await tx.emit(
        KitTested(show_id=show_id, test_id=row.id, verdict=row.verdict, passed=row.passed)
    )
    return _view(row, await accounts.staff_names(tx, [by]), await hosts(tx, show_id))


async def page_of(tx: Tx, show_id: UUID, cursor: str | None, limit: int) -> Page[KitTest]:
    """List the tests made for a show, the newest first."""
    require(tx, Can.SEE_CONSOLE)
    await shows.console_get(tx, show_id)
    query = select(KitTestRow).where(KitTestRow.show_id == show_id, _visible(tx.actor))
    if (last := after(cursor)) is not None:
        query = query.where(KitTestRow.id < last)
    rows = (await tx.db.scalars(query.order_by(KitTestRow.id.desc()).limit(limit + 1))).all()
    names = await accounts.staff_names(tx, [row.by for row in rows if row.by is not None])
    seated = await hosts(tx, show_id)
    return page(rows, limit, lambda row: _view(row, names, seated), lambda row: row.id)


async def probe(tx: Tx) -> None:
    """Let a member of the staff measure the line, so often and no more."""
    require(tx, Can.SEE_CONSOLE)
    await tx.limit(f"probe-{signed_in(tx)}", PROBES, timedelta(minutes=1))


async def hosts(tx: Tx, show_id: UUID) -> set[UUID]:
    """List who has a host's seat in a show."""
    seated = await cast.seated(tx, show_id)
    return {*seated.get(SeatKind.HOST, []), *seated.get(SeatKind.BACKUP_HOST, [])}


async def tested(tx: Tx, show_id: UUID, seated: Collection[UUID]) -> bool:
    """Say whether the last test of a host went well, not longer ago than a day.

    Where nobody has a host's seat, anyone's counts.
    """
    query = select(KitTestRow).where(
        KitTestRow.show_id == show_id, _visible(tx.actor), KitTestRow.at >= tx.now - FRESH
    )
    if seated:
        query = query.where(KitTestRow.by.in_(list(seated)))
    last = await tx.db.scalar(query.order_by(KitTestRow.id.desc()).limit(1))
    return last is not None and last.passed


def _view(row: KitTestRow, names: dict[UUID, str], seated: Collection[UUID]) -> KitTest:
    verdicts = msgspec.convert(row.verdicts, dict[KitItem, KitGrade])
    return KitTest(
        id=row.id,
        show_id=row.show_id,
        by_id=row.by,
        by=names.get(row.by, "") if row.by else "",
        at=row.at,
        by_host=row.by in seated,
        measured=msgspec.convert(row.measured, Measured),
        verdicts=[KitVerdict(item=item, verdict=verdicts[item]) for item in KitItem],
        verdict=row.verdict,
        passed=row.passed,
    )


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show the staff and the system their merchant's tests; nobody else any."""
    if Can.SEE_CONSOLE in allowed(actor.role):
        return KitTestRow.merchant_id == actor.merchant_id
    return false()
