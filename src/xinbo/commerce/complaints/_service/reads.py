"""Show complaints to those whose matter they are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from xinbo.commerce.complaints._models import ComplaintRow, MessageRow
from xinbo.commerce.complaints._rules import (
    OVER,
    TIMERS,
    Act,
    ComplaintState,
    Party,
    Stand,
    possible,
    run_out,
)
from xinbo.commerce.complaints._types import Complaint, ComplaintMessage, Decision
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import NotFound
from xinbo.kit.paging import CursorRefused, after, page
from xinbo.kit.wire import Page


class ComplaintNotFound(NotFound):
    """Raised when there is no such complaint, or the actor may not see it: both look alike."""


async def get(tx: Tx, complaint_id: UUID) -> Complaint:
    """Show one complaint to someone who may see it."""
    return await view(tx, await row(tx, complaint_id))


async def console_get(tx: Tx, complaint_id: UUID) -> Complaint:
    """Show one complaint to the merchant's staff."""
    require(tx, Can.SEE_ORDERS)
    return await get(tx, complaint_id)


async def page_of(tx: Tx, order_id: UUID | None, cursor: str | None, limit: int) -> Page[Complaint]:
    """List the complaints that the actor may see, newest first."""
    query = _seen(tx.actor).order_by(ComplaintRow.id.desc()).limit(limit + 1)
    if order_id is not None:
        query = query.where(ComplaintRow.order_id == order_id)
    if (last := after(cursor)) is not None:
        query = query.where(ComplaintRow.id < last)
    rows = list(await tx.db.scalars(query))
    views = {each.id: await view(tx, each) for each in rows}
    return page(rows, limit, lambda each: views[each.id], lambda each: each.id)


async def desk(
    tx: Tx, state: ComplaintState | None, cursor: str | None, limit: int, *, over: bool = False
) -> Page[Complaint]:
    """List the merchant's complaints by deadline, the most urgent first; or those decided."""
    require(tx, Can.SEE_ORDERS)
    if over or state in OVER:
        query = _seen(tx.actor).where(
            ComplaintRow.state.in_(OVER) if state is None else ComplaintRow.state == state
        )
        if (last := after(cursor)) is not None:
            query = query.where(ComplaintRow.id < last)
        query = query.order_by(ComplaintRow.id.desc())
    else:
        query = _seen(tx.actor).where(
            ComplaintRow.state.not_in(OVER) if state is None else ComplaintRow.state == state
        )
        if cursor is not None:
            at, last_id = _place(cursor)
            behind = and_(ComplaintRow.due_at == at, ComplaintRow.id > last_id)
            query = query.where(or_(ComplaintRow.due_at > at, behind))
        query = query.order_by(ComplaintRow.due_at, ComplaintRow.id)
    rows = list(await tx.db.scalars(query.limit(limit + 1)))
    views = {each.id: await view(tx, each) for each in rows}
    return page(rows, limit, lambda each: views[each.id], _mark)


def _mark(each: ComplaintRow) -> str:
    return str(each.id) if each.due_at is None else f"{each.due_at.isoformat()}~{each.id}"


def _place(cursor: str) -> tuple[datetime, UUID]:
    at, _, last = cursor.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(last)
    except ValueError:
        raise CursorRefused(cursor=cursor[:80]) from None


async def messages(
    tx: Tx, complaint_id: UUID, cursor: str | None, limit: int
) -> Page[ComplaintMessage]:
    """List what was said in a complaint, newest first."""
    await row(tx, complaint_id)
    query = select(MessageRow).where(
        MessageRow.complaint_id == complaint_id, MessageRow.merchant_id == tx.merchant_id
    )
    if (last := after(cursor)) is not None:
        query = query.where(MessageRow.id < last)
    rows = (await tx.db.scalars(query.order_by(MessageRow.id.desc()).limit(limit + 1))).all()
    return page(rows, limit, message_view, lambda each: each.id)


def message_view(each: MessageRow) -> ComplaintMessage:
    """Show something that was said."""
    return ComplaintMessage(
        id=each.id,
        party=each.party,
        words=each.words,
        picture_ids=[UUID(one) for one in each.picture_ids],
        at=each.at,
    )


async def row(tx: Tx, complaint_id: UUID, *, for_update: bool = False) -> ComplaintRow:
    """Fetch the complaint if the actor may see it; lock it where it is about to change."""
    query = _seen(tx.actor).where(ComplaintRow.id == complaint_id)
    if for_update:
        query = query.with_for_update()
    found = await tx.db.scalar(query)
    if found is None:
        raise ComplaintNotFound(complaint_id=complaint_id)
    return found


async def by_key(tx: Tx, shopper_id: UUID, key: str) -> ComplaintRow | None:
    """Find the complaint that a request with this key led to."""
    return await tx.db.scalar(
        _seen(tx.actor).where(
            ComplaintRow.shopper_id == shopper_id, ComplaintRow.idempotency_key == key
        )
    )


def stand(complaint: ComplaintRow) -> Stand:
    """Take out of a row what its machine looks at."""
    return Stand(complaint.state, complaint.due_at)


def parties(actor: Actor) -> list[Party]:
    """Say for whom an actor may act."""
    if actor.role is Role.SHOPPER:
        return [Party.SHOPPER]
    if actor.role is Role.SYSTEM:
        return [Party.TIME]
    can = allowed(actor.role)
    merchant = [Party.MERCHANT] if Can.SERVE_ORDERS in can else []
    return [*merchant, *([Party.ARBITER] if Can.ARBITRATE in can else [])]


async def view(tx: Tx, complaint: ComplaintRow) -> Complaint:
    """Show a row to whoever asks."""
    timer = TIMERS.get(complaint.state)
    may: dict[Act, None] = {}
    for party in parties(tx.actor):
        may |= dict.fromkeys(possible(complaint.state, party))
    first = await tx.db.scalar(
        select(MessageRow.picture_ids).where(
            MessageRow.complaint_id == complaint.id,
            MessageRow.merchant_id == tx.merchant_id,
            MessageRow.at == complaint.opened_at,
        )
    )
    return Complaint(
        id=complaint.id,
        number=f"C{complaint.serial:08}",
        order_id=complaint.order_id,
        order_number=complaint.order_number,
        case_id=complaint.case_id,
        shopper_id=complaint.shopper_id,
        topic=complaint.topic,
        state=complaint.state,
        words=complaint.words,
        wanted=complaint.wanted,
        amount=complaint.amount,
        picture_ids=[UUID(each) for each in first or []],
        opened_at=complaint.opened_at,
        due_at=complaint.due_at,
        then=None if complaint.due_at is None else run_out(stand(complaint), complaint.due_at),
        owed_by=None if timer is None else timer.owed_by,
        decision=_decision(complaint),
        closed_at=complaint.closed_at,
        may=list(may),
        now=tx.now,
    )


def _decision(complaint: ComplaintRow) -> Decision | None:
    if complaint.verdict is None or complaint.decided_by is None or complaint.closed_at is None:
        return None
    return Decision(
        verdict=complaint.verdict,
        amount=complaint.decided_amount or 0,
        refunded=complaint.refunded,
        words=complaint.decided_words,
        by=complaint.decided_by,
        at=complaint.closed_at,
    )


def _seen(actor: Actor) -> Select[ComplaintRow]:
    return select(ComplaintRow).where(_visible(actor)).execution_options(populate_existing=True)


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show shoppers their own complaints, the merchant's to the system and staff."""
    of_the_merchant = ComplaintRow.merchant_id == actor.merchant_id
    if actor.role is Role.SHOPPER:
        return and_(of_the_merchant, ComplaintRow.shopper_id == actor.user_id)
    return of_the_merchant if Can.SEE_ORDERS in allowed(actor.role) else false()
