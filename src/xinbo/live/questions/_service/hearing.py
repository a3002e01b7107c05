"""Hear what people ask, and put the same questions together."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from xinbo.commerce import catalog
from xinbo.engines.tx import Tx, system
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import new_id
from xinbo.live import chat, shows, signals
from xinbo.live.chat import MessageKind, Said, SaidState, Speaker
from xinbo.live.questions._models import QuestionAskRow, QuestionDeskRow, QuestionRow
from xinbo.live.questions._rules.goods import about, unnumbered
from xinbo.live.questions._rules.life import QuestionKind, QuestionStatus, discreet, rank, second
from xinbo.live.questions._rules.shapes import KEPT, closest, shape
from xinbo.live.questions._rules.topics import QuestionTopic, topic
from xinbo.live.questions._service.rows import desk, of_show
from xinbo.live.questions._types import Ask, MyQuestion
from xinbo.live.shows import Show, ShowStatus

MOST_GROUPS = 2_000
"""Questions that a show keeps; past them it counts what it overlooked."""

COMPARED = 400
"""Groups that a new question is compared with: the most urgent."""

MOST_EACH = 30
"""Messages of one person in one show that are questions; more are chatter or worse."""

ASKS_A_MINUTE = 6

SHOWN = frozenset({SaidState.SHOWN, SaidState.SAMPLED})
KINDS = {
    MessageKind.QUESTION: QuestionKind.QUESTION,
    MessageKind.COMPLAINT: QuestionKind.COMPLAINT,
}


class NotAsking(Conflict):
    """Raised when something is asked in a show that is not on air."""


async def hear(tx: Tx, show_id: UUID, said: Sequence[Said]) -> None:
    """Put what shoppers asked into the show's questions. Harmless to repeat.

    Only what everyone may read is taken; a show that is over takes it to the follow-up.
    """
    asked = [
        each
        for each in said
        if each.kind in KINDS and each.state in SHOWN and each.role is Speaker.SHOPPER
    ]
    if not asked:
        return
    show = await shows.get(tx, show_id)
    if show.status not in TAKING:
        return
    book = await _open(tx, show)
    for each in await _fresh(tx, show_id, asked):
        await book.take(each)
    await book.close()


async def ask(tx: Tx, show_id: UUID, shopper_id: UUID, name: str, command: Ask) -> MyQuestion:
    """Ask the host without saying it to everyone. The same message id asks once.

    Raises `MessageRefused` for what may not be said in the chat either.
    """
    show = await shows.get(tx, show_id)
    if show.status is not ShowStatus.LIVE:
        raise NotAsking(status=show.status)
    await tx.limit(f"ask:{shopper_id}", ASKS_A_MINUTE, timedelta(minutes=1))
    heard = Said(
        id=command.id,
        show_id=show_id,
        viewer_id=shopper_id,
        by="",
        name=name,
        role=Speaker.SHOPPER,
        text=chat.screen(command.text),
        kind=_kind(command.text),
        state=SaidState.SHOWN,
        why=None,
        level=None,
        buyer=False,
        at=tx.now,
        simulated=False,
    )
    own = tx.acting(system(tx.merchant_id))
    book = await _open(own, show)
    for each in await _fresh(own, show_id, [heard]):
        await book.take(each, product_id=command.product_id)
    await book.close()
    found = await tx.db.execute(
        select(QuestionAskRow, QuestionRow)
        .join(QuestionRow, QuestionRow.id == QuestionAskRow.question_id)
        .where(
            QuestionAskRow.show_id == show_id,
            QuestionAskRow.id == command.id,
            QuestionAskRow.viewer_id == shopper_id,
        )
    )
    both = found.one_or_none()
    if both is None:  # past what a show or a person may ask, or the id is someone else's
        raise NotAsking(status=show.status)
    return mine(both[0], both[1])


async def pinned(tx: Tx, show_id: UUID, product_id: UUID | None) -> None:
    """Take note of what a show's stage shows: what the next questions are about."""
    (await desk(tx, show_id)).pinned_product_id = product_id


def mine(asked: QuestionAskRow, group: QuestionRow) -> MyQuestion:
    """Show someone what became of what they asked."""
    return MyQuestion(
        id=asked.id,
        question_id=group.id,
        text=asked.text,
        at=asked.at,
        count=group.count,
        status=group.status,
        second=group.second,
        answer=group.answer,
        answered_at=group.answered_at,
    )


TAKING = frozenset({ShowStatus.LIVE, ShowStatus.REHEARSAL, ShowStatus.ENDED, ShowStatus.REPLAY})
COMPARABLE = (QuestionStatus.OPEN, QuestionStatus.ON_AIR, QuestionStatus.TEXT)


def _kind(text: str) -> MessageKind:
    """Take what someone sends as a question for one, unless it is a complaint."""
    kind = chat.classify(text)
    return MessageKind.QUESTION if kind is MessageKind.CHAT else kind


async def _fresh(tx: Tx, show_id: UUID, asked: Sequence[Said]) -> list[Said]:
    """Leave out what was heard before, and who asks without end."""
    known = set(
        await tx.db.scalars(
            select(QuestionAskRow.id).where(
                QuestionAskRow.show_id == show_id,
                QuestionAskRow.id.in_([each.id for each in asked]),
            )
        )
    )
    counted = await tx.db.execute(
        select(QuestionAskRow.viewer_id, func.count())
        .where(
            QuestionAskRow.show_id == show_id,
            QuestionAskRow.viewer_id.in_({each.viewer_id for each in asked}),
        )
        .group_by(QuestionAskRow.viewer_id)
    )
    so_far = {each[0]: each[1] for each in counted}
    fresh: list[Said] = []
    for each in asked:
        if each.id in known or so_far.get(each.viewer_id, 0) >= MOST_EACH:
            continue
        known.add(each.id)
        so_far[each.viewer_id] = so_far.get(each.viewer_id, 0) + 1
        fresh.append(each)
    return fresh


async def _open(tx: Tx, show: Show) -> "_Book":
    held = await desk(tx, show.id)
    over = show.status not in (ShowStatus.LIVE, ShowStatus.REHEARSAL)
    statuses = (*COMPARABLE, QuestionStatus.FOLLOW_UP) if over else COMPARABLE
    groups = await tx.db.scalars(
        select(QuestionRow)
        .where(of_show(show), QuestionRow.status.in_(statuses))
        .order_by(QuestionRow.rank.desc())
        .limit(COMPARED)
        .execution_options(populate_existing=True)
    )
    total = await tx.db.scalar(select(func.count()).where(QuestionRow.show_id == show.id))
    items = await shows.line_up(tx, show.id)
    titles = {
        each.id: each.title for each in await catalog.products(tx, [i.product_id for i in items])
    }
    goods = [(each.product_id, titles.get(each.product_id, "")) for each in items]
    return _Book(tx, show, held, list(groups), total or 0, goods)


class _Book:
    """A show's questions while its desk is locked."""

    def __init__(  # noqa: PLR0913, PLR0917 what it is made of
        self,
        tx: Tx,
        show: Show,
        held: QuestionDeskRow,
        groups: list[QuestionRow],
        total: int,
        goods: Sequence[tuple[UUID, str]],
    ) -> None:
        self._tx = tx
        self._show = show
        self._desk = held
        self._groups = groups
        self._total = total
        self._goods = goods
        self._over = show.status not in (ShowStatus.LIVE, ShowStatus.REHEARSAL)
        self._changed = False

    async def take(self, heard: Said, *, product_id: UUID | None = None) -> None:
        """Find the group that a question belongs to, or begin one."""
        subject = topic(heard.text)
        if product_id is None or product_id not in {known for known, _ in self._goods}:
            product_id = about(heard.text, subject, self._desk.pinned_product_id, self._goods)
        found = self._find(heard, subject, product_id)
        if found is None:
            if self._total >= MOST_GROUPS:
                self._desk.overlooked += 1
                return
            found = self._begin(heard, subject, product_id)
        await self._join(found, heard)
        self._changed = True

    async def close(self) -> None:
        """Write all, and tell the staff once."""
        await self._tx.db.flush()
        if self._changed:
            await signals.tell(self._tx, self._show.id, "question", "staff")

    def _find(
        self, heard: Said, subject: QuestionTopic, product_id: UUID | None
    ) -> QuestionRow | None:
        near = [
            group
            for group in self._groups
            if (group.kind, group.topic, group.product_id)
            == (KINDS[heard.kind], subject, product_id)
        ]
        at = closest(self._form(heard), subject, [group.shapes for group in near])
        return None if at is None else near[at]

    def _form(self, heard: Said) -> str:
        """Give the shape of a text, without the number that names its product."""
        return shape(unnumbered(heard.text, len(self._goods)))

    def _begin(self, heard: Said, subject: QuestionTopic, product_id: UUID | None) -> QuestionRow:
        group = QuestionRow(
            id=new_id(),
            merchant_id=self._tx.merchant_id,
            show_id=self._show.id,
            kind=KINDS[heard.kind],
            topic=subject,
            text=discreet(heard.text),
            shapes=[],
            wordings=[],
            product_id=product_id,
            status=QuestionStatus.FOLLOW_UP if self._over else QuestionStatus.OPEN,
            count=0,
            simulated=0,
            rank=0,
            first_at=heard.at,
            last_at=heard.at,
            first_second=second(self._show.live_at, heard.at),
            rehearsal=self._show.status is ShowStatus.REHEARSAL,
            version=0,
            note="",
        )
        self._tx.db.add(group)
        self._groups.append(group)
        self._total += 1
        return group

    async def _join(self, group: QuestionRow, heard: Said) -> None:
        await self._tx.db.flush()
        before = await self._tx.db.scalar(
            select(func.count()).where(
                QuestionAskRow.question_id == group.id, QuestionAskRow.viewer_id == heard.viewer_id
            )
        )
        if not before:
            group.count += 1
            group.simulated += heard.simulated
        group.first_at = min(group.first_at, heard.at)
        group.last_at = max(group.last_at, heard.at)
        group.rank = rank(group.count, group.first_at)
        form = self._form(heard)
        if form not in group.shapes and len(group.shapes) < KEPT:
            group.shapes = [*group.shapes, form]
            group.wordings = [*group.wordings, discreet(heard.text)]
        self._tx.db.add(
            QuestionAskRow(
                show_id=self._show.id,
                id=heard.id,
                merchant_id=self._tx.merchant_id,
                question_id=group.id,
                viewer_id=heard.viewer_id,
                name=heard.name,
                text=heard.text,
                at=heard.at,
                simulated=heard.simulated,
            )
        )
        if group.status is QuestionStatus.TEXT and not group.rehearsal:
            await signals.tell(
                self._tx, self._show.id, "question", heard.viewer_id, id=group.id, status="text"
            )
