"""Let a show go on air, and let an owner waive what is not met."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Role, Tx
from xinbo.identity.access import Can, NotPermitted, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.live import chat, shows, stage
from xinbo.live.readiness._models import WaiverRow
from xinbo.live.readiness._rules import Severity
from xinbo.live.readiness._service.looking import check
from xinbo.live.readiness._types import Readiness, ReadinessWaived, Waive, WaiverWithdrawn
from xinbo.live.shows import ShowPlan, ShowStatus

OWNERS = frozenset({Role.OWNER, Role.SYSTEM})


class NotReady(Conflict):
    """Raised when checks stand in the way of a show. `checks` names them, `count` says how many."""


class CheckNotFound(NotFound):
    """Raised when nothing of this name stands in the way, or nobody may waive it."""


async def go_live(tx: Tx, show_id: UUID) -> ShowPlan:
    """Put a show on air unless its checks stand in the way. Raises `NotReady`."""
    require(tx, Can.RUN_SHOWS)
    seen = await check(tx, show_id)
    if not seen.ready and seen.guarded:
        blocking = [
            each.key
            for each in seen.checks
            if each.severity is Severity.BLOCK and each.waived is None
        ]
        raise NotReady(count=len(blocking), checks=blocking)
    if (await shows.console_get(tx, show_id)).status is ShowStatus.REHEARSAL:
        # What was put up for nobody must not stand before everybody, nor close real sales.
        await stage.clear(tx, show_id)
        await chat.hold_chat(tx, show_id, on=False)
    return await shows.start(tx, show_id)


async def waive(tx: Tx, show_id: UUID, command: Waive) -> Readiness:
    """Take the responsibility for a check that is not met. Only an owner may; it is on record."""
    _owner(tx)
    seen = await check(tx, show_id)
    found = next(
        (
            each
            for each in seen.checks
            if each.key == command.key and each.severity is Severity.BLOCK and each.waivable
        ),
        None,
    )
    if found is None:
        raise CheckNotFound(key=command.key)
    reason = command.reason.strip()
    values = {"reason": reason, "by": tx.actor.user_id, "at": tx.now}
    await tx.db.execute(
        insert(WaiverRow)
        .values(show_id=show_id, key=command.key, merchant_id=tx.merchant_id, **values)
        .on_conflict_do_update(index_elements=["show_id", "key"], set_=values)
    )
    await tx.emit(ReadinessWaived(show_id=show_id, key=command.key, kind=found.kind, reason=reason))
    return await check(tx, show_id)


async def withdraw(tx: Tx, show_id: UUID, key: str) -> Readiness:
    """Take a waiver back. Harmless to repeat."""
    _owner(tx)
    await shows.console_get(tx, show_id)
    gone = await tx.db.scalar(
        delete(WaiverRow)
        .where(
            WaiverRow.show_id == show_id,
            WaiverRow.key == key,
            WaiverRow.merchant_id == tx.merchant_id,
        )
        .returning(WaiverRow.key)
    )
    if gone is not None:
        await tx.emit(WaiverWithdrawn(show_id=show_id, key=key))
    return await check(tx, show_id)


def _owner(tx: Tx) -> None:
    require(tx, Can.PLAN_SHOWS)
    if tx.actor.role not in OWNERS:
        raise NotPermitted(permission="waive", role=tx.actor.role)
