"""Hand coupons out: who may claim which, once each, and never more than there are."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from xinbo.commerce import books, members
from xinbo.commerce.books import Leg
from xinbo.commerce.promotions._models import (
    CouponCountRow,
    CouponRow,
    PaidShopperRow,
    PromotionRow,
)
from xinbo.commerce.promotions._rules.life import PromotionKind
from xinbo.commerce.promotions._service import clock
from xinbo.commerce.promotions._service.views import live, rule_of
from xinbo.commerce.promotions._service.wallet import coupon_view
from xinbo.commerce.promotions._types import (
    Audience,
    ClaimState,
    Coupon,
    CouponClaimed,
    CouponOffer,
    CouponRule,
    Drop,
)
from xinbo.engines.tx import Role, Tx
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import NIL, new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page


class CouponNotOnOffer(NotFound):
    """Raised when there is no such coupon, it cannot be claimed now, or not here."""


class CouponsGone(Conflict):
    """Raised when all coupons of a kind have been claimed."""


class ClaimLimit(Conflict):
    """Raised when a shopper has claimed as many of a coupon as one may (`most`)."""


class NotForYou(Conflict):
    """Raised when a coupon is for others: an `audience`, or members from a `level`."""


async def claim(
    tx: Tx, shopper_id: UUID, template_id: UUID, venue_id: UUID | None, key: str
) -> Coupon:
    """Claim a coupon; the same key again returns the same one.

    `venue_id` is the show it is claimed in: one for a room can be had there only. Raises
    `CouponNotOnOffer`, `NotForYou`, `ClaimLimit` or `CouponsGone`.
    """
    template = await _template(tx, template_id, venue_id)
    rule = _coupon_rule(template)
    if (before := await earlier(tx, shopper_id, template_id, key)) is not None:
        return coupon_view(tx, before, template)
    if not (await _fits(tx, shopper_id, [(template.id, rule)]))[template.id]:
        raise NotForYou(audience=rule.audience, level=rule.level)
    # Lock, then look: whoever claims this coupon comes before us or after.
    count = await tx.db.scalar(
        select(CouponCountRow)
        .where(
            CouponCountRow.promotion_id == template_id,
            CouponCountRow.merchant_id == tx.merchant_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if (before := await earlier(tx, shopper_id, template_id, key)) is not None:
        return coupon_view(tx, before, template)
    mine = (await _mine(tx, shopper_id, [template_id])).get(template_id, 0)
    if mine >= rule.per_person:
        raise ClaimLimit(most=rule.per_person)
    if count is None or count.claimed >= count.total:
        raise CouponsGone(promotion_id=template_id)
    count.claimed += 1
    coupon = new_coupon(tx, shopper_id, template, mine + 1, key)
    tx.db.add(coupon)
    await tx.db.flush()
    await tell(tx, coupon, template)
    if count.claimed == count.total:
        await clock.tell(tx, template)  # rooms stop showing it
    return coupon_view(tx, coupon, template)


async def claimable(
    tx: Tx, venue_id: UUID | None, cursor: str | None, limit: int
) -> Page[CouponOffer]:
    """List the coupons that can be claimed here, and whether the reader can."""
    query = (
        select(PromotionRow)
        .where(*on_offer(tx, venue_id))
        .order_by(PromotionRow.id.desc())
        .limit(limit + 1)
    )
    if (last := after(cursor)) is not None:
        query = query.where(PromotionRow.id < last)
    rows = (await tx.db.scalars(query)).all()
    shown = {each.id: each for each in await _offers(tx, rows[:limit])}
    return page(rows, limit, lambda each: shown[each.id], lambda each: each.id)


async def drops(tx: Tx, venue_id: UUID) -> list[Drop]:
    """List the coupons that can be claimed in this room only, now; at most 20."""
    rows = (
        await tx.db.scalars(
            select(PromotionRow)
            .where(*on_offer(tx, venue_id), PromotionRow.venue_id == venue_id)
            .order_by(PromotionRow.id.desc())
            .limit(20)
        )
    ).all()
    left = await _left(tx, [each.id for each in rows])
    return [
        Drop(
            id=each.id,
            name=each.name,
            off=rule.off,
            rate=rule.rate,
            threshold=rule.threshold,
            ends_at=each.ends_at,
            left=left[each.id],
        )
        for each in rows
        if (rule := _coupon_rule(each)) and left.get(each.id)
    ]


async def _offers(tx: Tx, rows: Sequence[PromotionRow]) -> list[CouponOffer]:
    ids = [each.id for each in rows]
    reader = tx.actor.user_id if tx.actor.role is Role.SHOPPER else None
    left = await _left(tx, ids)
    mine = {} if reader is None else await _mine(tx, reader, ids)
    rules = {each.id: _coupon_rule(each) for each in rows}
    fits = {} if reader is None else await _fits(tx, reader, list(rules.items()))

    def state(promotion_id: UUID, rule: CouponRule) -> ClaimState:
        if mine.get(promotion_id, 0) >= rule.per_person:
            return ClaimState.CLAIMED
        if not left.get(promotion_id):
            return ClaimState.GONE
        if reader is None:
            return ClaimState.SIGN_IN
        return ClaimState.CLAIMABLE if fits[promotion_id] else ClaimState.NOT_FOR_YOU

    return [
        CouponOffer(
            id=each.id,
            name=each.name,
            venue_id=each.venue_id,
            goods=rule.goods,
            threshold=rule.threshold,
            off=rule.off,
            rate=rule.rate,
            most=rule.most,
            audience=rule.audience,
            level=rule.level,
            per_person=rule.per_person,
            mine=mine.get(each.id, 0),
            left=left.get(each.id, 0),
            state=state(each.id, rule),
            ends_at=each.ends_at,
            use_from=rule.use_from,
            use_until=rule.use_until,
            use_days=rule.use_days,
            at=tx.now,
        )
        for each in rows
        if (rule := rules[each.id])
    ]


async def _template(tx: Tx, template_id: UUID, venue_id: UUID | None) -> PromotionRow:
    found = await tx.db.scalar(
        select(PromotionRow)
        .where(*on_offer(tx, venue_id), PromotionRow.id == template_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise CouponNotOnOffer(template_id=template_id)
    return found


def on_offer(tx: Tx, venue_id: UUID | None) -> list[ColumnElement[bool]]:
    """Tell the coupons that can be claimed here now."""
    return [
        PromotionRow.merchant_id == tx.merchant_id,
        PromotionRow.kind == PromotionKind.COUPON,
        PromotionRow.venue_id.in_({NIL, venue_id or NIL}),
        live(tx.now),
    ]


def _coupon_rule(template: PromotionRow) -> CouponRule:
    rule = rule_of(template)
    if not isinstance(rule, CouponRule):
        raise CouponNotOnOffer(template_id=template.id)
    return rule


async def _fits(
    tx: Tx, shopper_id: UUID, rules: Sequence[tuple[UUID, CouponRule]]
) -> dict[UUID, bool]:
    """Say of which of these coupons the shopper is of the audience; queries as few as needed."""
    asked = {rule.audience for _, rule in rules}
    level, new = 0, False
    if Audience.MEMBERS in asked:
        level = (await members.levels(tx, [shopper_id]))[shopper_id]
    if Audience.NEW in asked:
        new = await tx.db.get(PaidShopperRow, (tx.merchant_id, shopper_id)) is None
    return {
        each: rule.audience is Audience.ALL
        or (rule.audience is Audience.NEW and new)
        or (rule.audience is Audience.MEMBERS and level >= max(1, rule.level))
        for each, rule in rules
    }


async def _mine(tx: Tx, shopper_id: UUID, templates: Sequence[UUID]) -> dict[UUID, int]:
    rows = await tx.db.execute(
        select(CouponRow.promotion_id, func.count())
        .where(
            CouponRow.merchant_id == tx.merchant_id,
            CouponRow.shopper_id == shopper_id,
            CouponRow.promotion_id.in_(templates),
        )
        .group_by(CouponRow.promotion_id)
    )
    return {template_id: int(count) for template_id, count in rows}


async def _left(tx: Tx, templates: Sequence[UUID]) -> dict[UUID, int]:
    rows = await tx.db.execute(
        select(CouponCountRow.promotion_id, CouponCountRow.total - CouponCountRow.claimed).where(
            CouponCountRow.merchant_id == tx.merchant_id,
            CouponCountRow.promotion_id.in_(templates),
        )
    )
    return {template_id: int(left) for template_id, left in rows}


async def earlier(tx: Tx, shopper_id: UUID, template_id: UUID, key: str) -> CouponRow | None:
    """Find what a request with this key claimed before."""
    return await tx.db.scalar(
        select(CouponRow).where(
            CouponRow.merchant_id == tx.merchant_id,
            CouponRow.promotion_id == template_id,
            CouponRow.shopper_id == shopper_id,
            CouponRow.key == key,
        )
    )


def new_coupon(tx: Tx, shopper_id: UUID, template: PromotionRow, nth: int, key: str) -> CouponRow:
    """Make a shopper's coupon, with the window in which it can be used."""
    rule = _coupon_rule(template)
    if rule.use_until is not None:
        use_from, use_until = max(tx.now, rule.use_from or tx.now), rule.use_until
    else:
        use_from, use_until = tx.now, tx.now + timedelta(days=rule.use_days or 1)
    return CouponRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        promotion_id=template.id,
        shopper_id=shopper_id,
        nth=nth,
        key=key,
        claimed_at=tx.now,
        use_from=use_from,
        use_until=use_until,
    )


async def tell(tx: Tx, coupon: CouponRow, template: PromotionRow) -> None:
    """Write a coupon that somebody got into the books and the log."""
    await books.post(
        tx,
        f"coupon:{coupon.id}:claimed",
        "coupon_claimed",
        coupon.id,
        [
            Leg(account="coupons", owner_id=coupon.shopper_id, unit="coupons", amount=1),
            Leg(account="coupons_issued", unit="coupons", amount=-1),
        ],
    )
    await tx.emit(
        CouponClaimed(
            coupon_id=coupon.id,
            promotion_id=template.id,
            shopper_id=coupon.shopper_id,
            venue_id=template.venue_id,
        )
    )
