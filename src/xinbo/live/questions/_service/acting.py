"""What the staff does with the queue: on air, put aside, word better, put together, take apart."""

from typing import Literal
from uuid import UUID

from sqlalchemy import func, select, update

from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.kit.errors import Conflict, Invalid
from xinbo.kit.ids import new_id
from xinbo.live import shows, signals
from xinbo.live.questions._models import QuestionAskRow, QuestionRow
from xinbo.live.questions._rules.life import Act, QuestionStatus, discreet, rank, second
from xinbo.live.questions._rules.shapes import KEPT, shape
from xinbo.live.questions._service.rows import acted, locked, of_show, view
from xinbo.live.questions._types import (
    ActOnQuestion,
    MergeInto,
    PutQuestion,
    Question,
    QuestionAnswered,
    QuestionTaken,
    SplitOff,
    TakeQuestion,
)
from xinbo.live.shows import Show, ShowStatus


class QuestionsNotOnAir(Conflict):
    """Raised when a question is to be answered on air and the show is not."""


class AnotherOnAir(Conflict):
    """Raised when the question on air is not the one the operator saw: `by` put it there."""


class MergeRefused(Invalid):
    """Raised when two questions cannot be one: of different shows, or the same already."""


class SplitRefused(Invalid):
    """Raised when a split would leave nothing behind, or names what was not asked there."""


class ProductNotInShow(Invalid):
    """Raised when a question is said to be about a product that the show does not sell."""


async def take(tx: Tx, question_id: UUID, command: TakeQuestion) -> Question:
    """Answer a question on air, from now on; the one before it is answered by that.

    Of two operators the first has it; the other is told who.
    """
    found = await locked(tx, question_id, Act.TAKE, command.seen)
    show = await shows.get(tx, found.show_id)
    if show.status not in (ShowStatus.LIVE, ShowStatus.REHEARSAL):
        raise QuestionsNotOnAir(status=show.status)
    before = await tx.db.scalar(
        select(QuestionRow).where(of_show(show), QuestionRow.status == QuestionStatus.ON_AIR)
    )
    if (before.id if before else None) != command.answering:
        names = (
            await accounts.staff_names(tx, [before.acted_by]) if before and before.acted_by else {}
        )
        raise AnotherOnAir(
            question_id=before.id if before else None,
            by=names.get(before.acted_by) if before and before.acted_by else None,
            at=before.on_air_at if before else None,
        )
    if before is not None:
        await _finish(tx, show, before)
    found.status = QuestionStatus.ON_AIR
    found.on_air_at, found.second = tx.now, second(show.live_at, tx.now)
    found.until_second = None
    await acted(tx, found, Act.TAKE)
    await tx.emit(
        QuestionTaken(
            show_id=found.show_id,
            question_id=found.id,
            topic=found.topic,
            product_id=found.product_id,
            count=found.count,
            second=found.second,
            rehearsal=found.rehearsal,
        )
    )
    return await view(tx, found)


async def finish(tx: Tx, question_id: UUID, command: ActOnQuestion) -> Question:
    """Say that the question on air is answered."""
    found = await locked(tx, question_id, Act.FINISH, command.seen)
    await _finish(tx, await shows.get(tx, found.show_id), found)
    return await view(tx, found)


async def _finish(tx: Tx, show: Show, found: QuestionRow) -> None:
    found.status = QuestionStatus.ANSWERED
    found.answered_at = tx.now
    found.until_second = second(show.live_at, tx.now)
    await acted(tx, found, Act.FINISH)
    await told_answered(tx, found, "on_air")


async def told_answered(
    tx: Tx, found: QuestionRow, how: Literal["on_air", "text", "service"]
) -> None:
    """Put an answer on record."""
    await tx.emit(
        QuestionAnswered(
            show_id=found.show_id,
            question_id=found.id,
            how=how,
            topic=found.topic,
            product_id=found.product_id,
            count=found.count,
            waited_seconds=max(0, round((tx.now - found.first_at).total_seconds())),
            second=found.second,
            until_second=found.until_second,
            rehearsal=found.rehearsal,
        )
    )
    if not found.rehearsal:
        await signals.tell(tx, found.show_id, "answer", "all", id=found.id, how=how)


async def release(tx: Tx, question_id: UUID, command: ActOnQuestion) -> Question:
    """Put the question on air back into the queue: the host did not come to it."""
    found = await locked(tx, question_id, Act.RELEASE, command.seen)
    found.status = QuestionStatus.OPEN
    found.on_air_at = found.second = found.until_second = None
    await acted(tx, found, Act.RELEASE)
    return await view(tx, found)


async def dismiss(tx: Tx, question_id: UUID, command: ActOnQuestion) -> Question:
    """Take a question out of the queue unanswered. `restore` brings it back."""
    found = await locked(tx, question_id, Act.DISMISS, command.seen)
    found.was, found.status = found.status, QuestionStatus.DISMISSED
    await acted(tx, found, Act.DISMISS)
    return await view(tx, found)


async def restore(tx: Tx, question_id: UUID, command: ActOnQuestion) -> Question:
    """Bring a dismissed question back; after its show, to the follow-up."""
    found = await locked(tx, question_id, Act.RESTORE, command.seen)
    show = await shows.get(tx, found.show_id)
    on = show.status in (ShowStatus.LIVE, ShowStatus.REHEARSAL)
    found.status, found.was = QuestionStatus.OPEN if on else QuestionStatus.FOLLOW_UP, None
    await acted(tx, found, Act.RESTORE)
    return await view(tx, found)


async def put(tx: Tx, question_id: UUID, command: PutQuestion) -> Question:
    """Word a question better, or say what it is about."""
    found = await locked(tx, question_id, Act.EDIT, command.seen, service=True)
    if command.product_id is not None:
        items = await shows.line_up(tx, found.show_id)
        if command.product_id not in {item.product_id for item in items}:
            raise ProductNotInShow(product_id=command.product_id)
    found.text, found.topic = command.text.strip(), command.topic
    found.product_id = command.product_id
    form = shape(found.text)
    if form not in found.shapes:
        found.shapes = [form, *found.shapes][:KEPT]
    await acted(tx, found, Act.EDIT)
    return await view(tx, found)


async def merge(tx: Tx, question_id: UUID, command: MergeInto) -> Question:
    """Put a question's people into another one; each counts once there."""
    found = await locked(tx, question_id, Act.MERGE, command.seen)
    if command.into == question_id:
        raise MergeRefused(into=command.into)
    into = await locked(tx, command.into, Act.EDIT, None)
    if (into.show_id, into.rehearsal) != (found.show_id, found.rehearsal):
        raise MergeRefused(into=command.into)
    await tx.db.execute(
        update(QuestionAskRow)
        .where(QuestionAskRow.question_id == found.id)
        .values(question_id=into.id)
    )
    found.status, found.merged_into = QuestionStatus.MERGED, into.id
    into.shapes = list(dict.fromkeys([*into.shapes, *found.shapes]))[:KEPT]
    into.wordings = list(dict.fromkeys([*into.wordings, *found.wordings]))[:KEPT]
    await _recount(tx, into)
    await acted(tx, found, Act.MERGE)
    await acted(tx, into, Act.MERGE)
    return await view(tx, into)


async def split(tx: Tx, question_id: UUID, command: SplitOff) -> Question:
    """Make a question of its own of some messages; return the new one."""
    found = await locked(tx, question_id, Act.SPLIT, command.seen)
    asks = (
        await tx.db.scalars(
            select(QuestionAskRow)
            .where(QuestionAskRow.question_id == found.id)
            .order_by(QuestionAskRow.at, QuestionAskRow.id)
            .execution_options(populate_existing=True)
        )
    ).all()
    wanted = set(command.asks)
    moved = [each for each in asks if each.id in wanted]
    stay = [each for each in asks if each.id not in wanted]
    if len(moved) != len(wanted) or not stay:
        raise SplitRefused(asks=len(moved), of=len(asks))
    new = QuestionRow(
        id=new_id(),
        merchant_id=found.merchant_id,
        show_id=found.show_id,
        kind=found.kind,
        topic=found.topic,
        text=discreet(moved[0].text),
        product_id=found.product_id,
        status=found.status,
        first_second=found.first_second,
        rehearsal=found.rehearsal,
        version=0,
        note="",
        count=0,
        simulated=0,
        rank=0,
        first_at=moved[0].at,
        last_at=moved[-1].at,
        **_forms(moved),
    )
    tx.db.add(new)
    await tx.db.flush()
    for each in moved:
        each.question_id = new.id
    await tx.db.flush()
    forms = _forms(stay)
    found.shapes, found.wordings = forms["shapes"], forms["wordings"]
    if found.text not in {discreet(each.text) for each in stay}:
        found.text = discreet(stay[0].text)
    await _recount(tx, found)
    await _recount(tx, new)
    await acted(tx, found, Act.SPLIT)
    await acted(tx, new, Act.SPLIT)
    return await view(tx, new)


def _forms(asks: list[QuestionAskRow]) -> dict[str, list[str]]:
    """Collect the first few shapes that differ, and how each was written."""
    known: dict[str, str] = {}
    for each in asks:
        known.setdefault(shape(each.text), discreet(each.text))
    return {"shapes": list(known)[:KEPT], "wordings": list(known.values())[:KEPT]}


async def _recount(tx: Tx, found: QuestionRow) -> None:
    """Count people again, each once, and see since when and how urgently they ask."""
    of = QuestionAskRow.question_id == found.id
    who = func.count(QuestionAskRow.viewer_id.distinct())
    one = (
        await tx.db.execute(
            select(
                who,
                who.filter(QuestionAskRow.simulated),
                func.min(QuestionAskRow.at),
                func.max(QuestionAskRow.at),
            ).where(of)
        )
    ).one()
    found.count, found.simulated = one[0], one[1]
    found.first_at, found.last_at = one[2] or found.first_at, one[3] or found.last_at
    found.rank = rank(found.count, found.first_at)
    await tx.db.flush()
