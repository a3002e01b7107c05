"""Start a bargain, help it along, buy at its price. Lock, then look."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from xinbo.commerce import offers
from xinbo.commerce.bargains._models import BargainHelpRow, BargainRow
from xinbo.commerce.bargains._rules import commitment, day_began, price_after, split
from xinbo.commerce.bargains._service.reads import BargainNotFound, get, row, state_of
from xinbo.commerce.bargains._types import (
    Bargain,
    Bargained,
    BargainHelped,
    BargainStarted,
    BargainState,
)
from xinbo.commerce.offers import BargainTerms, OfferGone, Quote
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict, TooMany
from xinbo.kit.ids import new_id

HELPS_A_DAY = 10
"""How many bargains one person may help in a day: friends help a few, farms help all."""

BUYABLE = frozenset({BargainState.OPEN, BargainState.REACHED})


class BargainClosed(Conflict):
    """Raised when a bargain is in a `state` in which this cannot be done any more."""


class OwnBargain(Conflict):
    """Raised when someone would help the bargain that is their own."""


class HelpsUsedUp(TooMany):
    """Raised when someone has helped as many bargains today as one person may (`most`)."""


async def start(tx: Tx, shopper_id: UUID, offer_id: UUID) -> Bargain:
    """Begin to bargain about an offer; one that the shopper has open for the SKU is returned.

    All cuts are drawn now and their hash is shown, so nothing that happens later can tilt them.
    Raises `OfferGone`.
    """
    quote, terms = await _offer(tx, offer_id)
    await _alone(tx, f"bargain:{shopper_id}:{quote.sku_id}")
    if (open_one := await _open_one(tx, shopper_id, quote.sku_id)) is not None:
        if state_of(tx, open_one) in BUYABLE:
            return await get(tx, open_one.id)
        open_one.closed_at = tx.now
        await tx.db.flush()
    bargain_id, seed = new_id(), secrets.token_hex(16)
    cuts = split(seed, quote.price - terms.floor, terms.helpers)
    ends_at = tx.now + timedelta(hours=terms.hours)
    tx.db.add(
        BargainRow(
            id=bargain_id,
            merchant_id=tx.merchant_id,
            shopper_id=shopper_id,
            offer_id=offer_id,
            sku_id=quote.sku_id,
            start_price=quote.price,
            floor=terms.floor,
            helpers=terms.helpers,
            seed=seed,
            cuts=cuts,
            commitment=commitment(seed, bargain_id, cuts),
            helped=0,
            starts_at=tx.now,
            ends_at=ends_at if quote.ends_at is None else min(ends_at, quote.ends_at),
        )
    )
    await tx.db.flush()
    await tx.emit(BargainStarted(bargain_id=bargain_id, shopper_id=shopper_id, sku_id=quote.sku_id))
    return await get(tx, bargain_id)


async def help_along(tx: Tx, bargain_id: UUID, helper_id: UUID) -> Bargain:
    """Cut the price by the next of the drawn cuts. Helping twice changes nothing more.

    Raises `BargainNotFound`, `OwnBargain`, `BargainClosed`, `HelpsUsedUp` or `OfferGone`.
    """
    await _alone(tx, f"bargain-help:{tx.merchant_id}:{helper_id}")
    bargain = await row(tx, bargain_id, for_update=True)
    if bargain.shopper_id == helper_id:
        raise OwnBargain(bargain_id=bargain_id)
    if await tx.db.get(BargainHelpRow, (bargain_id, helper_id)) is not None:
        return await get(tx, bargain_id)
    if (state := state_of(tx, bargain)) is not BargainState.OPEN:
        raise BargainClosed(state=state)
    await _offer(tx, bargain.offer_id)
    if await _helps_today(tx, helper_id) >= HELPS_A_DAY:
        raise HelpsUsedUp(most=HELPS_A_DAY)
    cut = bargain.cuts[bargain.helped]
    bargain.helped += 1
    tx.db.add(
        BargainHelpRow(
            bargain_id=bargain_id,
            helper_id=helper_id,
            merchant_id=tx.merchant_id,
            place=bargain.helped,
            cut=cut,
            at=tx.now,
        )
    )
    await tx.db.flush()
    await tx.emit(
        BargainHelped(
            bargain_id=bargain_id,
            shopper_id=bargain.shopper_id,
            helper_id=helper_id,
            cut=cut,
            price=price_after(bargain.start_price, bargain.cuts, bargain.helped),
            reached=bargain.helped == bargain.helpers,
        )
    )
    return await get(tx, bargain_id)


async def price_of(tx: Tx, bargain_id: UUID, shopper_id: UUID, *, lock: bool = False) -> Bargained:
    """Say what a bargain lets its owner buy now, and at what price: not only at the floor.

    With `lock` nobody can help until the transaction ends, so the price that is charged is this
    one. Raises `BargainNotFound`, also for another shopper's, or `BargainClosed`.
    """
    bargain = await row(tx, bargain_id, for_update=lock)
    if bargain.shopper_id != shopper_id:
        raise BargainNotFound(bargain_id=bargain_id)
    if (state := state_of(tx, bargain)) not in BUYABLE:
        raise BargainClosed(state=state)
    price = price_after(bargain.start_price, bargain.cuts, bargain.helped)
    return Bargained(offer_id=bargain.offer_id, sku_id=bargain.sku_id, price=price)


async def use(tx: Tx, bargain_id: UUID, order_id: UUID) -> None:
    """Spend a bargain on an order: once. The same order again changes nothing.

    Raises `BargainNotFound` or `BargainClosed`.
    """
    bargain = await row(tx, bargain_id, for_update=True)
    if bargain.order_id == order_id:
        return
    if (state := state_of(tx, bargain)) not in BUYABLE:
        raise BargainClosed(state=state)
    bargain.order_id = order_id
    bargain.closed_at = tx.now
    await tx.db.flush()


async def release(tx: Tx, order_id: UUID) -> None:
    """Give a bargain back from an order that ended unpaid. Harmless to repeat.

    It goes on if there is time left and its owner has not begun another about the SKU.
    """
    held = await tx.db.scalar(
        select(BargainRow).where(
            BargainRow.order_id == order_id, BargainRow.merchant_id == tx.merchant_id
        )
    )
    if held is None:
        return
    await _alone(tx, f"bargain:{held.shopper_id}:{held.sku_id}")
    bargain = await row(tx, held.id, for_update=True)
    if bargain.order_id != order_id:
        return
    bargain.order_id = None
    if await _open_one(tx, bargain.shopper_id, bargain.sku_id) is None:
        bargain.closed_at = None
    await tx.db.flush()


async def _offer(tx: Tx, offer_id: UUID) -> tuple[Quote, BargainTerms]:
    quote = (await offers.quote_special(tx, [(offer_id, None)]))[offer_id]
    if isinstance(quote, OfferGone):
        raise quote
    if not isinstance(quote.terms, BargainTerms):
        raise OfferGone(offer_id=offer_id)
    return quote, quote.terms


async def _open_one(tx: Tx, shopper_id: UUID, sku_id: UUID) -> BargainRow | None:
    return await tx.db.scalar(
        select(BargainRow)
        .where(
            BargainRow.merchant_id == tx.merchant_id,
            BargainRow.shopper_id == shopper_id,
            BargainRow.sku_id == sku_id,
            BargainRow.closed_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def _helps_today(tx: Tx, helper_id: UUID) -> int:
    found = await tx.db.scalar(
        select(func.count()).where(
            BargainHelpRow.merchant_id == tx.merchant_id,
            BargainHelpRow.helper_id == helper_id,
            BargainHelpRow.at >= day_began(tx.now),
        )
    )
    return found or 0


async def _alone(tx: Tx, what: str) -> None:
    """Let one transaction at a time do this, until it ends."""
    await tx.db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))
