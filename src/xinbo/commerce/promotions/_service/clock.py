"""Begin and end promotions by the clock. Any number of workers may do it at once."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from xinbo.commerce import catalog, inventory, offers
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.offers import BargainTerms, GroupTerms, Offer, OfferKind, PresaleTerms, Terms
from xinbo.commerce.promotions._models import PromotionItemRow, PromotionRow
from xinbo.commerce.promotions._rules.life import BASKET, PromotionState, move
from xinbo.commerce.promotions._service.views import row, rule_of
from xinbo.commerce.promotions._types import (
    Bargaining,
    GroupBuy,
    MemberPrice,
    Presale,
    PromotionChanged,
    Rule,
)
from xinbo.engines.tx import Tx
from xinbo.kit.ids import NIL

TIME, STAFF, NO_STOCK = "time", "staff", "no_stock"
"""Why a promotion ended."""


async def due(tx: Tx, limit: int) -> list[tuple[UUID, UUID]]:
    """List (merchant, promotion) of every merchant that are to begin or to end now."""
    found = await tx.db.execute(
        select(PromotionRow.merchant_id, PromotionRow.id)
        .where(_is_due(tx))
        .order_by(PromotionRow.starts_at)
        .limit(limit)
    )
    return [(merchant_id, promotion_id) for merchant_id, promotion_id in found]


async def turn(tx: Tx, promotion_id: UUID) -> bool:
    """Begin or end a promotion if it is time; say whether that was so.

    One that somebody else has locked is left alone: the next sweep looks again.
    """
    mine = await tx.db.scalar(
        select(PromotionRow.id)
        .where(
            PromotionRow.id == promotion_id,
            PromotionRow.merchant_id == tx.merchant_id,
            _is_due(tx),
        )
        .with_for_update(skip_locked=True)
    )
    if mine is None:
        return False
    promotion = await row(tx, promotion_id, for_update=True)
    if promotion.ends_at is not None and promotion.ends_at <= tx.now:
        await finish(tx, promotion, TIME)
    else:
        await begin(tx, promotion)
    return True


async def begin(tx: Tx, promotion: PromotionRow) -> None:
    """Begin a locked promotion: set its stock aside and publish its prices.

    Where stock was sold since it was announced, it begins with what there is, and says so;
    where there is none at all, it ends.
    """
    promotion.state = move(promotion.state, PromotionState.RUNNING)
    for item in sorted(promotion.items, key=lambda item: item.sku_id):
        if item.stock is not None:
            item.given = await _set_aside(tx, promotion.id, item.sku_id, item.stock)
    promotion.version += 1
    await tx.db.flush()
    if promotion.items and not await publish(tx, promotion):
        await finish(tx, promotion, NO_STOCK)
        return
    await tell(tx, promotion)


async def finish(tx: Tx, promotion: PromotionRow, reason: str) -> None:
    """End a locked promotion: close its prices and give unsold stock back."""
    promotion.state = move(promotion.state, PromotionState.ENDED)
    promotion.ended_at = tx.now
    promotion.end_reason = reason
    promotion.version += 1
    await tx.db.flush()
    if promotion.kind not in BASKET:
        await offers.close(tx, promotion.id)
        await inventory.close_pool(tx, promotion.id)
    await tell(tx, promotion)


async def publish(tx: Tx, promotion: PromotionRow) -> bool:
    """Publish the prices of a running promotion; say whether there are any."""
    if promotion.kind in BASKET:
        return True
    cards = await catalog.skus(tx, [item.sku_id for item in promotion.items])
    rule = rule_of(promotion)
    listed = [
        Offer(
            sku_id=item.sku_id,
            venue_id=promotion.venue_id,
            price=item.price,
            pool_id=NIL if item.stock is None else promotion.id,
            kind=OfferKind(promotion.kind),
            starts_at=promotion.starts_at,
            ends_at=promotion.ends_at,
            per_person=item.per_person,
            level=rule.level if isinstance(rule, MemberPrice) else 0,
            terms=_terms(rule, item),
        )
        for item in promotion.items
        if (card := cards.get(item.sku_id)) is not None
        # A list price may have fallen below it meanwhile: nobody is to pay more for being early.
        and item.price <= card.price
        and (item.stock is None or item.given)
    ]
    await offers.publish(tx, promotion.id, listed)
    return bool(listed)


async def tell(tx: Tx, promotion: PromotionRow) -> None:
    """Say that a promotion was written, moved or changed."""
    await tx.emit(
        PromotionChanged(
            promotion_id=promotion.id,
            kind=promotion.kind,
            state=promotion.state,
            venue_id=promotion.venue_id,
        )
    )


async def _set_aside(tx: Tx, promotion_id: UUID, sku_id: UUID, wanted: int) -> int:
    try:
        async with tx.db.begin_nested():
            await inventory.allocate(tx, sku_id, promotion_id, wanted)
    except OutOfStock as short:
        left = int(str(short.facts["left"]))
        if left > 0:
            await inventory.allocate(tx, sku_id, promotion_id, left)
        return left
    return wanted


def _terms(rule: Rule, item: PromotionItemRow) -> Terms | None:
    match rule:
        case GroupBuy():
            return GroupTerms(size=rule.size, hours=rule.hours)
        case Presale():
            deposit = item.deposit or 0
            return PresaleTerms(
                deposit=deposit,
                worth=deposit if item.worth is None else item.worth,
                balance_from=rule.balance_from,
                balance_until=rule.balance_until,
                ships_by=rule.ships_by,
            )
        case Bargaining():
            return BargainTerms(floor=item.floor or 0, helpers=rule.helpers, hours=rule.hours)
        case _:
            return None


def _is_due(tx: Tx) -> ColumnElement[bool]:
    return or_(
        and_(PromotionRow.state == PromotionState.SCHEDULED, PromotionRow.starts_at <= tx.now),
        and_(PromotionRow.state == PromotionState.RUNNING, PromotionRow.ends_at <= tx.now),
    )
