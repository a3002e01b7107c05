"""Show cases to those whose matter they are."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import selectinload

from xinbo.commerce import catalog
from xinbo.commerce.aftersales._models import CaseRow, EvidenceRow, StepRow
from xinbo.commerce.aftersales._rules import (
    DEADLINES,
    OPEN,
    OVER,
    CaseKind,
    CaseState,
    Side,
    Standing,
    possible,
    run_out,
)
from xinbo.commerce.aftersales._types import (
    Case,
    CaseDetail,
    CaseLine,
    CaseStep,
    DeskCount,
    Proposal,
    ReturnAddress,
    TrackedParcel,
)
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import NotFound
from xinbo.kit.paging import CursorRefused, after, page
from xinbo.kit.wire import Page, View

DIGITS = 18
"""Of an order's number; a case's has fewer."""
MOST_STEPS = 200
"""Of one case; its machine lets no case have more."""


class CaseNotFound(NotFound):
    """Raised when there is no such case, or the actor may not see it: the two look alike."""


async def get(tx: Tx, case_id: UUID) -> CaseDetail:
    """Show a case with all that happened to it to someone who may see it."""
    return await detail(tx, await row(tx, case_id))


async def detail(tx: Tx, case: CaseRow) -> CaseDetail:
    """Show a case that was fetched."""
    steps = await tx.db.scalars(
        select(StepRow)
        .where(StepRow.case_id == case.id, StepRow.merchant_id == tx.merchant_id)
        .order_by(StepRow.id)
        .limit(MOST_STEPS)
    )
    pictures = await tx.db.scalars(
        select(EvidenceRow.id)
        .where(EvidenceRow.about_id == case.id, EvidenceRow.merchant_id == tx.merchant_id)
        .order_by(EvidenceRow.id)
    )
    wanted = None
    if case.wanted_sku_id is not None:
        card = (await catalog.skus(tx, [case.wanted_sku_id])).get(case.wanted_sku_id)
        wanted = None if card is None else card.options
    return CaseDetail(
        case=view(tx, case),
        steps=[CaseStep.of(each) for each in steps],
        picture_ids=list(pictures),
        wanted_options=wanted,
        now=tx.now,
    )


async def console_get(tx: Tx, case_id: UUID) -> CaseDetail:
    """Show a case to the merchant's staff."""
    require(tx, Can.SEE_ORDERS)
    return await get(tx, case_id)


async def page_of(
    tx: Tx, order_id: UUID | None, cursor: str | None, limit: int, *, open_only: bool = False
) -> Page[Case]:
    """List the cases that the actor may see, newest first."""
    query = seen(tx.actor).order_by(CaseRow.id.desc()).limit(limit + 1)
    if order_id is not None:
        query = query.where(CaseRow.order_id == order_id)
    if open_only:
        query = query.where(CaseRow.state.in_(OPEN))
    if (last := after(cursor)) is not None:
        query = query.where(CaseRow.id < last)
    rows = (await tx.db.scalars(query)).all()
    return page(rows, limit, lambda case: view(tx, case), lambda case: case.id)


class DeskQuery(View, frozen=True):
    """What the desk is asked to show."""

    state: CaseState | None
    kind: CaseKind | None
    words: str | None
    """An order's number, or a case's."""
    order_id: UUID | None
    over: bool


ALL_OPEN = DeskQuery(state=None, kind=None, words=None, order_id=None, over=False)


async def desk(tx: Tx, asked: DeskQuery, cursor: str | None, limit: int) -> Page[Case]:
    """List the merchant's cases by deadline, the most urgent first; those that are over, newest.

    A case that waits for an arbiter has no deadline of its own and stands last.
    """
    require(tx, Can.SEE_ORDERS)
    query = seen(tx.actor)
    if asked.state is not None:
        query = query.where(CaseRow.state == asked.state)
    elif not asked.over:
        query = query.where(CaseRow.state.in_(OPEN))
    if asked.kind is not None:
        query = query.where(CaseRow.kind == asked.kind)
    if asked.order_id is not None:
        query = query.where(CaseRow.order_id == asked.order_id)
    if asked.words:
        digits = asked.words.strip().removeprefix("A")
        serial = (
            int(digits) if digits.isascii() and digits.isdigit() and len(digits) < DIGITS else -1
        )
        query = query.where(or_(CaseRow.order_number == digits, CaseRow.serial == serial))
    if asked.over or asked.state in OVER:
        if asked.state is None:
            query = query.where(CaseRow.state.in_(OVER))
        if (last := after(cursor)) is not None:
            query = query.where(CaseRow.id < last)
        rows = (await tx.db.scalars(query.order_by(CaseRow.id.desc()).limit(limit + 1))).all()
        return page(rows, limit, lambda case: view(tx, case), lambda case: case.id)
    if cursor is not None:
        at, last = _place(cursor)
        behind = and_(CaseRow.due_at == at, CaseRow.id > last)
        timeless = CaseRow.due_at.is_(None)
        later = or_(CaseRow.due_at > at, behind, timeless)
        query = query.where(later if at else and_(timeless, CaseRow.id > last))
    in_turn = query.order_by(CaseRow.due_at.asc().nulls_last(), CaseRow.id).limit(limit + 1)
    rows = (await tx.db.scalars(in_turn)).all()
    return page(rows, limit, lambda case: view(tx, case), _mark)


def _mark(case: CaseRow) -> str:
    return f"{case.due_at.isoformat() if case.due_at else ''}~{case.id}"


def _place(cursor: str) -> tuple[datetime | None, UUID]:
    at, _, last = cursor.partition("~")
    try:
        return (datetime.fromisoformat(at) if at else None), UUID(last)
    except ValueError:
        raise CursorRefused(cursor=cursor[:80]) from None


async def counts(tx: Tx) -> list[DeskCount]:
    """Say how many of the merchant's open cases stand where."""
    require(tx, Can.SEE_ORDERS)
    found = await tx.db.execute(
        select(CaseRow.state, func.count())
        .where(_visible(tx.actor), CaseRow.state.in_(OPEN))
        .group_by(CaseRow.state)
    )
    return [DeskCount(state=state, cases=count) for state, count in found]


async def row(tx: Tx, case_id: UUID, *, for_update: bool = False) -> CaseRow:
    """Fetch the case if the actor may see it; lock it first where it is about to change."""
    query = seen(tx.actor).where(CaseRow.id == case_id)
    if for_update:
        query = query.with_for_update(of=CaseRow)
    found = await tx.db.scalar(query)
    if found is None:
        raise CaseNotFound(case_id=case_id)
    return found


async def of_order(tx: Tx, order_id: UUID) -> Sequence[CaseRow]:
    """Fetch the open cases of an order."""
    query = seen(tx.actor).where(CaseRow.order_id == order_id, CaseRow.state.in_(OPEN))
    return (await tx.db.scalars(query.order_by(CaseRow.id))).all()


def standing(case: CaseRow) -> Standing:
    """Take out of a row what its machine looks at."""
    return Standing(case.kind, case.state, case.due_at, case.misses, case.extended, case.holding)


def side_of(actor: Actor) -> Side:
    """Say for whom an actor acts."""
    if actor.role is Role.SHOPPER:
        return Side.SHOPPER
    return Side.TIME if actor.role is Role.SYSTEM else Side.MERCHANT


def view(tx: Tx, case: CaseRow) -> Case:
    """Show a row to whoever asks."""
    side = side_of(tx.actor)
    deadline = DEADLINES.get(case.state)
    served = side is Side.SHOPPER or Can.SERVE_ORDERS in allowed(tx.actor.role)
    owed = Side.ARBITER if case.state is CaseState.IN_DISPUTE else None
    return Case(
        id=case.id,
        number=f"A{case.serial:08}",
        order_id=case.order_id,
        order_number=case.order_number,
        shopper_id=case.shopper_id,
        kind=case.kind,
        state=case.state,
        stage=case.stage,
        reason=case.reason,
        words=case.words,
        lines=[CaseLine.of(line) for line in case.lines],
        amount=case.amount,
        freight=case.freight,
        refunded=case.refunded,
        refunded_points=case.refunded_points,
        compensated=case.compensated,
        compensated_points=case.compensated_points,
        return_freight_by=case.return_freight_by,
        wanted_sku_id=case.wanted_sku_id,
        proposal=_proposal(case),
        return_to=None
        if case.return_to is None
        else ReturnAddress(**{name: str(value) for name, value in case.return_to.items()}),
        back=_parcel(case.back_carrier, case.back_number, case.back_at),
        out=_parcel(case.out_carrier, case.out_number, case.out_at),
        opened_at=case.opened_at,
        due_at=case.due_at,
        then=None if case.due_at is None else run_out(standing(case), case.due_at),
        owed_by=owed if deadline is None else deadline.owed_by,
        extended=case.extended,
        closed_at=case.closed_at,
        close_reason=case.close_reason,
        may=possible(standing(case), side) if served else [],
    )


def _proposal(case: CaseRow) -> Proposal | None:
    if case.proposed_kind is None or case.proposed_amount is None:
        return None
    return Proposal(kind=case.proposed_kind, amount=case.proposed_amount, words=case.proposed_words)


def _parcel(carrier: str, number: str, at: datetime | None) -> TrackedParcel | None:
    return None if at is None else TrackedParcel(carrier=carrier, number=number, at=at)


def seen(actor: Actor) -> Select[CaseRow]:
    """Select what the actor may see, with its lines."""
    return (
        select(CaseRow)
        .where(_visible(actor))
        .options(selectinload(CaseRow.lines))
        .execution_options(populate_existing=True)
    )


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show shoppers their own cases, the merchant's to the system and staff who see orders."""
    of_the_merchant = CaseRow.merchant_id == actor.merchant_id
    if actor.role is Role.SHOPPER:
        return and_(of_the_merchant, CaseRow.shopper_id == actor.user_id)
    return of_the_merchant if Can.SEE_ORDERS in allowed(actor.role) else false()
