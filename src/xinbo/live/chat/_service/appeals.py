"""The other side's word: how someone stands in a room, their appeal, and its answer."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.callers import shopper
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page
from xinbo.live import shows, signals
from xinbo.live.chat._models import AppealRow, MessageRow, SanctionRow
from xinbo.live.chat._rules import SaidState
from xinbo.live.chat._service.moderation import lift_row, sanction_view, show_now
from xinbo.live.chat._service.rows import (
    AppealNotFound,
    MessageNotFound,
    visible,
    visible_appeals,
    visible_sanctions,
)
from xinbo.live.chat._types import (
    AppealCase,
    AppealDecided,
    AppealDecision,
    AppealMade,
    AppealView,
    DecideAppeal,
    Handled,
    MakeAppeal,
    Standing,
)

MOST = 50
ABOUT = frozenset({SaidState.HELD, SaidState.REFUSED, SaidState.REMOVED})


class AppealedAlready(Conflict):
    """Raised when someone appeals a second time about the same thing."""


class AppealDecidedAlready(Conflict):
    """Raised when an appeal has its answer. `decision` is what was decided."""


async def standing(tx: Tx, show_id: UUID) -> Standing:
    """Say how the shopper stands in a show: what was done, why, and what became of appeals."""
    viewer_id = shopper(tx)
    await shows.get(tx, show_id)
    own = (
        await tx.db.scalars(
            select(AppealRow).where(AppealRow.show_id == show_id, visible_appeals(tx.actor))
        )
    ).all()
    appeals = {row.about_id: row for row in own}
    sanctions = await tx.db.scalars(
        select(SanctionRow)
        .where(
            SanctionRow.show_id == show_id,
            SanctionRow.viewer_id == viewer_id,
            visible_sanctions(tx.actor),
        )
        .order_by(SanctionRow.at.desc())
        .limit(MOST)
    )
    messages = await tx.db.scalars(
        select(MessageRow)
        .where(
            MessageRow.show_id == show_id,
            MessageRow.viewer_id == viewer_id,
            MessageRow.state.in_(ABOUT),
            visible(tx.actor),
        )
        .order_by(MessageRow.at.desc())
        .limit(MOST)
    )
    return Standing(
        sanctions=[sanction_view(row, appeals.get(row.id)) for row in sanctions],
        messages=[_handled(row, appeals.get(row.id)) for row in messages],
    )


async def appeal(tx: Tx, show_id: UUID, command: MakeAppeal) -> AppealView:
    """Ask the staff to think again about a sanction or a message of one's own, once."""
    viewer_id = shopper(tx)
    await shows.get(tx, show_id)
    sanction = await tx.db.scalar(
        select(SanctionRow).where(
            SanctionRow.id == command.about_id,
            SanctionRow.show_id == show_id,
            SanctionRow.viewer_id == viewer_id,
            visible_sanctions(tx.actor),
        )
    )
    if sanction is None:
        message = await tx.db.scalar(
            select(MessageRow).where(
                MessageRow.id == command.about_id,
                MessageRow.show_id == show_id,
                MessageRow.viewer_id == viewer_id,
                MessageRow.state.in_(ABOUT - {SaidState.HELD}),
                visible(tx.actor),
            )
        )
        if message is None:
            raise MessageNotFound(message_id=command.about_id)
    row = await tx.db.scalar(
        insert(AppealRow)
        .values(
            id=new_id(),
            merchant_id=tx.merchant_id,
            show_id=show_id,
            viewer_id=viewer_id,
            about_id=command.about_id,
            sanction_id=None if sanction is None else sanction.id,
            text=command.text,
            at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(AppealRow)
    )
    if row is None:
        raise AppealedAlready(about_id=command.about_id)
    await tx.emit(AppealMade(show_id=show_id, appeal_id=row.id))
    await signals.tell(tx, show_id, "appeals", to="staff", id=str(row.id))
    return AppealView.of(row)


async def appeals(
    tx: Tx, show_id: UUID | None, cursor: str | None, limit: int, *, undecided: bool = False
) -> Page[AppealCase]:
    """List appeals, the last first, for the staff."""
    require(tx, Can.SEE_CONSOLE)
    query = select(AppealRow).where(visible_appeals(tx.actor))
    if show_id is not None:
        query = query.where(AppealRow.show_id == show_id)
    if undecided:
        query = query.where(AppealRow.decision.is_(None))
    if (last := after(cursor)) is not None:
        query = query.where(AppealRow.id < last)
    rows = (await tx.db.scalars(query.order_by(AppealRow.id.desc()).limit(limit + 1))).all()
    cases = {row.id: await _case(tx, row) for row in rows[:limit]}
    return page(rows, limit, lambda row: cases[row.id], lambda row: row.id)


async def decide(tx: Tx, appeal_id: UUID, command: DecideAppeal) -> AppealCase:
    """Answer an appeal: what was done stands, or is undone at once."""
    require(tx, Can.MODERATE_CHAT)
    row = await tx.db.scalar(
        select(AppealRow)
        .where(AppealRow.id == appeal_id, visible_appeals(tx.actor))
        .with_for_update()
    )
    if row is None:
        raise AppealNotFound(appeal_id=appeal_id)
    if row.decision is not None:
        raise AppealDecidedAlready(appeal_id=appeal_id, decision=row.decision)
    row.decision, row.answer = command.decision, command.answer
    row.decided_at, row.decided_role = tx.now, tx.actor.role
    await tx.db.flush()
    if command.decision is AppealDecision.LIFTED:
        await _undo(tx, row)
    await tx.emit(AppealDecided(show_id=row.show_id, appeal_id=row.id, decision=command.decision))
    await signals.tell(
        tx, row.show_id, "chat", to=row.viewer_id, id=str(row.about_id), became="answered"
    )
    await signals.tell(tx, row.show_id, "appeals", to="staff", id=str(row.id))
    return await _case(tx, row)


async def _undo(tx: Tx, row: AppealRow) -> None:
    if row.sanction_id is not None:
        sanction = await tx.db.get(SanctionRow, row.sanction_id, with_for_update=True)
        if sanction is not None:
            await lift_row(tx, sanction)
        return
    message = await tx.db.get(MessageRow, (row.show_id, row.about_id), with_for_update=True)
    if message is not None and message.state in ABOUT:
        await show_now(tx, message)


async def _case(tx: Tx, row: AppealRow) -> AppealCase:
    sanction = None if row.sanction_id is None else await tx.db.get(SanctionRow, row.sanction_id)
    message_id = row.about_id if sanction is None else sanction.message_id
    message = await tx.db.get(MessageRow, (row.show_id, message_id))
    state = "" if message is None else message.state.value
    rule = message.rule if message and sanction is None else None
    note = message.note if message and sanction is None else ""
    return AppealCase(
        id=row.id,
        show_id=row.show_id,
        name="" if message is None else message.name,
        about=state if sanction is None else sanction.kind.value,
        message="" if message is None else message.text,
        rule=rule if sanction is None else sanction.rule,
        note=note if sanction is None else sanction.note,
        text=row.text,
        at=row.at,
        decision=row.decision,
        answer=row.answer,
        decided_at=row.decided_at,
    )


def _handled(row: MessageRow, appealed: AppealRow | None) -> Handled:
    return Handled(
        id=row.id,
        text=row.text,
        state=row.state,
        why=row.why,
        rule=row.rule,
        note=row.note,
        role=row.handled_role,
        at=row.at,
        appeal=None if appealed is None else AppealView.of(appealed),
    )
