"""Show conversations to those whose they are."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from statistics import median
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from xinbo.engines.callers import shopper
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import NotFound
from xinbo.kit.paging import CursorRefused, after, page
from xinbo.kit.wire import Page
from xinbo.live import shows
from xinbo.live.conversations._models import ConversationRow, MessageRow
from xinbo.live.conversations._rules import (
    FIRST_REPLY,
    NEXT_REPLY,
    ConversationKind,
    ConversationOutcome,
    ConversationState,
    Standing,
    due,
)
from xinbo.live.conversations._service import duty
from xinbo.live.conversations._types import (
    Conversation,
    DeskLane,
    KindCount,
    QueueState,
    ServiceFigures,
    TalkCard,
    TalkMessage,
    TalkNote,
)

OPEN = (ConversationState.WAITING, ConversationState.TAKEN)


class ConversationNotFound(NotFound):
    """Raised when there is no such conversation, or not for the actor: the two look alike."""


async def get(tx: Tx, conversation_id: UUID) -> Conversation:
    """Show a conversation to someone who may see it."""
    return await view(tx, await row(tx, conversation_id))


async def mine(tx: Tx, cursor: str | None, limit: int) -> Page[Conversation]:
    """List the calling shopper's conversations, the newest first."""
    shopper(tx)
    query = select(ConversationRow).where(_visible(tx.actor))
    if (last := after(cursor)) is not None:
        query = query.where(ConversationRow.id < last)
    rows = (await tx.db.scalars(query.order_by(ConversationRow.id.desc()).limit(limit + 1))).all()
    return await _page(tx, rows, limit, lambda each: str(each.id))


async def queue(  # noqa: PLR0913 # a list of the desk, and its filters
    tx: Tx,
    lane: DeskLane,
    kind: ConversationKind | None,
    show_id: UUID | None,
    *,
    cursor: str | None,
    limit: int,
) -> Page[Conversation]:
    """List the merchant's conversations: those that wait first, the longest waiting first.

    Conversations of a rehearsal are listed with its own show only.
    """
    require(tx, Can.SERVE_ORDERS)
    query = select(ConversationRow).where(_visible(tx.actor), _of_show(show_id), _in(tx, lane))
    if kind is not None:
        query = query.where(ConversationRow.kind == kind)
    if lane is DeskLane.CLOSED:
        if (last := after(cursor)) is not None:
            query = query.where(ConversationRow.id < last)
        query = query.order_by(ConversationRow.id.desc())
        rows = (await tx.db.scalars(query.limit(limit + 1))).all()
        return await _page(tx, rows, limit, lambda each: str(each.id))
    if cursor is not None:
        at, last = _place(cursor)
        answered = ConversationRow.waiting_since.is_(None)
        behind = and_(ConversationRow.waiting_since == at, ConversationRow.id > last)
        later = or_(ConversationRow.waiting_since > at, behind, answered)
        query = query.where(later if at else and_(answered, ConversationRow.id > last))
    in_turn = query.order_by(ConversationRow.waiting_since.asc().nulls_last(), ConversationRow.id)
    rows = (await tx.db.scalars(in_turn.limit(limit + 1))).all()
    return await _page(tx, rows, limit, _mark)


def _in(tx: Tx, lane: DeskLane) -> ColumnElement[bool]:
    """Select a list of the desk."""
    match lane:
        case DeskLane.WAITING:
            return ConversationRow.state == ConversationState.WAITING
        case DeskLane.MINE:
            return and_(
                ConversationRow.state == ConversationState.TAKEN,
                ConversationRow.agent_id == tx.actor.user_id,
            )
        case DeskLane.OPEN:
            return ConversationRow.state.in_(OPEN)
        case DeskLane.CLOSED:
            return ConversationRow.state == ConversationState.CLOSED


def _of_show(show_id: UUID | None) -> ColumnElement[bool]:
    if show_id is None:
        return ConversationRow.rehearsal.is_(False)
    return ConversationRow.show_id == show_id


def _mark(each: ConversationRow) -> str:
    return f"{each.waiting_since.isoformat() if each.waiting_since else ''}~{each.id}"


def _place(cursor: str) -> tuple[datetime | None, UUID]:
    at, _, last = cursor.partition("~")
    try:
        return (datetime.fromisoformat(at) if at else None), UUID(last)
    except ValueError:
        raise CursorRefused(cursor=cursor[:80]) from None


async def queue_state(tx: Tx, show_id: UUID | None) -> QueueState:
    """Say how many wait, since when, in which queue, and who is there to answer."""
    require(tx, Can.SERVE_ORDERS)
    late = case(
        (
            ConversationRow.replied_at.is_(None),
            ConversationRow.waiting_since <= tx.now - FIRST_REPLY,
        ),
        else_=ConversationRow.waiting_since <= tx.now - NEXT_REPLY,
    )
    own = ConversationRow.agent_id == tx.actor.user_id
    found = await tx.db.execute(
        select(
            ConversationRow.kind,
            func.count()
            .filter(ConversationRow.state == ConversationState.WAITING)
            .label("waiting"),
            func.count(ConversationRow.waiting_since).label("unanswered"),
            func.count().filter(late).label("overdue"),
            func.count().filter(own).label("mine"),
            func.coalesce(func.sum(ConversationRow.unseen_by_agent).filter(own), 0).label("unread"),
            func.min(ConversationRow.waiting_since).label("since"),
        )
        .where(_visible(tx.actor), _of_show(show_id), ConversationRow.state.in_(OPEN))
        .group_by(ConversationRow.kind)
    )
    rows = {each.kind: each for each in found}
    agents = [] if show_id is None else await duty.on_duty(tx, show_id)
    return QueueState(
        waiting=sum(each.waiting for each in rows.values()),
        unanswered=sum(each.unanswered for each in rows.values()),
        overdue=sum(each.overdue for each in rows.values()),
        mine=sum(each.mine for each in rows.values()),
        mine_unread=sum(int(each.unread) for each in rows.values()),
        longest_since=min((each.since for each in rows.values() if each.since), default=None),
        kinds=[
            KindCount(
                kind=kind,
                waiting=rows[kind].waiting if kind in rows else 0,
                overdue=rows[kind].overdue if kind in rows else 0,
            )
            for kind in ConversationKind
        ],
        first_reply_seconds=int(FIRST_REPLY.total_seconds()),
        next_reply_seconds=int(NEXT_REPLY.total_seconds()),
        agents=agents,
        on_duty=any(agent.staff_id == tx.actor.user_id for agent in agents),
        now=tx.now,
    )


async def figures(tx: Tx, show_id: UUID) -> ServiceFigures:
    """Say how a show was served, in what was asked for real."""
    require(tx, Can.SEE_CONSOLE)
    await shows.console_get(tx, show_id)
    rows = (
        await tx.db.execute(
            select(
                ConversationRow.opened_at, ConversationRow.replied_at, ConversationRow.outcome
            ).where(
                ConversationRow.merchant_id == tx.merchant_id,
                ConversationRow.show_id == show_id,
                ConversationRow.rehearsal.is_(False),
            )
        )
    ).all()
    took = [each.replied_at - each.opened_at for each in rows if each.replied_at is not None]
    return ServiceFigures(
        opened=len(rows),
        answered=len(took),
        in_time=sum(each <= FIRST_REPLY for each in took),
        median_seconds=round(median(each.total_seconds() for each in took)) if took else None,
        handed_over=sum(each.outcome is ConversationOutcome.AFTERSALES for each in rows),
    )


async def messages(
    tx: Tx, conversation_id: UUID, cursor: str | None, limit: int
) -> Page[TalkMessage]:
    """List what was said, the newest first; what the staff says among itself, to the staff."""
    await row(tx, conversation_id)
    query = select(MessageRow).where(
        MessageRow.conversation_id == conversation_id, MessageRow.merchant_id == tx.merchant_id
    )
    if tx.actor.role is Role.SHOPPER:
        query = query.where(MessageRow.internal.is_(False))
    if (last := after(cursor)) is not None:
        behind = select(MessageRow.serial).where(
            MessageRow.id == last, MessageRow.conversation_id == conversation_id
        )
        query = query.where(MessageRow.serial < behind.scalar_subquery())
    rows = (await tx.db.scalars(query.order_by(MessageRow.serial.desc()).limit(limit + 1))).all()
    names = await _staff(tx, (each.by_id for each in rows))
    return page(rows, limit, lambda each: _message(each, names), lambda each: each.id)


def _message(each: MessageRow, names: dict[UUID, str]) -> TalkMessage:
    by_agent = each.by_id is not None and each.by_id != each.shopper_id
    return TalkMessage(
        id=each.id,
        key=each.key,
        speaker=each.speaker,
        by=names.get(each.by_id, "") if by_agent and each.by_id else "",
        internal=each.internal,
        text=each.text,
        note=None if each.note is None else TalkNote(each.note),
        picture_ids=[UUID(picture) for picture in each.picture_ids],
        card=None if each.card is None else msgspec.convert(each.card, TalkCard),
        at=each.at,
    )


async def row(tx: Tx, conversation_id: UUID, *, for_update: bool = False) -> ConversationRow:
    """Fetch a conversation that the actor may see; lock it first where it is about to change."""
    query = select(ConversationRow).where(_visible(tx.actor), ConversationRow.id == conversation_id)
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = await tx.db.scalar(query)
    if found is None:
        raise ConversationNotFound(conversation_id=conversation_id)
    return found


async def view(tx: Tx, conversation: ConversationRow) -> Conversation:
    """Show one row to whoever asks."""
    return (await _views(tx, [conversation]))[0]


async def _page(
    tx: Tx, rows: Sequence[ConversationRow], limit: int, mark: Callable[[ConversationRow], str]
) -> Page[Conversation]:
    shown = rows[:limit]
    more = mark(shown[-1]) if len(rows) > limit else None
    return Page(items=await _views(tx, shown), next=more)


async def _views(tx: Tx, rows: Sequence[ConversationRow]) -> list[Conversation]:
    faces = await accounts.faces(tx, {each.shopper_id for each in rows})
    names = await _staff(tx, (each.agent_id for each in rows))
    for_staff = tx.actor.role is not Role.SHOPPER
    return [
        Conversation(
            id=each.id,
            show_id=each.show_id,
            shopper_id=each.shopper_id,
            shopper_name=faces[each.shopper_id].nickname if each.shopper_id in faces else "",
            kind=each.kind,
            state=each.state,
            product_id=each.product_id,
            order_id=each.order_id,
            opened_at=each.opened_at,
            waiting_since=each.waiting_since,
            due_at=due(standing(each)),
            replied_at=each.replied_at,
            agent_id=each.agent_id if for_staff else None,
            agent_name=names.get(each.agent_id, "") if each.agent_id else "",
            taken_at=each.taken_at,
            closed_at=each.closed_at,
            outcome=each.outcome,
            unread=each.unseen_by_agent if for_staff else each.unseen_by_shopper,
            seen_at=each.seen_by_shopper_at if for_staff else each.seen_by_agent_at,
            last_text=each.last_text,
            last_speaker=each.last_speaker,
            last_at=each.last_at,
            rehearsal=each.rehearsal,
            now=tx.now,
        )
        for each in rows
    ]


async def _staff(tx: Tx, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Name agents to their colleagues. To shoppers the shop speaks, not a person of it."""
    wanted = {each for each in ids if each is not None}
    if not wanted or Can.SEE_CONSOLE not in allowed(tx.actor.role):
        return {}
    return await accounts.staff_names(tx, wanted)


def standing(conversation: ConversationRow) -> Standing:
    """Take out of a row what its clock looks at."""
    return Standing(
        conversation.state,
        conversation.agent_id,
        conversation.waiting_since,
        conversation.replied_at,
    )


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show shoppers their own conversations, the merchant's to the system and those who serve."""
    of_the_merchant = ConversationRow.merchant_id == actor.merchant_id
    if actor.role is Role.SHOPPER:
        return and_(of_the_merchant, ConversationRow.shopper_id == actor.user_id)
    return of_the_merchant if Can.SERVE_ORDERS in allowed(actor.role) else false()
