"""What the staff do about a message or its author. Whoever it is done to is told, and by whom."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select

from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.ids import new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page
from xinbo.live import shows, signals
from xinbo.live.chat._models import AppealRow, MessageRow, SanctionRow
from xinbo.live.chat._rules import SaidState
from xinbo.live.chat._service.archive import tell_held
from xinbo.live.chat._service.rows import (
    NotThatState,
    SanctionNotFound,
    StaffSpoke,
    in_rehearsal,
    message_row,
    moderated,
    visible_sanctions,
)
from xinbo.live.chat._types import (
    AppealView,
    Archived,
    Kick,
    MessageRejected,
    MessageReleased,
    MessageRemoved,
    Mute,
    Remove,
    RulesChanged,
    Sanction,
    SanctionKind,
    SanctionLifted,
    ShopperKicked,
    ShopperMuted,
    Speaker,
)


async def mute(tx: Tx, show_id: UUID, command: Mute) -> Sanction:
    """Let the author of a message be silent for so many minutes, or for the show."""
    row = await _sanction(tx, show_id, SanctionKind.MUTE, command)
    row.until = None if command.minutes is None else tx.now + timedelta(minutes=command.minutes)
    await tx.db.flush()
    await tx.emit(
        ShopperMuted(
            show_id=show_id,
            sanction_id=row.id,
            viewer_id=row.viewer_id,
            minutes=command.minutes,
            rule=command.rule,
        )
    )
    await _tell(tx, row, "muted")
    return sanction_view(row, None)


async def kick(tx: Tx, show_id: UUID, command: Kick) -> Sanction:
    """Send the author of a message out of the room for the rest of the show."""
    row = await _sanction(tx, show_id, SanctionKind.KICK, command)
    await tx.emit(
        ShopperKicked(
            show_id=show_id, sanction_id=row.id, viewer_id=row.viewer_id, rule=command.rule
        )
    )
    await _tell(tx, row, "kicked")
    return sanction_view(row, None)


async def lift(tx: Tx, sanction_id: UUID) -> Sanction:
    """Let someone speak, or come in, again. Harmless to repeat."""
    require(tx, Can.MODERATE_CHAT)
    row = await tx.db.scalar(
        select(SanctionRow)
        .where(SanctionRow.id == sanction_id, visible_sanctions(tx.actor))
        .with_for_update()
    )
    if row is None:
        raise SanctionNotFound(sanction_id=sanction_id)
    await lift_row(tx, row)
    return sanction_view(row, await _appeal_of(tx, row.id))


async def lift_row(tx: Tx, row: SanctionRow) -> None:
    """End a sanction that is at hand."""
    if row.lifted_at is not None:
        return
    row.lifted_at, row.lifted_role = tx.now, tx.actor.role
    await tx.db.flush()
    await tx.emit(SanctionLifted(show_id=row.show_id, sanction_id=row.id, viewer_id=row.viewer_id))
    await _tell(tx, row, "lifted")


async def sanctions(
    tx: Tx, show_id: UUID | None, cursor: str | None, limit: int, *, in_force: bool = False
) -> Page[Sanction]:
    """List what was done to people who spoke, the last first, for the staff."""
    require(tx, Can.SEE_CONSOLE)
    query = select(SanctionRow).where(visible_sanctions(tx.actor))
    if show_id is not None:
        query = query.where(SanctionRow.show_id == show_id)
    if in_force:
        query = query.where(
            SanctionRow.lifted_at.is_(None),
            or_(SanctionRow.until.is_(None), SanctionRow.until > tx.now),
        )
    if (last := after(cursor)) is not None:
        query = query.where(SanctionRow.id < last)
    rows = (await tx.db.scalars(query.order_by(SanctionRow.id.desc()).limit(limit + 1))).all()
    appeals = {
        appeal.about_id: appeal
        for appeal in await tx.db.scalars(
            select(AppealRow).where(
                AppealRow.merchant_id == tx.merchant_id,
                AppealRow.about_id.in_([row.id for row in rows]),
            )
        )
    }
    return page(
        rows, limit, lambda row: sanction_view(row, appeals.get(row.id)), lambda row: row.id
    )


async def kicked(tx: Tx, show_id: UUID, viewer_id: UUID) -> SanctionRow | None:
    """Return the sanction that keeps someone out of a show, if one does."""
    show = await shows.get(tx, show_id)
    return await tx.db.scalar(
        select(SanctionRow)
        .where(
            SanctionRow.merchant_id == tx.merchant_id,
            SanctionRow.show_id == show_id,
            SanctionRow.viewer_id == viewer_id,
            SanctionRow.kind == SanctionKind.KICK,
            SanctionRow.rehearsal == in_rehearsal(show),
            SanctionRow.lifted_at.is_(None),
        )
        .limit(1)
    )


async def remove(tx: Tx, show_id: UUID, message_id: UUID, command: Remove) -> Archived:
    """Take a message off every screen; its author is told."""
    await moderated(tx, show_id)
    row = await message_row(tx, show_id, message_id)
    if row.state not in {SaidState.SHOWN, SaidState.SAMPLED}:
        raise NotThatState(message_id=message_id, is_now=row.state)
    await _settle(tx, row, SaidState.REMOVED, command)
    await tx.emit(MessageRemoved(show_id=show_id, message_id=message_id, rule=command.rule))
    await _tell_author(tx, row)
    return Archived.of(row)


async def release(tx: Tx, show_id: UUID, message_id: UUID) -> Archived:
    """Show a held message to everyone, at its own time."""
    await moderated(tx, show_id)
    row = await message_row(tx, show_id, message_id)
    if row.state is not SaidState.HELD:
        raise NotThatState(message_id=message_id, is_now=row.state)
    await show_now(tx, row)
    await tell_held(tx, show_id)
    return Archived.of(row)


async def show_now(tx: Tx, row: MessageRow) -> None:
    """Put a message on every screen that was not there."""
    await _settle(tx, row, SaidState.SHOWN, None)
    await tx.emit(MessageReleased(show_id=row.show_id, message_id=row.id))
    await _tell_author(tx, row)


async def reject(tx: Tx, show_id: UUID, message_id: UUID, command: Remove) -> Archived:
    """Refuse a held message; its author is told."""
    await moderated(tx, show_id)
    row = await message_row(tx, show_id, message_id)
    if row.state is not SaidState.HELD:
        raise NotThatState(message_id=message_id, is_now=row.state)
    await _settle(tx, row, SaidState.REFUSED, command)
    await tx.emit(MessageRejected(show_id=show_id, message_id=message_id))
    await _tell_author(tx, row)
    await tell_held(tx, show_id)
    return Archived.of(row)


async def _settle(tx: Tx, row: MessageRow, state: SaidState, why: Remove | None) -> None:
    row.state = state
    row.rule = None if why is None else why.rule
    row.note = "" if why is None else why.note
    row.handled_role, row.handled_at = tx.actor.role, tx.now
    await tx.db.flush()


async def _tell_author(tx: Tx, row: MessageRow) -> None:
    await signals.tell(
        tx, row.show_id, "chat", to=row.viewer_id, id=str(row.id), became=row.state.value
    )


async def _tell(tx: Tx, row: SanctionRow, what: str) -> None:
    """Tell edges, the staff's pages, and whoever it is about."""
    await tx.emit(RulesChanged(show_id=row.show_id))
    await signals.tell(tx, row.show_id, "chat", to=row.viewer_id, id=str(row.id), became=what)
    await signals.tell(tx, row.show_id, "sanctions", to="staff", id=str(row.id), became=what)


async def _sanction(tx: Tx, show_id: UUID, kind: SanctionKind, command: Mute | Kick) -> SanctionRow:
    show = await moderated(tx, show_id)
    said = await message_row(tx, show_id, command.message_id)
    if said.role is not Speaker.SHOPPER:
        raise StaffSpoke(message_id=command.message_id)
    row = SanctionRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        show_id=show_id,
        viewer_id=said.viewer_id,
        name=said.name,
        message_id=said.id,
        kind=kind,
        rule=command.rule,
        note=command.note,
        by_id=tx.actor.user_id,
        role=tx.actor.role,
        at=tx.now,
        rehearsal=in_rehearsal(show),
    )
    tx.db.add(row)
    await tx.db.flush()
    return row


async def _appeal_of(tx: Tx, about_id: UUID) -> AppealRow | None:
    return await tx.db.scalar(
        select(AppealRow).where(
            AppealRow.merchant_id == tx.merchant_id, AppealRow.about_id == about_id
        )
    )


def sanction_view(row: SanctionRow, appeal: AppealRow | None) -> Sanction:
    """Show a sanction."""
    return Sanction(
        id=row.id,
        show_id=row.show_id,
        kind=row.kind,
        name=row.name,
        message_id=row.message_id,
        rule=row.rule,
        note=row.note,
        role=row.role,
        at=row.at,
        until=row.until,
        lifted_at=row.lifted_at,
        appeal=None if appeal is None else AppealView.of(appeal),
    )
