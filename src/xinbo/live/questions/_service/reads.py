"""Read the queue, the answers, and what one asked oneself."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from xinbo.engines.tx import Tx
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page
from xinbo.live import shows
from xinbo.live.questions._models import QuestionAskRow, QuestionDeskRow, QuestionRow
from xinbo.live.questions._rules.life import QuestionKind, QuestionStatus
from xinbo.live.questions._service import rows
from xinbo.live.questions._service.hearing import mine
from xinbo.live.questions._types import Answered, Asked, MyQuestion, Question, Queue

ANSWERED = (QuestionStatus.ANSWERED, QuestionStatus.TEXT, QuestionStatus.SERVICE)


async def queue(tx: Tx, show_id: UUID, limit: int = 50) -> Queue:
    """Show the staff what a show's viewers want to know, the most urgent first."""
    rows.seat(tx)
    show = await shows.console_get(tx, show_id)
    of = and_(rows.of_show(show), rows.visible(tx.actor))
    waiting = (
        await tx.db.scalars(
            select(QuestionRow)
            .where(of, QuestionRow.status == QuestionStatus.OPEN)
            .order_by(QuestionRow.rank.desc(), QuestionRow.id)
            .limit(limit)
        )
    ).all()
    on_air = await tx.db.scalar(
        select(QuestionRow).where(of, QuestionRow.status == QuestionStatus.ON_AIR)
    )
    counted = await tx.db.execute(
        select(QuestionRow.status, QuestionRow.kind, func.count())
        .where(of)
        .group_by(QuestionRow.status, QuestionRow.kind)
    )
    counts = [(status, kind, n) for status, kind, n in counted]
    overlooked = await tx.db.scalar(
        select(QuestionDeskRow.overlooked).where(
            QuestionDeskRow.show_id == show_id, QuestionDeskRow.merchant_id == tx.merchant_id
        )
    )
    views = await rows.views(tx, [*waiting, *([on_air] if on_air else [])])
    return Queue(
        at=tx.now,
        on_air=views[-1] if on_air else None,
        open=views[: len(waiting)],
        waiting=_sum(counts, (QuestionStatus.OPEN,)),
        answered=_sum(counts, ANSWERED),
        complaints=_sum(counts, (QuestionStatus.OPEN,), QuestionKind.COMPLAINT),
        overlooked=overlooked or 0,
    )


def _sum(
    counts: Sequence[tuple[QuestionStatus, QuestionKind, int]],
    statuses: Sequence[QuestionStatus],
    only: QuestionKind | None = None,
) -> int:
    return sum(n for status, kind, n in counts if status in statuses and only in {None, kind})


async def console_page(
    tx: Tx, show_id: UUID, status: QuestionStatus | None, cursor: str | None, limit: int
) -> Page[Question]:
    """List a show's questions for the staff, the newest first."""
    rows.seat(tx)
    show = await shows.console_get(tx, show_id)
    query = select(QuestionRow).where(rows.of_show(show), rows.visible(tx.actor))
    if status is not None:
        query = query.where(QuestionRow.status == status)
    if (last := after(cursor)) is not None:
        query = query.where(QuestionRow.id < last)
    found = (await tx.db.scalars(query.order_by(QuestionRow.id.desc()).limit(limit + 1))).all()
    shown = {each.id: each for each in await rows.views(tx, found)}
    return page(found, limit, lambda each: shown[each.id], lambda each: each.id)


async def get(tx: Tx, question_id: UUID) -> Question:
    """Show a question to the staff."""
    rows.seat(tx)
    return await rows.view(tx, await rows.row(tx, question_id))


async def asked(tx: Tx, question_id: UUID, cursor: str | None, limit: int) -> Page[Asked]:
    """List who asked a question and how, the newest message first, to the staff."""
    rows.seat(tx)
    found = await rows.row(tx, question_id)
    query = select(QuestionAskRow).where(QuestionAskRow.question_id == found.id)
    if (last := after(cursor)) is not None:
        before = select(QuestionAskRow.at, QuestionAskRow.id).where(
            QuestionAskRow.show_id == found.show_id, QuestionAskRow.id == last
        )
        at = before.with_only_columns(QuestionAskRow.at).scalar_subquery()
        query = query.where(
            or_(QuestionAskRow.at < at, and_(QuestionAskRow.at == at, QuestionAskRow.id < last))
        )
    query = query.order_by(QuestionAskRow.at.desc(), QuestionAskRow.id.desc())
    asks = (await tx.db.scalars(query.limit(limit + 1))).all()
    return page(asks, limit, Asked.of, lambda each: each.id)


async def answered(tx: Tx, show_id: UUID, cursor: str | None, limit: int) -> Page[Answered]:
    """List what was answered in public, the newest question first, to whoever may see the show."""
    show = await shows.get(tx, show_id)
    query = select(QuestionRow).where(
        QuestionRow.show_id == show.id,
        QuestionRow.merchant_id == tx.merchant_id,
        QuestionRow.rehearsal.is_(False),
        _public(),
    )
    if (last := after(cursor)) is not None:
        query = query.where(QuestionRow.id < last)
    found = (await tx.db.scalars(query.order_by(QuestionRow.id.desc()).limit(limit + 1))).all()
    return page(found, limit, Answered.of, lambda each: each.id)


def _public() -> ColumnElement[bool]:
    """Keep complaints to those who made them, and what is still being answered to the room."""
    return and_(
        QuestionRow.kind == QuestionKind.QUESTION,
        QuestionRow.status.in_((QuestionStatus.ANSWERED, QuestionStatus.TEXT)),
        QuestionRow.answered_at.is_not(None),
    )


async def own(tx: Tx, show_id: UUID, shopper_id: UUID, limit: int) -> list[MyQuestion]:
    """List what a shopper asked in a show and what became of it, the newest first."""
    show = await shows.get(tx, show_id)
    found = await tx.db.execute(
        select(QuestionAskRow, QuestionRow)
        .join(QuestionRow, QuestionRow.id == QuestionAskRow.question_id)
        .where(
            QuestionAskRow.show_id == show.id,
            QuestionAskRow.merchant_id == tx.merchant_id,
            QuestionAskRow.viewer_id == shopper_id,
            QuestionRow.rehearsal.is_(False),
        )
        .order_by(QuestionAskRow.at.desc(), QuestionAskRow.id.desc())
        .limit(limit)
    )
    return [mine(ask, group) for ask, group in found]
