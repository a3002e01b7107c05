"""Open a conversation: as a shopper, or for one who asked in public."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from xinbo.engines.callers import shopper
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.kit.errors import NotFound
from xinbo.kit.ids import new_id
from xinbo.live import shows
from xinbo.live.conversations._models import ConversationRow
from xinbo.live.conversations._rules import (
    ConversationKind,
    ConversationState,
    TalkSide,
    asked,
    begin,
)
from xinbo.live.conversations._service.reads import standing, view
from xinbo.live.conversations._service.writing import (
    lock,
    order_card,
    product_card,
    said,
    stand,
    tell,
    tell_opened,
    write,
)
from xinbo.live.conversations._types import Conversation, TalkCard, TalkCardKind

AN_HOUR = 30
"""Conversations that one shopper opens in an hour."""


class ShopperNotFound(NotFound):
    """Raised when a conversation is to be opened with someone who has no account here."""


async def ask(  # noqa: PLR0913, PLR0917 # what is asked about has several sides
    tx: Tx,
    show_id: UUID | None,
    kind: ConversationKind,
    product_id: UUID | None,
    order_id: UUID | None,
    question: str | None,
    key: UUID | None = None,
) -> Conversation:
    """Open a conversation as the calling shopper, or go on with the one that is open."""
    shopper_id = shopper(tx)
    await tx.limit(f"conversations:{shopper_id}", AN_HOUR, timedelta(hours=1))
    return await open(tx, show_id, shopper_id, kind, product_id, order_id, question, key)


async def open(  # noqa: A001, PLR0913, PLR0917 # the room's verb; its sides
    tx: Tx,
    show_id: UUID | None,
    shopper_id: UUID,
    kind: ConversationKind,
    product_id: UUID | None,
    order_id: UUID | None,
    question: str | None,
    key: UUID | None = None,
) -> Conversation:
    """Open a conversation for a shopper, or go on with the one that is open at this place.

    Other rooms call it to answer in private what was asked in public: `question` then stands as
    the shopper's words. The same question twice is one. Raises `ShopperNotFound`,
    `ShowNotFound`, `OrderNotFound`, `ProductNotFound`.
    """
    show = None if show_id is None else await shows.get(tx, show_id)
    rehearsal = show is not None and show.status is shows.ShowStatus.REHEARSAL
    if not rehearsal and shopper_id not in await accounts.faces(tx, [shopper_id]):
        raise ShopperNotFound(shopper_id=shopper_id)
    cards = [
        card
        for card in (
            await product_card(tx, product_id),
            await order_card(tx, shopper_id, order_id),
        )
        if card is not None
    ]
    await tx.db.execute(select(lock(tx, shopper_id)))
    known = await tx.db.scalar(
        select(ConversationRow)
        .where(
            ConversationRow.merchant_id == tx.merchant_id,
            ConversationRow.shopper_id == shopper_id,
            ConversationRow.show_id.is_not_distinct_from(show_id),
            ConversationRow.state != ConversationState.CLOSED,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = known or await _fresh(tx, show_id, shopper_id, kind, rehearsal=rehearsal)
    if key is not None and await said(tx, found.id, key):
        return await view(tx, found)
    if known is not None and key is None and question == known.last_text:
        return await view(tx, known)
    news = question is not None or any(not _shows(found, card) for card in cards)
    found.kind = kind if news else found.kind
    for card in cards:
        if not _shows(found, card):
            await write(tx, found, TalkSide.SHOPPER, shopper_id, card=card)
    found.product_id = product_id or found.product_id
    found.order_id = order_id or found.order_id
    if question is not None:
        await write(tx, found, TalkSide.SHOPPER, shopper_id, key=key, words=question)
    if news and known is not None:
        stand(found, asked(standing(found), tx.now))
    await tx.db.flush()
    await tell(tx, found)
    return await view(tx, found)


async def _fresh(
    tx: Tx, show_id: UUID | None, shopper_id: UUID, kind: ConversationKind, *, rehearsal: bool
) -> ConversationRow:
    found = ConversationRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        show_id=show_id,
        shopper_id=shopper_id,
        kind=kind,
        opened_at=tx.now,
        said=0,
        unseen_by_agent=0,
        unseen_by_shopper=0,
        last_text="",
        last_speaker=TalkSide.SHOPPER,
        last_at=tx.now,
        rehearsal=rehearsal,
    )
    stand(found, begin(tx.now))
    tx.db.add(found)
    await tx.db.flush()
    await tell_opened(tx, found, again=False)
    return found


def _shows(conversation: ConversationRow, card: TalkCard) -> bool:
    """Say whether the conversation is about this already."""
    if card.kind is TalkCardKind.PRODUCT:
        return conversation.product_id == card.product_id
    return conversation.order_id == card.order_id
