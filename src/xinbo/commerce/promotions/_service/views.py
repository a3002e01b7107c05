"""Fetch promotions, and show them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from xinbo.commerce import catalog, inventory
from xinbo.commerce.promotions._models import PromotionRow
from xinbo.commerce.promotions._rules.life import PromotionKind, PromotionState
from xinbo.commerce.promotions._service.checking import presents
from xinbo.commerce.promotions._types import NamedSku, Promotion, PromotionItem, Rule, Running
from xinbo.engines.tx import Actor, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import NotFound
from xinbo.kit.ids import NIL
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page

ALIVE = frozenset({PromotionState.SCHEDULED, PromotionState.RUNNING})


class PromotionNotFound(NotFound):
    """Raised when there is no such promotion, or the actor may not see it: the two look alike."""


async def get(tx: Tx, promotion_id: UUID) -> Promotion:
    """Show a promotion to the staff. Raises `PromotionNotFound`."""
    require(tx, Can.SEE_CONSOLE)
    (shown,) = await shown_all(tx, [await row(tx, promotion_id)])
    return shown


async def page_of(  # noqa: PLR0913 # each narrows the list
    tx: Tx,
    cursor: str | None,
    limit: int,
    *,
    state: PromotionState | None = None,
    kind: PromotionKind | None = None,
    venue_id: UUID | None = None,
) -> Page[Promotion]:
    """List the merchant's promotions for the staff, the newest first."""
    require(tx, Can.SEE_CONSOLE)
    query = select(PromotionRow).where(_visible(tx.actor)).options(_items())
    if state is not None:
        query = query.where(PromotionRow.state == state)
    if kind is not None:
        query = query.where(PromotionRow.kind == kind)
    if venue_id is not None:
        query = query.where(PromotionRow.venue_id == venue_id)
    if (last := after(cursor)) is not None:
        query = query.where(PromotionRow.id < last)
    query = query.order_by(PromotionRow.id.desc()).limit(limit + 1)
    rows = (await tx.db.scalars(query.execution_options(populate_existing=True))).all()
    shown = {each.id: each for each in await shown_all(tx, rows[:limit])}
    return page(rows, limit, lambda each: shown[each.id], lambda each: each.id)


async def running(  # noqa: PLR0913 # each narrows the list
    tx: Tx,
    cursor: str | None,
    limit: int,
    *,
    kind: PromotionKind | None = None,
    venue_id: UUID | None = None,
    soon: datetime | None = None,
) -> Page[Running]:
    """List what shoppers can have now, the newest first; with `soon`, what begins by then too.

    Coupons are not among them: see `claimable`.
    """
    begun = PromotionRow.starts_at <= (soon or tx.now)
    query = (
        select(PromotionRow)
        .where(
            PromotionRow.merchant_id == tx.merchant_id,
            PromotionRow.state.in_(ALIVE),
            begun,
            _not_over(tx.now),
            PromotionRow.venue_id.in_({NIL, venue_id or NIL}),
            PromotionRow.kind != PromotionKind.COUPON,
        )
        .options(_items())
    )
    if kind is not None:
        query = query.where(PromotionRow.kind == kind)
    if (last := after(cursor)) is not None:
        query = query.where(PromotionRow.id < last)
    query = query.order_by(PromotionRow.id.desc()).limit(limit + 1)
    rows = (await tx.db.scalars(query.execution_options(populate_existing=True))).all()
    shown = {each.id: each for each in await shown_all(tx, rows[:limit])}
    return page(rows, limit, lambda each: _public(tx, shown[each.id]), lambda each: each.id)


async def row(tx: Tx, promotion_id: UUID, *, for_update: bool = False) -> PromotionRow:
    """Fetch a promotion with its items if the actor may see it; lock it where it is to change."""
    query = (
        select(PromotionRow)
        .where(PromotionRow.id == promotion_id, _visible(tx.actor))
        .options(_items())
    )
    if for_update:
        query = query.with_for_update(of=PromotionRow)
    found = await tx.db.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise PromotionNotFound(promotion_id=promotion_id)
    return found


def rule_of(row: PromotionRow) -> Rule:
    """Read the rule of a promotion."""
    return msgspec.convert(row.rule, Rule)


def live(now: datetime) -> ColumnElement[bool]:
    """Tell promotions that hold at this moment: by the clock, not by when a sweep came along."""
    return and_(PromotionRow.state.in_(ALIVE), PromotionRow.starts_at <= now, _not_over(now))


async def shown_all(tx: Tx, rows: Sequence[PromotionRow]) -> list[Promotion]:
    """Show these promotions, with what the catalogue and the stock say of their SKUs."""
    rules = {each.id: rule_of(each) for each in rows}
    named = {each.id: [part.sku_id for _, part in presents(rules[each.id])] for each in rows}
    skus = {item.sku_id for each in rows for item in each.items}
    cards = await catalog.skus(tx, skus.union(*named.values()))
    pools = [
        (item.sku_id, each.id)
        for each in rows
        if each.state is PromotionState.RUNNING
        for item in each.items
        if item.stock is not None
    ]
    left = await inventory.left(tx, pools) if pools else {}
    return [
        Promotion(
            id=each.id,
            kind=each.kind,
            name=each.name,
            state=each.state,
            venue_id=each.venue_id,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            rule=rules[each.id],
            items=[
                PromotionItem(
                    sku_id=item.sku_id,
                    product_id=card.product_id,
                    title=card.title,
                    options=card.options,
                    picture_url=card.picture_url,
                    list_price=card.price,
                    price=item.price,
                    stock=item.stock,
                    per_person=item.per_person,
                    deposit=item.deposit,
                    worth=item.worth,
                    floor=item.floor,
                    given=item.given,
                    left=left.get((item.sku_id, each.id)),
                )
                for item in each.items
                if (card := cards.get(item.sku_id)) is not None
            ],
            named=[
                NamedSku(
                    sku_id=sku_id,
                    product_id=card.product_id,
                    title=card.title,
                    options=card.options,
                    picture_url=card.picture_url,
                    list_price=card.price,
                )
                for sku_id in dict.fromkeys(named[each.id])
                if (card := cards.get(sku_id)) is not None
            ],
            version=each.version,
            created_at=each.created_at,
            ended_at=each.ended_at,
            end_reason=each.end_reason,
        )
        for each in rows
    ]


def _public(tx: Tx, shown: Promotion) -> Running:
    return Running(
        id=shown.id,
        kind=shown.kind,
        name=shown.name,
        venue_id=shown.venue_id,
        starts_at=shown.starts_at,
        ends_at=shown.ends_at,
        at=tx.now,
        rule=shown.rule,
        items=shown.items,
        named=shown.named,
    )


def _items() -> _AbstractLoad:
    return selectinload(PromotionRow.items)


def _not_over(now: datetime) -> ColumnElement[bool]:
    return or_(PromotionRow.ends_at.is_(None), PromotionRow.ends_at > now)


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show the merchant's to the system and staff who see the console."""
    of_the_merchant = PromotionRow.merchant_id == actor.merchant_id
    return of_the_merchant if Can.SEE_CONSOLE in allowed(actor.role) else false()
