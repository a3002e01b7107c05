"""What time does to cases: each deadline once, whoever sweeps."""

from uuid import UUID

import msgspec
from sqlalchemy import select

from xinbo.commerce.aftersales._models import CaseRow
from xinbo.commerce.aftersales._rules import CaseKind, Outcome, Side, Standing, Step, run_out, take
from xinbo.commerce.aftersales._service.reads import row, standing
from xinbo.commerce.aftersales._service.steps import go
from xinbo.commerce.inventory import OutOfStock
from xinbo.engines.tx import Tx


async def due(tx: Tx, limit: int, after: UUID | None = None) -> list[tuple[UUID, UUID]]:
    """List (merchant, case) whose time is up, of every merchant."""
    query = select(CaseRow.merchant_id, CaseRow.id).where(CaseRow.due_at <= tx.now)
    if after is not None:
        query = query.where(CaseRow.id > after)
    found = await tx.db.execute(query.order_by(CaseRow.id).limit(limit))
    return [(merchant_id, case_id) for merchant_id, case_id in found]


async def run(tx: Tx, case_id: UUID) -> bool:
    """Let time act on a case, if its time is up; say whether that was so.

    A case that somebody else has locked is left alone: it is moving, or another worker has it.
    """
    mine = await tx.db.scalar(
        select(CaseRow.id)
        .where(
            CaseRow.id == case_id,
            CaseRow.merchant_id == tx.merchant_id,
            CaseRow.due_at <= tx.now,
        )
        .with_for_update(skip_locked=True)
    )
    if mine is None:
        return False
    case = await row(tx, case_id, for_update=True)
    step = run_out(standing(case), tx.now)
    if step is None:
        return False
    outcome = _taken(standing(case), step, tx)
    if step is Step.APPROVE and case.kind is CaseKind.EXCHANGE:
        await _approve_exchange(tx, case, outcome)
    else:
        await go(tx, case, step, outcome, by=Side.TIME)
    return True


def _taken(now: Standing, step: Step, tx: Tx, kind: CaseKind | None = None) -> Outcome:
    return take(now, step, Side.TIME, tx.now, kind)


async def _approve_exchange(tx: Tx, case: CaseRow, outcome: Outcome) -> None:
    """Approve an exchange; where nothing is left to send, the money goes back instead."""
    before = msgspec.structs.replace(standing(case))
    try:
        async with tx.db.begin_nested():
            await go(tx, case, Step.APPROVE, outcome, by=Side.TIME)
    except OutOfStock:
        await tx.db.refresh(case)
        case = await row(tx, case.id, for_update=True)
        instead = _taken(before, Step.APPROVE, tx, CaseKind.RETURN_REFUND)
        await go(tx, case, Step.APPROVE, instead, by=Side.TIME)
