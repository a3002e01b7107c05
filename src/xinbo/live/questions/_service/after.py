"""After the show: what nobody answered, who sees to it, and the list as a file."""

import asyncio
from uuid import UUID

from sqlalchemy import delete, func, select, update

from xinbo.engines import sheets
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.accounts import StaffNotFound
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page
from xinbo.live import shows
from xinbo.live.questions._models import QuestionAskRow, QuestionRow
from xinbo.live.questions._rules.life import Act, QuestionStatus, second
from xinbo.live.questions._service import rows
from xinbo.live.questions._service.acting import told_answered
from xinbo.live.questions._types import FileFormat, PutFollowUp, Question, QuestionsLeft

MOST_EXPORTED = 2_000
HEADS = (
    ("问题", 40),
    ("其他问法", 40),
    ("类型", 10),
    ("主题", 12),
    ("商品", 28),
    ("人数", 8),
    ("首次提问（节目秒）", 18),
    ("状态", 12),
    ("回答", 40),
    ("回放秒", 10),
    ("负责人", 14),
    ("备注", 30),
    ("完成时间", 22),
)


async def settle(tx: Tx, show_id: UUID) -> None:
    """Close a show's queue: what is on air is answered, what is open is to be followed up.

    What was asked in rehearsals stays out of it. Harmless to repeat.
    """
    await rows.desk(tx, show_id)
    show = await shows.get(tx, show_id)
    real = (QuestionRow.show_id == show_id, QuestionRow.rehearsal.is_(False))
    on_air = await tx.db.scalar(
        select(QuestionRow).where(*real, QuestionRow.status == QuestionStatus.ON_AIR)
    )
    if on_air is not None:
        on_air.status, on_air.answered_at = QuestionStatus.ANSWERED, show.ended_at or tx.now
        on_air.until_second = second(show.live_at, show.ended_at or tx.now)
        await tx.db.flush()
        await told_answered(tx, on_air, "on_air")
    left = await tx.db.execute(
        update(QuestionRow)
        .where(*real, QuestionRow.status == QuestionStatus.OPEN)
        .values(status=QuestionStatus.FOLLOW_UP)
        .returning(QuestionRow.id)
    )
    answered = await tx.db.scalar(
        select(func.count()).where(*real, QuestionRow.answered_at.is_not(None))
    )
    if count := len(left.all()):
        await tx.emit(QuestionsLeft(show_id=show_id, count=count, answered=answered or 0))


async def follow_ups(
    tx: Tx, show_id: UUID, cursor: str | None, limit: int, *, done: bool | None
) -> Page[Question]:
    """List what a show left to be followed up, the newest question first."""
    rows.seat(tx)
    await shows.console_get(tx, show_id)
    query = select(QuestionRow).where(
        QuestionRow.show_id == show_id, rows.visible(tx.actor), *_FOLLOWED
    )
    if done is not None:
        query = query.where(
            QuestionRow.done_at.is_not(None) if done else QuestionRow.done_at.is_(None)
        )
    if (last := after(cursor)) is not None:
        query = query.where(QuestionRow.id < last)
    found = (await tx.db.scalars(query.order_by(QuestionRow.id.desc()).limit(limit + 1))).all()
    shown = {each.id: each for each in await rows.views(tx, found)}
    return page(found, limit, lambda each: shown[each.id], lambda each: each.id)


_FOLLOWED = (
    QuestionRow.rehearsal.is_(False),
    (QuestionRow.status == QuestionStatus.FOLLOW_UP) | QuestionRow.done_at.is_not(None),
)
"""What is to be followed up, and what was."""


async def put_follow_up(tx: Tx, question_id: UUID, command: PutFollowUp) -> Question:
    """Say who sees to a question after the show, and whether it is done."""
    found = await rows.locked(tx, question_id, Act.FOLLOW_UP, command.seen, service=True)
    if command.owner_id is not None and not await accounts.staff_names(tx, [command.owner_id]):
        raise StaffNotFound(staff_id=command.owner_id)
    found.owner_id, found.note = command.owner_id, command.note.strip()
    if command.done != (found.done_at is not None):
        found.done_at = tx.now if command.done else None
    await rows.acted(tx, found, Act.FOLLOW_UP)
    return await rows.view(tx, found)


async def export(tx: Tx, show_id: UUID, kind: FileFormat) -> bytes:
    """Return a show's questions as a file: what was answered, how, and what is left."""
    rows.seat(tx)
    show = await shows.console_get(tx, show_id)
    found = await tx.db.scalars(
        select(QuestionRow)
        .where(
            QuestionRow.show_id == show.id,
            rows.visible(tx.actor),
            QuestionRow.rehearsal.is_(False),
            QuestionRow.status != QuestionStatus.MERGED,
        )
        .order_by(QuestionRow.rank.desc(), QuestionRow.id)
        .limit(MOST_EXPORTED)
    )
    titles = await rows.titles(tx, show.id)
    lines = [
        (
            each.text,
            " / ".join(each.wordings),
            each.kind.value,
            each.topic.value,
            titles.get(each.product_id, "") if each.product_id else "",
            each.count,
            each.first_second,
            each.status.value,
            each.answer or "",
            each.second,
            each.owner or "",
            each.note,
            each.done_at.isoformat() if each.done_at else "",
        )
        for each in await rows.views(tx, found.all())
    ]
    if kind is FileFormat.CSV:
        return sheets.csv_file([name for name, _ in HEADS], lines)
    return await asyncio.to_thread(sheets.xlsx, "问题", HEADS, lines)


async def erase(tx: Tx, viewer_id: UUID) -> int:
    """Forget who asked what: the messages of one person. Their counts stay, they name nobody."""
    gone = await tx.db.execute(
        delete(QuestionAskRow)
        .where(QuestionAskRow.merchant_id == tx.merchant_id, QuestionAskRow.viewer_id == viewer_id)
        .returning(QuestionAskRow.id)
    )
    return len(gone.all())
