"""Show bargains to whoever has their link: names masked, the seed once nobody can help any more."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from xinbo.commerce import catalog
from xinbo.commerce.bargains._models import BargainHelpRow, BargainRow
from xinbo.commerce.bargains._rules import masked, price_after
from xinbo.commerce.bargains._types import Bargain, BargainState, Helped
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.kit.errors import NotFound
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page


class BargainNotFound(NotFound):
    """Raised when the merchant has no such bargain."""


async def get(tx: Tx, bargain_id: UUID) -> Bargain:
    """Show a bargain to anybody who has its link. Raises `BargainNotFound`."""
    (shown,) = await views(tx, [await row(tx, bargain_id)])
    return shown


async def page_of(tx: Tx, shopper_id: UUID, cursor: str | None, limit: int) -> Page[Bargain]:
    """List a shopper's own bargains, the newest first."""
    query = (
        select(BargainRow)
        .where(BargainRow.merchant_id == tx.merchant_id, BargainRow.shopper_id == shopper_id)
        .order_by(BargainRow.id.desc())
        .limit(limit + 1)
    )
    if (last := after(cursor)) is not None:
        query = query.where(BargainRow.id < last)
    rows = (await tx.db.scalars(query.execution_options(populate_existing=True))).all()
    shown = {each.id: each for each in await views(tx, rows[:limit])}
    return page(rows, limit, lambda each: shown[each.id], lambda each: each.id)


async def row(tx: Tx, bargain_id: UUID, *, for_update: bool = False) -> BargainRow:
    """Fetch a bargain of the merchant; lock it first where it is about to change."""
    query = select(BargainRow).where(
        BargainRow.id == bargain_id, BargainRow.merchant_id == tx.merchant_id
    )
    if for_update:
        query = query.with_for_update()
    found = await tx.db.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise BargainNotFound(bargain_id=bargain_id)
    return found


def state_of(tx: Tx, bargain: BargainRow) -> BargainState:
    """Say where a bargain stands now."""
    if bargain.order_id is not None:
        return BargainState.BOUGHT
    if bargain.ends_at <= tx.now or bargain.closed_at is not None:
        return BargainState.OVER
    return BargainState.REACHED if bargain.helped == bargain.helpers else BargainState.OPEN


async def views(tx: Tx, rows: Sequence[BargainRow]) -> list[Bargain]:
    """Show bargains of the merchant to the actor."""
    helps = await _helps(tx, [each.id for each in rows])
    people = {each.shopper_id for each in rows}
    people |= {each.helper_id for some in helps.values() for each in some}
    names = await accounts.nicknames(tx, people)
    # Whoever has the link may see what it is about, also once it went off sale.
    cards = await catalog.skus(tx, {each.sku_id for each in rows})
    return [
        _view(tx, each, helps.get(each.id, []), names, cards[each.sku_id])
        for each in rows
        if each.sku_id in cards
    ]


def _view(
    tx: Tx,
    each: BargainRow,
    helps: Sequence[BargainHelpRow],
    names: dict[UUID, str],
    card: catalog.SkuCard,
) -> Bargain:
    def name(who: UUID) -> str:
        known = names.get(who, "")
        return known if who == tx.actor.user_id else masked(known)

    state = state_of(tx, each)
    told = state is not BargainState.OPEN
    return Bargain(
        id=each.id,
        offer_id=each.offer_id,
        sku_id=each.sku_id,
        product_id=card.product_id,
        title=card.title,
        options=card.options,
        picture_url=card.picture_url,
        owner_name=name(each.shopper_id),
        mine=each.shopper_id == tx.actor.user_id,
        state=state,
        start_price=each.start_price,
        floor=each.floor,
        price=price_after(each.start_price, each.cuts, each.helped),
        currency=card.currency,
        helpers=each.helpers,
        helps=[Helped(name=name(some.helper_id), cut=some.cut, at=some.at) for some in helps],
        helped=tx.actor.user_id in {some.helper_id for some in helps},
        commitment=each.commitment,
        seed=each.seed if told else None,
        cuts=each.cuts if told else None,
        starts_at=each.starts_at,
        ends_at=each.ends_at,
        at=tx.now,
    )


async def _helps(tx: Tx, bargain_ids: Iterable[UUID]) -> dict[UUID, list[BargainHelpRow]]:
    found: dict[UUID, list[BargainHelpRow]] = {}
    for each in await tx.db.scalars(
        select(BargainHelpRow)
        .where(
            BargainHelpRow.merchant_id == tx.merchant_id,
            BargainHelpRow.bargain_id.in_(list(bargain_ids)),
        )
        .order_by(BargainHelpRow.place)
    ):
        found.setdefault(each.bargain_id, []).append(each)
    return found
