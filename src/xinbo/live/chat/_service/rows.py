"""Rows of the room: who sees them, how they are found, and the refusals that go with it."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, select

from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.live import shows
from xinbo.live.chat._models import AppealRow, MessageRow, SanctionRow
from xinbo.live.shows import Show, ShowStatus


class MessageNotFound(NotFound):
    """Raised when nothing of the kind was said in the show, or it is not in the archive yet."""


class SanctionNotFound(NotFound):
    """Raised when nobody was sanctioned so."""


class AppealNotFound(NotFound):
    """Raised when there is no such appeal."""


class NotThatState(Conflict):
    """Raised when a message is not held, or not shown, any more. `is_now` is what it is."""


class StaffSpoke(Conflict):
    """Raised when staff would be muted or sent out: their seat is for the owner to take."""


async def moderated(tx: Tx, show_id: UUID) -> Show:
    """Return a show whose chat the actor may keep in order."""
    require(tx, Can.MODERATE_CHAT)
    return await shows.console_get(tx, show_id)


def in_rehearsal(show: Show) -> bool:
    """Say whether what happens now is not real."""
    return show.status is ShowStatus.REHEARSAL


async def message_row(tx: Tx, show_id: UUID, message_id: UUID) -> MessageRow:
    """Lock a message."""
    row = await tx.db.scalar(
        select(MessageRow)
        .where(MessageRow.show_id == show_id, MessageRow.id == message_id, visible(tx.actor))
        .with_for_update()
    )
    if row is None:
        raise MessageNotFound(message_id=message_id)
    return row


def visible(actor: Actor) -> ColumnElement[bool]:
    """Show staff their merchant's messages, and shoppers their own."""
    return _visible(actor, MessageRow)


def visible_sanctions(actor: Actor) -> ColumnElement[bool]:
    """Show staff their merchant's sanctions, and shoppers what was done to them."""
    return _visible(actor, SanctionRow)


def visible_appeals(actor: Actor) -> ColumnElement[bool]:
    """Show staff their merchant's appeals, and shoppers their own."""
    return _visible(actor, AppealRow)


def _visible(
    actor: Actor, row: type[MessageRow] | type[SanctionRow] | type[AppealRow]
) -> ColumnElement[bool]:
    own = row.merchant_id == actor.merchant_id
    if Can.SEE_CONSOLE in allowed(actor.role):
        return own
    if actor.role is Role.SHOPPER:
        return and_(own, row.viewer_id == actor.user_id)
    return false()
