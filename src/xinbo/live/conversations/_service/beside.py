"""What stands beside a conversation, and the way from it to after-sales."""

from uuid import UUID

import msgspec
from sqlalchemy import select

from xinbo.commerce import aftersales, catalog, fulfilment, inventory, members, offers, orders
from xinbo.commerce.aftersales import CaseOpened, CaseOptions
from xinbo.commerce.catalog import ProductStatus
from xinbo.commerce.orders import Order
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict
from xinbo.live import shows
from xinbo.live.conversations._models import ConversationRow
from xinbo.live.conversations._rules import ConversationState, TalkSide
from xinbo.live.conversations._service.reads import row, view
from xinbo.live.conversations._service.talking import hold
from xinbo.live.conversations._service.writing import (
    as_shopper,
    note,
    order_card,
    said,
    tell,
    write,
)
from xinbo.live.conversations._types import (
    Beside,
    Conversation,
    HandToAftersales,
    ProductBeside,
    TalkCard,
    TalkCardKind,
    TalkNote,
)

LATEST = 10
"""Orders and cases shown beside a conversation."""


class NothingToHandOver(Conflict):
    """Raised when after-sales allows nothing for the line: `why` says why not, where it does."""


async def beside(
    tx: Tx, conversation_id: UUID, order_id: UUID | None, product_id: UUID | None
) -> Beside:
    """Show an agent the shopper's orders, one of them with its parcels, and the product.

    Null shows what was asked about last. Raises `OrderNotFound` for another shopper's order.
    """
    require(tx, Can.SERVE_ORDERS)
    found = await row(tx, conversation_id)
    theirs = as_shopper(tx, found.shopper_id)
    latest = (await orders.page_of(theirs, None, None, None, LATEST)).items
    chosen = order_id or found.order_id
    order = None if chosen is None else await orders.get(theirs, chosen)
    face = (await accounts.faces(tx, [found.shopper_id])).get(found.shopper_id)
    member = await members.get(tx, found.shopper_id)
    wanted = product_id or found.product_id
    return Beside(
        shopper_name="" if face is None else face.nickname,
        avatar_url=None if face is None else face.avatar_url,
        level=member.level_name or None,
        orders=latest,
        order=order,
        parcels=[] if order is None else await fulfilment.of_order(tx, order.id),
        options=None if order is None else await aftersales.options(tx, order.id),
        cases=await _cases(tx, found.shopper_id, order),
        product=None if wanted is None else await _product(tx, wanted, found.show_id),
    )


async def _cases(tx: Tx, shopper_id: UUID, order: Order | None) -> list[aftersales.Case]:
    if order is not None:
        return (await aftersales.page_of(tx, order.id, None, LATEST)).items
    # Read as the shopper, whose list it is; what they may do there is not the agent's to do.
    theirs = (await aftersales.page_of(as_shopper(tx, shopper_id), None, None, LATEST)).items
    return [msgspec.structs.replace(each, may=[]) for each in theirs]


async def _product(tx: Tx, product_id: UUID, show_id: UUID | None) -> ProductBeside | None:
    known = await catalog.products(tx, [product_id])
    if not known:
        return None
    product = known[0]
    on_sale = product.status is ProductStatus.ACTIVE
    quotes = await offers.quote(tx, [sku.id for sku in product.skus], show_id) if on_sale else {}
    left = await inventory.left(tx, [(each.sku_id, each.pool_id) for each in quotes.values()])
    points = ""
    if show_id is not None:
        items = await shows.line_up(tx, show_id)
        points = next((each.talking_points for each in items if each.product_id == product_id), "")
    return ProductBeside(
        id=product.id,
        title=product.title,
        subtitle=product.subtitle,
        picture_url=product.pictures[0].thumb_url if product.pictures else None,
        price=min((each.price for each in quotes.values()), default=None),
        list_price=min((each.list_price for each in quotes.values()), default=None),
        left=sum(left.values()),
        talking_points=points,
    )


async def hand_over(tx: Tx, conversation_id: UUID, command: HandToAftersales) -> Conversation:
    """Put the form of after-sales into the conversation, filled in; once per message id.

    Only the shopper may ask for money or goods back: they have one tap left, and the case that
    comes of it is noted here. Raises `NothingToHandOver`, `OrderNotFound`, `TakenBySomeone`.
    """
    require(tx, Can.SERVE_ORDERS)
    found = await row(tx, conversation_id, for_update=True)
    if await said(tx, found.id, command.id):
        return await view(tx, found)
    agent_id = await hold(tx, found)
    theirs = as_shopper(tx, found.shopper_id)
    options = await aftersales.options(theirs, command.order_id)
    card = await _form(tx, found, command, options)
    await note(tx, found, TalkNote.HANDED_OVER)
    await write(tx, found, TalkSide.AGENT, agent_id, key=command.id, card=card)
    found.order_id = command.order_id
    await tx.db.flush()
    await tell(tx, found)
    return await view(tx, found)


async def _form(
    tx: Tx, found: ConversationRow, command: HandToAftersales, options: CaseOptions
) -> TalkCard:
    """Fill the form in: what the agent chose, where the terms allow it."""
    line = next((each for each in options.lines if each.position == command.position), None)
    if line is None or not line.left:
        raise NothingToHandOver(why="in_case" if line else None)
    allowed = [each for each in line.kinds if each.reasons]
    if command.asked is not None:
        allowed = [each for each in allowed if each.kind is command.asked]
    if not allowed:
        ruled = [each for each in line.kinds if command.asked in {None, each.kind}]
        raise NothingToHandOver(why=ruled[0].why_not if ruled else None)
    way = allowed[0]
    reason = command.reason if command.reason in way.reasons else None
    card = await order_card(tx, found.shopper_id, command.order_id)
    return TalkCard(
        kind=TalkCardKind.ASK_AFTERSALES,
        title=line.title,
        picture_url=line.picture_url,
        price=None if card is None else card.price,
        product_id=None,
        order_id=command.order_id,
        position=line.position,
        quantity=min(command.quantity or line.left, line.left),
        case_id=None,
        asked=way.kind,
        reason=reason,
    )


async def on_case_opened(tx: Tx, event: CaseOpened) -> None:
    """Note in the conversation from which it was handed over that a case was opened."""
    found = await tx.db.scalar(
        select(ConversationRow)
        .where(
            ConversationRow.merchant_id == tx.merchant_id,
            ConversationRow.shopper_id == event.shopper_id,
            ConversationRow.order_id == event.order_id,
            ConversationRow.state != ConversationState.CLOSED,
        )
        .order_by(ConversationRow.id.desc())
        .limit(1)
        .with_for_update()
    )
    if found is None:
        return
    case = (await aftersales.get(tx, event.case_id)).case
    first = case.lines[0] if case.lines else None
    card = TalkCard(
        kind=TalkCardKind.CASE,
        title=case.number,
        picture_url=None if first is None else first.picture_url,
        price=case.amount,
        product_id=None,
        order_id=case.order_id,
        position=None,
        quantity=event.pieces,
        case_id=case.id,
        asked=case.kind,
        reason=case.reason,
    )
    await note(tx, found, TalkNote.CASE_OPENED, card=card)
    await tx.db.flush()
    await tell(tx, found)
