"""Who serves a show: agents put themselves on duty, and off."""

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.callers import signed_in
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, require
from xinbo.live import shows, signals
from xinbo.live.conversations._models import ConversationRow, DutyRow
from xinbo.live.conversations._rules import AWAY_AFTER, ConversationState
from xinbo.live.conversations._types import AgentOnDuty, DutyChanged

ENOUGH = 2
"""Agents that a show should have; readiness warns below."""


async def on_duty(tx: Tx, show_id: UUID) -> list[AgentOnDuty]:
    """List who serves a show, for the staff; the first on duty first."""
    require(tx, Can.SEE_CONSOLE)
    rows = (
        await tx.db.scalars(
            select(DutyRow)
            .where(DutyRow.show_id == show_id, DutyRow.merchant_id == tx.merchant_id)
            .order_by(DutyRow.since, DutyRow.staff_id)
        )
    ).all()
    ids = [each.staff_id for each in rows]
    names = await accounts.staff_names(tx, ids)
    held = await tx.db.execute(
        select(ConversationRow.agent_id, func.count())
        .where(
            ConversationRow.merchant_id == tx.merchant_id,
            ConversationRow.agent_id.in_(ids),
            ConversationRow.state == ConversationState.TAKEN,
        )
        .group_by(ConversationRow.agent_id)
    )
    holds = {agent_id: count for agent_id, count in held if agent_id is not None}
    return [
        AgentOnDuty(
            staff_id=each.staff_id,
            name=names.get(each.staff_id, ""),
            since=each.since,
            away=tx.now - each.seen_at > AWAY_AFTER,
            holds=holds.get(each.staff_id, 0),
        )
        for each in rows
    ]


async def set_duty(tx: Tx, show_id: UUID, *, on: bool) -> list[AgentOnDuty]:
    """Put the calling agent on duty for a show, or off; said again it is a sign of life."""
    require(tx, Can.SERVE_ORDERS)
    staff_id = signed_in(tx)
    await shows.console_get(tx, show_id)
    if on:
        fresh = await tx.db.scalar(
            insert(DutyRow)
            .values(
                show_id=show_id,
                staff_id=staff_id,
                merchant_id=tx.merchant_id,
                since=tx.now,
                seen_at=tx.now,
            )
            .on_conflict_do_update(
                index_elements=[DutyRow.show_id, DutyRow.staff_id], set_={"seen_at": tx.now}
            )
            .returning(DutyRow.since)
        )
        changed = fresh == tx.now
    else:
        gone = await tx.db.scalars(
            delete(DutyRow)
            .where(
                DutyRow.show_id == show_id,
                DutyRow.staff_id == staff_id,
                DutyRow.merchant_id == tx.merchant_id,
            )
            .returning(DutyRow.staff_id)
        )
        changed = bool(gone.all())
    agents = await on_duty(tx, show_id)
    if changed:
        await tx.emit(DutyChanged(show_id=show_id, staff_id=staff_id, on=on, agents=len(agents)))
        await signals.tell(tx, show_id, "duty", to="staff", agents=len(agents))
    return agents


async def release(tx: Tx, show_id: UUID) -> None:
    """Take everybody off duty: the show is over."""
    await tx.db.execute(
        delete(DutyRow).where(DutyRow.show_id == show_id, DutyRow.merchant_id == tx.merchant_id)
    )
