"""Write messages down, make cards, tell open pages."""

from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, func, select

from xinbo.commerce import catalog, orders
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import new_id
from xinbo.live import signals
from xinbo.live.conversations._models import ConversationRow, MessageRow
from xinbo.live.conversations._rules import Standing, TalkSide
from xinbo.live.conversations._types import (
    ConversationOpened,
    TalkCard,
    TalkCardKind,
    TalkNote,
)

MOST_MESSAGES = 500
"""Of one conversation."""


class TooMuchSaid(Conflict):
    """Raised when a conversation holds `most` messages."""


async def said(tx: Tx, conversation_id: UUID, key: UUID) -> bool:
    """Say whether a message of that id was written already."""
    known = await tx.db.scalar(
        select(MessageRow.id).where(
            MessageRow.conversation_id == conversation_id,
            MessageRow.merchant_id == tx.merchant_id,
            MessageRow.key == key,
        )
    )
    return known is not None


async def note(
    tx: Tx, found: ConversationRow, what: TalkNote, *, words: str = "", card: TalkCard | None = None
) -> None:
    """Note what was done. Words are for the staff; a card is for both."""
    await write(tx, found, TalkSide.HOUSE, tx.actor.user_id, note_=what, card=card)
    if words:
        await write(tx, found, TalkSide.AGENT, tx.actor.user_id, words=words, internal=True)


async def write(  # noqa: PLR0913 # a message has many sides
    tx: Tx,
    found: ConversationRow,
    speaker: TalkSide,
    by_id: UUID | None,
    *,
    key: UUID | None = None,
    words: str = "",
    note_: TalkNote | None = None,
    picture_ids: list[UUID] | None = None,
    card: TalkCard | None = None,
    internal: bool = False,
) -> None:
    """Add a message. Raises `TooMuchSaid`."""
    if found.said >= MOST_MESSAGES and speaker is not TalkSide.HOUSE:
        raise TooMuchSaid(most=MOST_MESSAGES)
    found.said += 1
    tx.db.add(
        MessageRow(
            id=new_id(),
            merchant_id=tx.merchant_id,
            conversation_id=found.id,
            shopper_id=found.shopper_id,
            key=key or new_id(),
            speaker=speaker,
            by_id=by_id,
            internal=internal,
            text=words,
            note=note_,
            picture_ids=[str(each) for each in picture_ids or []],
            card=None if card is None else msgspec.to_builtins(card),
            at=tx.now,
        )
    )
    await tx.db.flush()
    if internal or speaker is TalkSide.HOUSE:
        return
    found.last_text = words or found.last_text
    found.last_speaker, found.last_at = speaker, tx.now
    if speaker is TalkSide.SHOPPER:
        found.unseen_by_agent += 1
    else:
        found.unseen_by_shopper += 1


async def product_card(tx: Tx, product_id: UUID | None) -> TalkCard | None:
    """Make a card of a product on sale. Raises `ProductNotFound`."""
    if product_id is None:
        return None
    product = await catalog.get(tx, product_id)
    picture = product.pictures[0].thumb_url if product.pictures else None
    return TalkCard(
        kind=TalkCardKind.PRODUCT,
        title=product.title,
        picture_url=picture,
        price=min((sku.price for sku in product.skus), default=None),
        product_id=product.id,
        order_id=None,
        position=None,
        quantity=None,
        case_id=None,
        asked=None,
        reason=None,
    )


async def order_card(tx: Tx, shopper_id: UUID, order_id: UUID | None) -> TalkCard | None:
    """Make a card of an order of that shopper's. Raises `OrderNotFound`."""
    if order_id is None:
        return None
    order = await orders.get(as_shopper(tx, shopper_id), order_id)
    first = order.lines[0] if order.lines else None
    return TalkCard(
        kind=TalkCardKind.ORDER,
        title=order.number,
        picture_url=None if first is None else first.picture_url,
        price=order.total,
        product_id=None,
        order_id=order.id,
        position=None,
        quantity=sum(line.quantity for line in order.lines),
        case_id=None,
        asked=None,
        reason=None,
    )


def as_shopper(tx: Tx, shopper_id: UUID) -> Tx:
    """Read as the shopper does: their own orders, nobody else's."""
    return tx.acting(Actor(tx.merchant_id, Role.SHOPPER, shopper_id))


async def tell_opened(tx: Tx, found: ConversationRow, *, again: bool) -> None:
    """Record that something was asked, or asked again: not what."""
    await tx.emit(
        ConversationOpened(
            show_id=found.show_id,
            conversation_id=found.id,
            kind=found.kind,
            again=again,
            rehearsal=found.rehearsal,
        )
    )


async def tell(tx: Tx, found: ConversationRow) -> None:
    """Let the open pages of a show look again: the staff's, and the shopper's own."""
    if found.show_id is None:
        return
    facts = {"id": str(found.id), "state": found.state.value}
    await signals.tell(tx, found.show_id, "conversation", to="staff", **facts)
    await signals.tell(tx, found.show_id, "conversation", to=found.shopper_id, **facts)


def stand(found: ConversationRow, now: Standing) -> None:
    """Put a conversation where the rules say."""
    found.state, found.agent_id = now.state, now.agent_id
    found.waiting_since, found.replied_at = now.waiting_since, now.replied_at


def lock(tx: Tx, shopper_id: UUID) -> ColumnElement[None]:
    """Let one at a time open a conversation of this shopper, until the transaction ends."""
    name = f"conversations:{tx.merchant_id}:{shopper_id}"
    return func.pg_advisory_xact_lock(func.hashtextextended(name, 0))
