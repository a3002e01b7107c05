"""Fetch and lock questions, and show them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import catalog
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, NotPermitted, allowed, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.live import shows, signals
from xinbo.live.questions._models import QuestionDeskRow, QuestionRow
from xinbo.live.questions._rules.life import LATE, SOON, Act, QuestionStatus, check
from xinbo.live.questions._types import Question
from xinbo.live.shows import Show, ShowStatus


class QuestionNotFound(NotFound):
    """Raised when there is no such question, or the actor may not see it."""


class QuestionMoved(Conflict):
    """Raised when someone else acted on the question meanwhile.

    `by` is who, `what` they did, `at` when, `version` the one that stands.
    """


async def row(tx: Tx, question_id: UUID) -> QuestionRow:
    """Fetch a question that the actor may see."""
    found = await tx.db.scalar(
        select(QuestionRow).where(QuestionRow.id == question_id, visible(tx.actor))
    )
    if found is None:
        raise QuestionNotFound(question_id=question_id)
    return found


async def locked(
    tx: Tx, question_id: UUID, act: Act, seen: int | None, *, service: bool = False
) -> QuestionRow:
    """Lock a question for an act; with `service`, service staff may do it too.

    The show's desk is locked first: it keeps the acts of a show, and its grouping, in a row.
    """
    may(tx, service=service)
    await desk(tx, (await row(tx, question_id)).show_id)
    query = select(QuestionRow).where(QuestionRow.id == question_id, visible(tx.actor))
    query = query.with_for_update().execution_options(populate_existing=True)
    found = (await tx.db.scalars(query)).one_or_none()
    if found is None:
        raise QuestionNotFound(question_id=question_id)
    if seen is not None and found.version != seen:
        raise await moved(tx, found)
    check(found.status, act)
    return found


async def moved(tx: Tx, found: QuestionRow) -> QuestionMoved:
    """Make the refusal that says who was faster."""
    names = await accounts.staff_names(tx, [found.acted_by] if found.acted_by else [])
    return QuestionMoved(
        question_id=found.id,
        status=found.status,
        by=names.get(found.acted_by) if found.acted_by else None,
        what=found.acted,
        at=found.acted_at,
        version=found.version,
    )


def may(tx: Tx, *, service: bool) -> None:
    """Refuse whoever may not act on questions."""
    if service and Can.SERVE_ORDERS in allowed(tx.actor.role):
        return
    require(tx, Can.RUN_SHOWS)


def seat(tx: Tx) -> None:
    """Refuse whoever works on neither shows nor orders: what people asked is personal."""
    require(tx, Can.SEE_CONSOLE)
    if not allowed(tx.actor.role) & {Can.RUN_SHOWS, Can.SERVE_ORDERS}:
        raise NotPermitted(permission=Can.SERVE_ORDERS, role=tx.actor.role)


async def acted(tx: Tx, found: QuestionRow, act: Act) -> None:
    """Sign an act, and tell the open consoles."""
    found.version += 1
    found.acted, found.acted_by, found.acted_at = act, tx.actor.user_id, tx.now
    await tx.db.flush()
    await signals.tell(
        tx,
        found.show_id,
        "question",
        "staff",
        id=found.id,
        status=found.status,
        version=found.version,
        act=act,
    )


async def desk(tx: Tx, show_id: UUID) -> QuestionDeskRow:
    """Lock a show's desk, making it at first use."""
    await tx.db.execute(
        insert(QuestionDeskRow)
        .values(show_id=show_id, merchant_id=tx.merchant_id, overlooked=0)
        .on_conflict_do_nothing()
    )
    query = select(QuestionDeskRow).where(
        QuestionDeskRow.show_id == show_id, QuestionDeskRow.merchant_id == tx.merchant_id
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    found = (await tx.db.scalars(query)).one_or_none()
    if found is None:
        raise shows.ShowNotFound(show_id=show_id)
    return found


def of_show(show: Show) -> ColumnElement[bool]:
    """Leave out what was asked in rehearsals, or in the rehearsal what is real."""
    return and_(
        QuestionRow.show_id == show.id,
        QuestionRow.rehearsal == (show.status is ShowStatus.REHEARSAL),
        QuestionRow.status != QuestionStatus.MERGED,
    )


async def view(tx: Tx, found: QuestionRow) -> Question:
    """Show one question to the staff."""
    return (await views(tx, [found]))[0]


async def views(tx: Tx, rows: Sequence[QuestionRow]) -> list[Question]:
    """Show questions to the staff."""
    people = {who for each in rows for who in (each.acted_by, each.owner_id) if who}
    names = await accounts.staff_names(tx, people) if people else {}
    return [
        Question(
            id=each.id,
            show_id=each.show_id,
            kind=each.kind,
            topic=each.topic,
            text=each.text,
            wordings=[other for other in each.wordings if other != each.text],
            product_id=each.product_id,
            status=each.status,
            count=each.count,
            simulated=each.simulated,
            first_at=each.first_at,
            last_at=each.last_at,
            first_second=each.first_second,
            soon_at=each.first_at + SOON,
            late_at=each.first_at + LATE,
            version=each.version,
            by=names.get(each.acted_by) if each.acted_by else None,
            acted_at=each.acted_at,
            on_air_at=each.on_air_at,
            second=each.second,
            until_second=each.until_second,
            answer=each.answer,
            answered_at=each.answered_at,
            owner_id=each.owner_id,
            owner=names.get(each.owner_id) if each.owner_id else None,
            note=each.note,
            done_at=each.done_at,
            rehearsal=each.rehearsal,
        )
        for each in rows
    ]


def visible(actor: Actor) -> ColumnElement[bool]:
    """Show staff and the system their merchant's questions; shoppers see answers, elsewhere."""
    if actor.role in (Role.GUEST, Role.SHOPPER):
        return false()
    mine = QuestionRow.merchant_id == actor.merchant_id
    return mine if Can.SEE_CONSOLE in allowed(actor.role) else false()


async def titles(tx: Tx, show_id: UUID) -> dict[UUID, str]:
    """Name the products of a show's line-up."""
    items = await shows.line_up(tx, show_id)
    known = await catalog.products(tx, [item.product_id for item in items])
    return {each.id: each.title for each in known}
