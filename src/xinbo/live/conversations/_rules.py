"""The life of a conversation and its clock, as pure functions."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

FIRST_REPLY = timedelta(seconds=60)
"""How long a shopper's first question may wait: the aim, shown as a timer and red beyond it."""

NEXT_REPLY = timedelta(minutes=3)
"""How long each later one may wait: the field counts answers in three minutes (三分钟回复率)."""

REOPEN_WITHIN = timedelta(days=7)
"""How long after its end a shopper's word opens the same conversation again."""

AWAY_AFTER = timedelta(minutes=2)
"""An agent on duty whose console has given no sign for so long counts as away."""


class ConversationKind(StrEnum):
    """What a conversation is about: the queues of the desk."""

    ORDER = "order"
    LOGISTICS = "logistics"
    PRODUCT = "product"
    OTHER = "other"


class ConversationState(StrEnum):
    """Where a conversation stands."""

    WAITING = "waiting"
    """Nobody has taken it."""
    TAKEN = "taken"
    CLOSED = "closed"


class ConversationOutcome(StrEnum):
    """How a conversation ended."""

    SOLVED = "solved"
    AFTERSALES = "aftersales"
    NO_ANSWER = "no_answer"
    """The shopper said no more."""
    SPAM = "spam"


class TalkSide(StrEnum):
    """Who says something: the house itself notes what was done."""

    SHOPPER = "shopper"
    AGENT = "agent"
    HOUSE = "house"


class Standing(msgspec.Struct, frozen=True):
    """What the clock of a conversation looks at."""

    state: ConversationState
    agent_id: UUID | None
    waiting_since: datetime | None
    """When the oldest unanswered word of the shopper was said; none is unanswered: null."""
    replied_at: datetime | None
    """When an agent first answered."""


def begin(now: datetime) -> Standing:
    """Open a conversation: it waits from now."""
    return Standing(ConversationState.WAITING, None, now, None)


def asked(standing: Standing, now: datetime) -> Standing:
    """Hear the shopper. Asking again does not set the clock back; a closed one waits again."""
    if standing.state is ConversationState.CLOSED:
        return Standing(ConversationState.WAITING, None, now, standing.replied_at)
    since = now if standing.waiting_since is None else standing.waiting_since
    return msgspec.structs.replace(standing, waiting_since=since)


def taken(standing: Standing, agent_id: UUID) -> Standing:
    """Give the conversation to an agent. Taking answers nothing: the clock goes on."""
    return msgspec.structs.replace(standing, state=ConversationState.TAKEN, agent_id=agent_id)


def answered(standing: Standing, agent_id: UUID, now: datetime) -> Standing:
    """Hear an agent: nothing waits any more."""
    return Standing(ConversationState.TAKEN, agent_id, None, standing.replied_at or now)


def put_back(standing: Standing, now: datetime) -> Standing:
    """Give the conversation back to the queue, where it waits, at least from now."""
    since = now if standing.waiting_since is None else standing.waiting_since
    return Standing(ConversationState.WAITING, None, since, standing.replied_at)


def closed(standing: Standing) -> Standing:
    """End the conversation: nothing waits, and whose it was stays known."""
    return msgspec.structs.replace(standing, state=ConversationState.CLOSED, waiting_since=None)


def due(standing: Standing) -> datetime | None:
    """Say until when the oldest unanswered word is to be answered; null: none waits."""
    if standing.waiting_since is None:
        return None
    return standing.waiting_since + (FIRST_REPLY if standing.replied_at is None else NEXT_REPLY)


def may_reopen(closed_at: datetime | None, now: datetime) -> bool:
    """Say whether a shopper's word still opens the same conversation again."""
    return closed_at is not None and now - closed_at <= REOPEN_WITHIN
