"""Words and rules: what keeps a show's chat in order before anyone has to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, Invalid, NotFound
from xinbo.kit.ids import new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page
from xinbo.live import shows, stage
from xinbo.live.chat._models import AppealRow, RuleRow, SanctionRow, WordRow
from xinbo.live.chat._rules import Listed, WordAction, compiled, readable
from xinbo.live.chat._service.archive import waiting
from xinbo.live.chat._service.rows import in_rehearsal, moderated
from xinbo.live.chat._types import (
    ChatRules,
    ChatRulesSet,
    Muted,
    PutChatRules,
    PutWord,
    RoomRules,
    RulesChanged,
    SanctionKind,
    Tried,
    Word,
)

MOST_WORDS = 5000


class WordNotFound(NotFound):
    """Raised when the merchant has no such word on the list."""


class WordRefused(Invalid):
    """Raised when nothing of a word is left that could be looked for: only signs, or one letter."""


class TooManyWords(Conflict):
    """Raised when a list would become longer than an edge can look for. Says `most`."""


async def rules(tx: Tx, show_id: UUID) -> ChatRules:
    """Say how a show's chat is kept in order, and what waits for the staff."""
    require(tx, Can.SEE_CONSOLE)
    await shows.console_get(tx, show_id)
    open_appeals = await tx.db.scalar(
        select(func.count()).where(
            AppealRow.merchant_id == tx.merchant_id,
            AppealRow.show_id == show_id,
            AppealRow.decision.is_(None),
        )
    )
    return ChatRules(
        show_id=show_id,
        slow_seconds=await stage.slow_seconds(tx, show_id),
        hold_all=await _holds_all(tx, show_id),
        held=await waiting(tx, show_id),
        appeals=open_appeals or 0,
    )


async def set_rules(tx: Tx, show_id: UUID, command: PutChatRules) -> ChatRules:
    """Set slow mode and whether every message waits for the staff."""
    await moderated(tx, show_id)
    if command.slow_seconds != await stage.slow_seconds(tx, show_id):
        await stage.set_slow(tx, show_id, command.slow_seconds)
    await hold_chat(tx, show_id, on=command.hold_all)
    await tx.emit(
        ChatRulesSet(show_id=show_id, slow_seconds=command.slow_seconds, hold_all=command.hold_all)
    )
    return await rules(tx, show_id)


async def hold_chat(tx: Tx, show_id: UUID, *, on: bool) -> None:
    """Let every shopper's message wait for the staff, or no longer."""
    await moderated(tx, show_id)
    row = insert(RuleRow).values(show_id=show_id, merchant_id=tx.merchant_id, hold_all=on)
    await tx.db.execute(
        row.on_conflict_do_update(index_elements=[RuleRow.show_id], set_={"hold_all": on})
    )
    await tx.emit(RulesChanged(show_id=show_id))


async def room_rules(tx: Tx, show_id: UUID) -> RoomRules:
    """Say all that an edge needs to keep a room in order, for the system itself."""
    show = await shows.get(tx, show_id)
    listed = await tx.db.scalars(
        select(WordRow)
        .where(WordRow.merchant_id == tx.merchant_id)
        .order_by(WordRow.text)
        .limit(MOST_WORDS)
    )
    sanctions = (
        await tx.db.scalars(
            select(SanctionRow).where(
                SanctionRow.merchant_id == tx.merchant_id,
                SanctionRow.show_id == show_id,
                SanctionRow.rehearsal == in_rehearsal(show),
                SanctionRow.lifted_at.is_(None),
                or_(SanctionRow.until.is_(None), SanctionRow.until > tx.now),
            )
        )
    ).all()
    return RoomRules(
        words=[Listed(row.text, row.action) for row in listed],
        hold_all=await _holds_all(tx, show_id),
        slow_seconds=await stage.slow_seconds(tx, show_id),
        muted=[
            Muted(row.viewer_id, row.until) for row in sanctions if row.kind is SanctionKind.MUTE
        ],
        kicked=[row.viewer_id for row in sanctions if row.kind is SanctionKind.KICK],
    )


async def words(
    tx: Tx, cursor: str | None, limit: int, *, action: WordAction | None = None
) -> Page[Word]:
    """List the merchant's words, the last first."""
    require(tx, Can.SEE_CONSOLE)
    query = select(WordRow).where(WordRow.merchant_id == tx.merchant_id)
    if action is not None:
        query = query.where(WordRow.action == action)
    if (last := after(cursor)) is not None:
        query = query.where(WordRow.id < last)
    rows = (await tx.db.scalars(query.order_by(WordRow.id.desc()).limit(limit + 1))).all()
    return page(rows, limit, Word.of, lambda row: row.id)


async def put_words(tx: Tx, commands: Sequence[PutWord]) -> list[Word]:
    """List words for all shows of the merchant; those listed already get the new action."""
    require(tx, Can.MODERATE_CHAT)
    wanted = {" ".join(each.text.split()): each for each in commands}
    for text in wanted:
        if not readable(text):
            raise WordRefused(text=text)
    rows = [
        {
            "id": new_id(),
            "merchant_id": tx.merchant_id,
            "text": text,
            "action": each.action,
            "note": each.note,
            "created_at": tx.now,
        }
        for text, each in sorted(wanted.items())
    ]
    asked = insert(WordRow).values(rows)
    put = asked.on_conflict_do_update(
        index_elements=[WordRow.merchant_id, WordRow.text],
        set_={"action": asked.excluded.action, "note": asked.excluded.note},
    ).returning(WordRow)
    stored = (await tx.db.scalars(put, execution_options={"populate_existing": True})).all()
    count = await tx.db.scalar(select(func.count()).where(WordRow.merchant_id == tx.merchant_id))
    if (count or 0) > MOST_WORDS:
        raise TooManyWords(most=MOST_WORDS)
    await tx.emit(RulesChanged(show_id=None))
    return [Word.of(row) for row in stored]


async def remove_word(tx: Tx, word_id: UUID) -> None:
    """Take a word off the list."""
    require(tx, Can.MODERATE_CHAT)
    gone = await tx.db.scalar(
        delete(WordRow)
        .where(WordRow.id == word_id, WordRow.merchant_id == tx.merchant_id)
        .returning(WordRow.id)
    )
    if gone is None:
        raise WordNotFound(word_id=word_id)
    await tx.emit(RulesChanged(show_id=None))


async def try_text(tx: Tx, text: str) -> Tried:
    """Say what the merchant's list would do to a text, and which of its words does it."""
    require(tx, Can.SEE_CONSOLE)
    rows = await tx.db.scalars(
        select(WordRow).where(WordRow.merchant_id == tx.merchant_id).limit(MOST_WORDS)
    )
    found = compiled([Listed(row.text, row.action) for row in rows]).matches(text)
    hardest = next(
        (
            each
            for each in (WordAction.REFUSE, WordAction.HOLD)
            if each in {a.action for a in found}
        ),
        None,
    )
    return Tried(action=hardest, words=sorted({each.text for each in found}))


async def _holds_all(tx: Tx, show_id: UUID) -> bool:
    found = await tx.db.scalar(
        select(RuleRow.hold_all).where(
            RuleRow.show_id == show_id, RuleRow.merchant_id == tx.merchant_id
        )
    )
    return found or False
