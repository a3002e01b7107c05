"""Open a complaint, talk, decide it, and carry the decision out. Lock, then look."""

import hashlib
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, func, select

from xinbo.commerce import aftersales, orders
from xinbo.commerce.aftersales import CaseState
from xinbo.commerce.complaints._models import ComplaintRow, MessageRow
from xinbo.commerce.complaints._rules import (
    OVER,
    Act,
    Party,
    Verdict,
    act,
    begin,
    possible,
    run_out,
)
from xinbo.commerce.complaints._service.reads import by_key, parties, row, stand, view
from xinbo.commerce.complaints._types import (
    Complaint,
    ComplaintDecided,
    ComplaintMoved,
    ComplaintOpened,
    Decide,
    OpenComplaint,
    SayIt,
)
from xinbo.commerce.orders import Status
from xinbo.commerce.payments import IdempotencyKeyReused
from xinbo.engines.callers import shopper
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, NotPermitted, require
from xinbo.kit.errors import Conflict, Invalid
from xinbo.kit.ids import new_id

IN_TIME = "no_decision_in_time"
"""In place of a reason, where time decided: the claim stands as it was made."""
UNPAID = frozenset({Status.AWAITING_PAYMENT, Status.AWAITING_BALANCE})
MOST_MESSAGES = 300
"""Of one complaint: both sides have said enough."""


class ComplaintOpen(Conflict):
    """Raised when the order has a complaint that is not decided: `complaint_id`."""


class NothingToComplainAbout(Conflict):
    """Raised for an order that was never paid, or a case of another order or over."""


class ClaimRefused(Invalid):
    """Raised when more is claimed than is left of the order's money: at most `most`."""


class TooManyMessages(Conflict):
    """Raised when a complaint holds `most` messages."""


async def open_complaint(tx: Tx, order_id: UUID, command: OpenComplaint, key: str) -> Complaint:
    """Complain; once per key. A case that it is about is handed over."""
    shopper_id = shopper(tx)
    print_ = hashlib.sha256(msgspec.json.encode((order_id, command))).hexdigest()[:32]
    order = await orders.get(tx, order_id)
    await tx.db.execute(select(_lock(order_id)))
    if (known := await by_key(tx, shopper_id, key)) is not None:
        if known.fingerprint != print_:
            raise IdempotencyKeyReused(key=key)
        return await view(tx, known)
    await _refuse_second(tx, order_id)
    if order.status in UNPAID or order.paid_at is None:
        raise NothingToComplainAbout(status=order.status)
    if command.case_id is not None:
        case = await aftersales.case_of(tx, command.case_id)
        if case.order_id != order_id:
            raise NothingToComplainAbout(status=case.state)
        if case.state not in {CaseState.COMPLETED, CaseState.CLOSED}:
            await aftersales.escalate(tx, case.id)
    most = await _most(tx, order_id, command.case_id)
    amount = most if command.amount is None else command.amount
    if amount > most:
        raise ClaimRefused(most=most)
    begun = begin(tx.now)
    complaint = ComplaintRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        order_id=order_id,
        order_number=order.number,
        case_id=command.case_id,
        shopper_id=shopper_id,
        topic=command.topic,
        state=begun.state,
        words=command.words,
        wanted=command.wanted if command.wanted is not Verdict.REJECT else Verdict.REFUND,
        amount=amount,
        opened_at=tx.now,
        due_at=begun.due_at,
        idempotency_key=key,
        fingerprint=print_,
    )
    tx.db.add(complaint)
    await tx.db.flush()
    if command.words.strip() or command.picture_ids:
        await _write(tx, complaint, Party.SHOPPER, command.words, command.picture_ids)
    await tx.emit(
        ComplaintOpened(
            order_id=order_id,
            complaint_id=complaint.id,
            case_id=command.case_id,
            shopper_id=shopper_id,
            topic=command.topic,
            amount=amount,
        )
    )
    await tx.db.refresh(complaint, ["serial"])
    return await view(tx, complaint)


def _lock(order_id: UUID) -> ColumnElement[None]:
    return func.pg_advisory_xact_lock(func.hashtextextended(f"complaints:{order_id}", 0))


async def _refuse_second(tx: Tx, order_id: UUID) -> None:
    other = await tx.db.scalar(
        select(ComplaintRow.id).where(
            ComplaintRow.order_id == order_id,
            ComplaintRow.merchant_id == tx.merchant_id,
            ComplaintRow.state.not_in(OVER),
        )
    )
    if other is not None:
        raise ComplaintOpen(complaint_id=other)


async def say(tx: Tx, complaint_id: UUID, command: SayIt, key: str) -> Complaint:
    """Say something, as whoever one is. The merchant's first word is its answer."""
    complaint = await row(tx, complaint_id, for_update=True)
    if complaint.step_key != key:
        party = _speaking(tx)
        what = Act.SAY
        if party is Party.MERCHANT and _may(complaint, Act.ANSWER, Party.MERCHANT):
            what = Act.ANSWER
        await _move(tx, complaint, what, party)
        complaint.step_key = key
        await _write(tx, complaint, party, command.words, command.picture_ids)
    return await view(tx, complaint)


async def ask_decision(tx: Tx, complaint_id: UUID, key: str) -> Complaint:
    """Say that talking is over: the arbiter shall decide."""
    complaint = await row(tx, complaint_id, for_update=True)
    if complaint.step_key != key:
        await _move(tx, complaint, Act.ASK_DECISION, _speaking(tx))
        complaint.step_key = key
        await tx.db.flush()
    return await view(tx, complaint)


async def admit(tx: Tx, complaint_id: UUID, key: str) -> Complaint:
    """Take the complaint up, as the arbiter: the merchant has to answer."""
    require(tx, Can.ARBITRATE)
    complaint = await row(tx, complaint_id, for_update=True)
    if complaint.step_key != key:
        await _move(tx, complaint, Act.ADMIT, Party.ARBITER)
        complaint.step_key = key
        await tx.db.flush()
    return await view(tx, complaint)


async def withdraw(tx: Tx, complaint_id: UUID, key: str) -> Complaint:
    """Take the complaint back, as the shopper, and the case with it."""
    complaint = await row(tx, complaint_id, for_update=True)
    if complaint.step_key != key:
        await _move(tx, complaint, Act.WITHDRAW, _speaking(tx))
        complaint.step_key = key
        complaint.closed_at = tx.now
        await tx.db.flush()
        if complaint.case_id is not None and await _disputed(tx, complaint.case_id):
            await aftersales.dismiss(tx, complaint.case_id, "")
    return await view(tx, complaint)


async def decide(tx: Tx, complaint_id: UUID, command: Decide, key: str) -> Complaint:
    """Decide, as the arbiter, with a reason; the decision carries itself out: once."""
    require(tx, Can.ARBITRATE)
    complaint = await row(tx, complaint_id, for_update=True)
    if complaint.step_key != key:
        complaint.step_key = key
        await _decide(tx, complaint, command, Party.ARBITER)
    return await view(tx, complaint)


async def _decide(tx: Tx, complaint: ComplaintRow, command: Decide, by: Party) -> None:
    """Write a decision down and carry it out, in one transaction, under the complaint's id."""
    amount = complaint.amount if command.amount is None else command.amount
    if command.verdict is Verdict.REJECT:
        amount = 0
    elif amount > (most := await _most(tx, complaint.order_id, complaint.case_id)):
        if by is Party.ARBITER:
            raise ClaimRefused(most=most)
        amount = most
    await _move(tx, complaint, Act.DECIDE, by)
    complaint.verdict = command.verdict
    complaint.decided_amount = amount
    complaint.decided_words = command.words
    complaint.decided_by = by
    complaint.decided_by_id = tx.actor.user_id
    complaint.closed_at = tx.now
    await tx.db.flush()
    complaint.refunded = await _carry_out(tx, complaint, command.verdict, amount)
    await tx.db.flush()
    await tx.emit(
        ComplaintDecided(
            order_id=complaint.order_id,
            complaint_id=complaint.id,
            case_id=complaint.case_id,
            shopper_id=complaint.shopper_id,
            verdict=command.verdict,
            amount=amount,
            refunded=complaint.refunded,
            by=by,
            words=command.words,
        )
    )


async def _most(tx: Tx, order_id: UUID, case_id: UUID | None) -> int:
    """Say how much may be claimed: what is left of the order, or what a disputed case is about."""
    left = await aftersales.left_of(tx, order_id)
    if case_id is None:
        return left
    case = await aftersales.case_of(tx, case_id)
    return min(left, case.amount) if case.state is CaseState.IN_DISPUTE else left


async def _carry_out(tx: Tx, complaint: ComplaintRow, verdict: Verdict, amount: int) -> int:
    """Do what was decided; return the money that went back at once."""
    key, words = str(complaint.id), complaint.decided_words
    case_id = complaint.case_id
    disputed = case_id is not None and await _disputed(tx, case_id)
    if verdict is Verdict.REJECT:
        if case_id is not None and disputed:
            await aftersales.dismiss(tx, case_id, words)
        return 0
    if verdict is Verdict.REFUND:
        if case_id is not None and disputed:
            return await aftersales.award_refund(tx, case_id, amount, key, words)
        return await aftersales.refund_order(tx, complaint.order_id, amount, key)
    if case_id is not None and disputed:
        await aftersales.award_return(tx, case_id, amount, words)
    else:
        complaint.case_id = await aftersales.open_by_decision(
            tx, complaint.order_id, amount, key, words
        )
    return 0


async def _disputed(tx: Tx, case_id: UUID) -> bool:
    return (await aftersales.case_of(tx, case_id)).state is CaseState.IN_DISPUTE


def _speaking(tx: Tx) -> Party:
    """Say as whom the actor speaks; refuse those who only may look on."""
    speaking = parties(tx.actor)
    if not speaking:
        raise NotPermitted(permission=Can.SERVE_ORDERS, role=tx.actor.role)
    return speaking[0]


def _may(complaint: ComplaintRow, what: Act, party: Party) -> bool:
    return what in possible(complaint.state, party)


async def _move(tx: Tx, complaint: ComplaintRow, what: Act, party: Party) -> None:
    """Do it by the table, and tell it where it moved."""
    before = complaint.state
    after = act(stand(complaint), what, party, tx.now)
    complaint.state, complaint.due_at = after.state, after.due_at
    if after.state is before:
        return
    await tx.db.flush()
    await tx.emit(
        ComplaintMoved(
            order_id=complaint.order_id,
            complaint_id=complaint.id,
            shopper_id=complaint.shopper_id,
            act=what,
            state=after.state,
            by=party,
        )
    )


async def _write(
    tx: Tx, complaint: ComplaintRow, party: Party, words: str, picture_ids: list[UUID]
) -> None:
    said = await tx.db.scalar(
        select(func.count())
        .select_from(MessageRow)
        .where(MessageRow.complaint_id == complaint.id, MessageRow.merchant_id == tx.merchant_id)
    )
    if (said or 0) >= MOST_MESSAGES:
        raise TooManyMessages(most=MOST_MESSAGES)
    await aftersales.attach(tx, picture_ids, complaint.id, complaint.shopper_id)
    tx.db.add(
        MessageRow(
            id=new_id(),
            merchant_id=tx.merchant_id,
            complaint_id=complaint.id,
            party=party,
            by_id=tx.actor.user_id,
            words=words,
            picture_ids=[str(each) for each in picture_ids],
            at=tx.now,
        )
    )
    await tx.db.flush()


async def due(tx: Tx, limit: int, after: UUID | None = None) -> list[tuple[UUID, UUID]]:
    """List (merchant, complaint) whose time is up, of every merchant."""
    query = select(ComplaintRow.merchant_id, ComplaintRow.id).where(ComplaintRow.due_at <= tx.now)
    if after is not None:
        query = query.where(ComplaintRow.id > after)
    found = await tx.db.execute(query.order_by(ComplaintRow.id).limit(limit))
    return [(merchant_id, complaint_id) for merchant_id, complaint_id in found]


async def run(tx: Tx, complaint_id: UUID) -> bool:
    """Let time act on a complaint, if its time is up; say whether that was so."""
    mine = await tx.db.scalar(
        select(ComplaintRow.id)
        .where(
            ComplaintRow.id == complaint_id,
            ComplaintRow.merchant_id == tx.merchant_id,
            ComplaintRow.due_at <= tx.now,
        )
        .with_for_update(skip_locked=True)
    )
    if mine is None:
        return False
    complaint = await row(tx, complaint_id, for_update=True)
    what = run_out(stand(complaint), tx.now)
    if what is None:
        return False
    if what is Act.DECIDE:
        command = Decide(verdict=complaint.wanted, words=IN_TIME)
        await _decide(tx, complaint, command, Party.TIME)
    else:
        await _move(tx, complaint, what, Party.TIME)
        await tx.db.flush()
    return True
