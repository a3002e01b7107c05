"""Answer in writing, and hand over to service."""

import contextlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict
from xinbo.live import conversations, signals
from xinbo.live.conversations import ConversationKind, ShopperNotFound
from xinbo.live.questions._models import QuestionAskRow, QuestionRow
from xinbo.live.questions._rules.life import Act, QuestionStatus
from xinbo.live.questions._rules.topics import QuestionTopic
from xinbo.live.questions._service.acting import told_answered
from xinbo.live.questions._service.rows import acted, locked, view
from xinbo.live.questions._types import ActOnQuestion, AnswerByText, Question

MOST_TOLD = 200
"""People who are told one by one; more see it in the list of answers."""

MOST_SERVED = 20
"""People who are served one by one."""

TO = {
    QuestionTopic.SHIPPING: ConversationKind.LOGISTICS,
    QuestionTopic.AFTER_SALES: ConversationKind.ORDER,
    QuestionTopic.OTHER: ConversationKind.OTHER,
}
"""The queues of the service desk; what is not named here is about a product."""


class TooManyToServe(Conflict):
    """Raised when more people asked than service answers one by one."""


async def answer_text(tx: Tx, question_id: UUID, command: AnswerByText) -> Question:
    """Answer in writing: to those who asked, and in the list that everyone may read.

    An answer to a complaint goes to those who complained only. After the show it settles the
    follow-up. Whoever asks the same later in the show gets the answer at once.
    """
    found = await locked(tx, question_id, Act.TEXT, command.seen, service=True)
    if found.status is QuestionStatus.FOLLOW_UP:
        found.done_at = tx.now
    found.status = QuestionStatus.TEXT
    found.answer, found.answered_at = command.text.strip(), tx.now
    found.on_air_at = found.second = found.until_second = None
    await acted(tx, found, Act.TEXT)
    await told_answered(tx, found, "text")
    await tell_askers(tx, found)
    return await view(tx, found)


async def to_service(tx: Tx, question_id: UUID, command: ActOnQuestion) -> Question:
    """Hand a question over to service: each who asked gets a conversation with their own words.

    Raises `TooManyToServe` where service could not answer so many one by one: what many ask
    is answered by text or on air.
    """
    found = await locked(tx, question_id, Act.SERVICE, command.seen, service=True)
    asks: dict[UUID, QuestionAskRow] = {}
    for each in await _asks(tx, found):
        asks.setdefault(each.viewer_id, each)
    if len(asks) > MOST_SERVED:
        raise TooManyToServe(asked=len(asks), most=MOST_SERVED)
    for viewer_id, each in sorted(asks.items()):
        with contextlib.suppress(ShopperNotFound):  # the account is gone; the others are not
            await conversations.open(
                tx,
                found.show_id,
                viewer_id,
                TO.get(found.topic, ConversationKind.PRODUCT),
                found.product_id,
                None,
                each.text,
                each.id,
            )
    if found.status is QuestionStatus.FOLLOW_UP:
        found.done_at = tx.now
    found.status, found.answered_at = QuestionStatus.SERVICE, tx.now
    found.on_air_at = found.second = found.until_second = None
    await acted(tx, found, Act.SERVICE)
    await told_answered(tx, found, "service")
    await tell_askers(tx, found)
    return await view(tx, found)


async def _asks(tx: Tx, found: QuestionRow) -> Sequence[QuestionAskRow]:
    """List the messages of a question, the first first, without the simulated."""
    rows = await tx.db.scalars(
        select(QuestionAskRow)
        .where(QuestionAskRow.question_id == found.id, QuestionAskRow.simulated.is_(False))
        .order_by(QuestionAskRow.at, QuestionAskRow.id)
    )
    return rows.all()


async def askers(tx: Tx, found: QuestionRow, most: int) -> list[UUID]:
    """List who asked, the first first, without the simulated."""
    return list(dict.fromkeys(each.viewer_id for each in await _asks(tx, found)))[:most]


async def tell_askers(tx: Tx, found: QuestionRow) -> None:
    """Tell the phones of those who asked to look again."""
    if found.rehearsal:
        return
    for viewer_id in await askers(tx, found, MOST_TOLD):
        await signals.tell(
            tx, found.show_id, "question", viewer_id, id=found.id, status=found.status
        )
