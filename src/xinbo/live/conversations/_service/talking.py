"""Ask, answer, take, give on, end. Lock, then look."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from xinbo.engines.callers import signed_in
from xinbo.engines.tx import Role, Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import new_id
from xinbo.live.conversations._models import ConversationRow, MessageRow
from xinbo.live.conversations._rules import (
    ConversationOutcome,
    ConversationState,
    TalkSide,
    answered,
    asked,
    closed,
    may_reopen,
    put_back,
    taken,
)
from xinbo.live.conversations._service import pictures
from xinbo.live.conversations._service.reads import row, standing, view
from xinbo.live.conversations._service.writing import (
    lock,
    note,
    order_card,
    product_card,
    said,
    stand,
    tell,
    tell_opened,
    write,
)
from xinbo.live.conversations._types import (
    Conversation,
    ConversationClosed,
    PassOn,
    SayWords,
    TalkNote,
)

A_MINUTE = 20
"""Messages of one person in a minute."""
SUPERVISING = frozenset({Role.OWNER, Role.OPERATOR})
"""Who may give on or end what a colleague has."""


class TakenBySomeone(Conflict):
    """Raised when a colleague has the conversation: `by` says who, `at` since when."""


class ConversationOver(Conflict):
    """Raised when a conversation has ended; an open one of the shopper's is `conversation_id`."""


class AgentNotFound(NotFound):
    """Raised when a conversation is to be given to someone who serves nobody here."""


async def say(tx: Tx, conversation_id: UUID, command: SayWords) -> Conversation:
    """Say something, as the shopper or as an agent; once per message id.

    A shopper's word after the end opens the conversation again. An agent who answers what nobody
    has takes it. Raises `TakenBySomeone`, `ConversationOver`, `TooMuchSaid`.
    """
    await tx.limit(f"say:{signed_in(tx)}", A_MINUTE, timedelta(minutes=1))
    found = await row(tx, conversation_id, for_update=True)
    if await said(tx, found.id, command.id):
        return await view(tx, found)
    if tx.actor.role is Role.SHOPPER:
        await _ask(tx, found, command)
    else:
        await _answer(tx, found, command)
    await tx.db.flush()
    await tell(tx, found)
    return await view(tx, found)


async def _ask(tx: Tx, found: ConversationRow, command: SayWords) -> None:
    again = found.state is ConversationState.CLOSED
    if again:
        await _refuse_second(tx, found)
    stand(found, asked(standing(found), tx.now))
    if again:
        found.closed_at = found.outcome = found.taken_at = None
        await tell_opened(tx, found, again=True)
        await note(tx, found, TalkNote.REOPENED)
    await _speak(tx, found, TalkSide.SHOPPER, command)


async def _refuse_second(tx: Tx, found: ConversationRow) -> None:
    await tx.db.execute(select(lock(tx, found.shopper_id)))
    other = await tx.db.scalar(
        select(ConversationRow.id).where(
            ConversationRow.merchant_id == tx.merchant_id,
            ConversationRow.shopper_id == found.shopper_id,
            ConversationRow.show_id.is_not_distinct_from(found.show_id),
            ConversationRow.state != ConversationState.CLOSED,
        )
    )
    if other is not None or not may_reopen(found.closed_at, tx.now):
        raise ConversationOver(conversation_id=other)


async def _answer(tx: Tx, found: ConversationRow, command: SayWords) -> None:
    if command.internal:
        await _speak(tx, found, TalkSide.AGENT, command)
        return
    agent_id = await hold(tx, found)
    stand(found, answered(standing(found), agent_id, tx.now))
    _seen_by_agent(tx, found)
    await _speak(tx, found, TalkSide.AGENT, command)


async def hold(tx: Tx, found: ConversationRow) -> UUID:
    """Make sure that the calling agent has the conversation: take it if nobody does."""
    agent_id = signed_in(tx)
    if found.state is ConversationState.CLOSED:
        raise ConversationOver(conversation_id=None)
    if found.agent_id is not None and found.agent_id != agent_id:
        names = await accounts.staff_names(tx, [found.agent_id])
        raise TakenBySomeone(
            by=names.get(found.agent_id, ""), agent_id=found.agent_id, at=found.taken_at
        )
    if found.agent_id is None:
        stand(found, taken(standing(found), agent_id))
        found.taken_at = tx.now
        await note(tx, found, TalkNote.TAKEN)
    return agent_id


async def _speak(tx: Tx, found: ConversationRow, speaker: TalkSide, command: SayWords) -> None:
    await pictures.attach(tx, command.picture_ids, found)
    by_id = signed_in(tx)
    for card in (
        await product_card(tx, command.product_id),
        await order_card(tx, found.shopper_id, command.order_id),
    ):
        if card is not None:
            await write(tx, found, speaker, by_id, card=card, internal=command.internal)
    found.product_id = command.product_id or found.product_id
    found.order_id = command.order_id or found.order_id
    await write(
        tx,
        found,
        speaker,
        by_id,
        key=command.id,
        words=command.text.strip(),
        picture_ids=command.picture_ids,
        internal=command.internal,
    )


async def take(tx: Tx, conversation_id: UUID) -> Conversation:
    """Take a conversation; whoever has it already keeps it. Raises `TakenBySomeone`."""
    require(tx, Can.SERVE_ORDERS)
    found = await row(tx, conversation_id, for_update=True)
    await hold(tx, found)
    _seen_by_agent(tx, found)
    await tx.db.flush()
    await tell(tx, found)
    return await view(tx, found)


async def transfer(tx: Tx, conversation_id: UUID, command: PassOn) -> Conversation:
    """Give a conversation to another agent, or back to the queue, with a word among the staff.

    Whoever has it may, and those who lead. Raises `TakenBySomeone`, `AgentNotFound`.
    """
    require(tx, Can.SERVE_ORDERS)
    found = await row(tx, conversation_id, for_update=True)
    await _lead(tx, found)
    if command.to is None:
        stand(found, put_back(standing(found), tx.now))
        found.taken_at = None
        await note(tx, found, TalkNote.RETURNED, words=command.words)
    else:
        colleagues = {each.id: each for each in await accounts.colleagues(tx)}
        to = colleagues.get(command.to)
        if to is None or Can.SERVE_ORDERS not in allowed(to.role):
            raise AgentNotFound(staff_id=command.to)
        stand(found, taken(standing(found), to.id))
        found.taken_at = tx.now
        await note(tx, found, TalkNote.TRANSFERRED, words=f"{to.name} {command.words}".strip())
    await tx.db.flush()
    await tell(tx, found)
    return await view(tx, found)


async def _lead(tx: Tx, found: ConversationRow) -> None:
    """Let whoever has a conversation go on, and those who lead; refuse colleagues."""
    if tx.actor.role in SUPERVISING and found.state is not ConversationState.CLOSED:
        return
    await hold(tx, found)


async def close(tx: Tx, conversation_id: UUID, outcome: ConversationOutcome) -> Conversation:
    """End a conversation, as its shopper or as the agent who has it. Harmless to repeat."""
    found = await row(tx, conversation_id, for_update=True)
    if found.state is ConversationState.CLOSED:
        return await view(tx, found)
    if tx.actor.role is not Role.SHOPPER:
        await _lead(tx, found)
    stand(found, closed(standing(found)))
    found.closed_at = tx.now
    how = ConversationOutcome.SOLVED if tx.actor.role is Role.SHOPPER else outcome
    found.outcome = how
    await note(tx, found, TalkNote.CLOSED)
    await tx.db.flush()
    took = None if found.replied_at is None else found.replied_at - found.opened_at
    await tx.emit(
        ConversationClosed(
            show_id=found.show_id,
            conversation_id=found.id,
            kind=found.kind,
            outcome=how,
            first_reply_seconds=None if took is None else round(took.total_seconds()),
            rehearsal=found.rehearsal,
        )
    )
    await tell(tx, found)
    return await view(tx, found)


async def seen(tx: Tx, conversation_id: UUID) -> Conversation:
    """Note that the caller has read everything. A colleague's look is no answer: it counts not."""
    found = await row(tx, conversation_id, for_update=True)
    if tx.actor.role is Role.SHOPPER:
        news, found.unseen_by_shopper = found.unseen_by_shopper, 0
        found.seen_by_shopper_at = tx.now
    elif found.agent_id == signed_in(tx):
        news = found.unseen_by_agent
        _seen_by_agent(tx, found)
    else:
        news = 0
    if news:
        await tx.db.flush()
        await tell(tx, found)
    return await view(tx, found)


async def erase(tx: Tx, shopper_id: UUID) -> int:
    """Forget what a shopper said and showed; return how many messages that were.

    What remains says when something was asked and answered, not what, nor by whom.
    """
    if tx.actor.role is not Role.SYSTEM:
        require(tx, Can.MANAGE_STAFF)
    nobody = new_id()
    gone = await tx.db.scalars(
        update(MessageRow)
        .where(MessageRow.merchant_id == tx.merchant_id, MessageRow.shopper_id == shopper_id)
        .values(text="", card=None, picture_ids=[], shopper_id=nobody, by_id=None)
        .returning(MessageRow.id)
    )
    await tx.db.execute(
        update(ConversationRow)
        .where(
            ConversationRow.merchant_id == tx.merchant_id,
            ConversationRow.shopper_id == shopper_id,
        )
        .values(
            last_text="",
            shopper_id=nobody,
            order_id=None,
            state=ConversationState.CLOSED,
            waiting_since=None,
            closed_at=func.coalesce(ConversationRow.closed_at, tx.now),
        )
    )
    await pictures.erase(tx, shopper_id)
    return len(gone.all())


def _seen_by_agent(tx: Tx, found: ConversationRow) -> None:
    found.unseen_by_agent, found.seen_by_agent_at = 0, tx.now
