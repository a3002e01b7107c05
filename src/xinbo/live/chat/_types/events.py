"""What was done to keep a room in order, on record: without what anyone wrote."""

from uuid import UUID

from xinbo.kit.wire import Event
from xinbo.live.chat._types.order import AppealDecision, Rule


class ShopperMuted(Event, frozen=True):
    """Someone may not speak for a while."""

    name = "chat.muted"
    about = "show_id"
    show_id: UUID
    sanction_id: UUID
    viewer_id: UUID
    minutes: int | None
    rule: Rule


class ShopperKicked(Event, frozen=True):
    """Someone was sent out of the room."""

    name = "chat.kicked"
    about = "show_id"
    show_id: UUID
    sanction_id: UUID
    viewer_id: UUID
    rule: Rule


class SanctionLifted(Event, frozen=True):
    """Someone may speak, or come in, again."""

    name = "chat.lifted"
    about = "show_id"
    show_id: UUID
    sanction_id: UUID
    viewer_id: UUID


class MessageRemoved(Event, frozen=True):
    """A message was taken off every screen."""

    name = "chat.removed"
    about = "show_id"
    show_id: UUID
    message_id: UUID
    rule: Rule


class MessageReleased(Event, frozen=True):
    """A held message is shown."""

    name = "chat.released"
    about = "show_id"
    show_id: UUID
    message_id: UUID


class MessageRejected(Event, frozen=True):
    """A held message is not shown."""

    name = "chat.rejected"
    about = "show_id"
    show_id: UUID
    message_id: UUID


class AppealMade(Event, frozen=True):
    """Someone asks the staff to think again."""

    name = "chat.appealed"
    about = "show_id"
    show_id: UUID
    appeal_id: UUID


class AppealDecided(Event, frozen=True):
    """An appeal was answered."""

    name = "chat.appeal_decided"
    about = "show_id"
    show_id: UUID
    appeal_id: UUID
    decision: AppealDecision


class ChatRulesSet(Event, frozen=True):
    """How a show's chat is kept in order was changed."""

    name = "chat.rules_set"
    about = "show_id"
    show_id: UUID
    slow_seconds: int
    hold_all: bool
