"""The coupons that shoppers have: show them, use them on orders, give them back, let them end."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import books, pricing
from xinbo.commerce.books import Leg
from xinbo.commerce.promotions._models import (
    CouponCountRow,
    CouponRow,
    PaidShopperRow,
    PromotionRow,
)
from xinbo.commerce.promotions._rules.life import PromotionKind
from xinbo.commerce.promotions._service.ruling import rule_for
from xinbo.commerce.promotions._service.views import PromotionNotFound, row, rule_of
from xinbo.commerce.promotions._types import (
    Coupon,
    CouponRedeemed,
    CouponRestored,
    CouponRule,
    CouponState,
    CouponStats,
)
from xinbo.engines.batch import emit_many
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, XinboError
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page

MOST_SHOWN = 200
"""Coupons that a checkout looks at: the ones that end first."""

LOCK = text("""
    select id, shopper_id, promotion_id, order_id, use_from, use_until from coupon
    where merchant_id = :merchant and id = any(cast(:ids as uuid[])) order by id for update
""")
USE = text("""
    update coupon c set order_id = w.order_id, used_at = :now
    from unnest(cast(:ids as uuid[]), cast(:orders as uuid[])) w(id, order_id)
    where c.merchant_id = :merchant and c.id = w.id
""")

type Redemption = tuple[UUID, UUID, UUID]
"""Coupon, shopper, order."""


class CouponNotUsable(Conflict):
    """Raised when a coupon is not the shopper's, is used, or cannot be used now (`why`)."""


async def page_of(
    tx: Tx, shopper_id: UUID, state: CouponState, cursor: str | None, limit: int
) -> Page[Coupon]:
    """List a shopper's coupons of one state, the newest first."""
    query = (
        select(CouponRow, PromotionRow)
        .join(PromotionRow, PromotionRow.id == CouponRow.promotion_id)
        .where(
            CouponRow.merchant_id == tx.merchant_id,
            CouponRow.shopper_id == shopper_id,
            _is(state, tx),
        )
        .order_by(CouponRow.id.desc())
        .limit(limit + 1)
    )
    if (last := after(cursor)) is not None:
        query = query.where(CouponRow.id < last)
    rows = (await tx.db.execute(query.execution_options(populate_existing=True))).all()
    return page(
        rows, limit, lambda pair: coupon_view(tx, pair[0], pair[1]), lambda pair: pair[0].id
    )


async def wallet(tx: Tx, shopper_id: UUID) -> list[Coupon]:
    """List the coupons that a shopper can use, now or later: those that end first, first."""
    rows = await tx.db.execute(
        select(CouponRow, PromotionRow)
        .join(PromotionRow, PromotionRow.id == CouponRow.promotion_id)
        .where(
            CouponRow.merchant_id == tx.merchant_id,
            CouponRow.shopper_id == shopper_id,
            _is(CouponState.UNUSED, tx),
        )
        .order_by(CouponRow.use_until, CouponRow.id)
        .limit(MOST_SHOWN)
        .execution_options(populate_existing=True)
    )
    return [coupon_view(tx, coupon, template) for coupon, template in rows]


async def coupon_rules(
    tx: Tx, pairs: Iterable[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], pricing.Rule]:
    """Return what each (shopper, coupon) does to a basket; one that cannot be used is missing."""
    asked = set(pairs)
    if not asked:
        return {}
    rows = await tx.db.execute(
        select(CouponRow, PromotionRow)
        .join(PromotionRow, PromotionRow.id == CouponRow.promotion_id)
        .where(
            CouponRow.merchant_id == tx.merchant_id,
            CouponRow.id.in_({coupon_id for _, coupon_id in asked}),
            _is(CouponState.UNUSED, tx),
            CouponRow.use_from <= tx.now,
        )
        .execution_options(populate_existing=True)
    )
    return {
        (coupon.shopper_id, coupon.id): rule_for(template)
        for coupon, template in rows
        if (coupon.shopper_id, coupon.id) in asked
    }


async def redeem_all(tx: Tx, redemptions: Sequence[Redemption]) -> list[XinboError | None]:
    """Use coupons on orders: each once, in the order given; None where it was served.

    The same coupon on the same order again changes nothing.
    """
    if not redemptions:
        return []
    ids = sorted({coupon_id for coupon_id, _, _ in redemptions})
    names: dict[str, object] = {"merchant": tx.merchant_id, "ids": ids}
    known = {row.id: row for row in (await tx.db.execute(LOCK, names)).all()}
    used = {each: row.order_id for each, row in known.items()}
    answers: list[XinboError | None] = []
    served: list[Redemption] = []
    for coupon_id, shopper_id, order_id in redemptions:
        why = _refusal(tx, known, used, (coupon_id, shopper_id, order_id))
        answers.append(None if why is None else CouponNotUsable(coupon_id=coupon_id, why=why))
        if why is None and used[coupon_id] is None:
            used[coupon_id] = order_id
            served.append((coupon_id, shopper_id, order_id))
    if served:
        await _use(tx, known, served)
    return answers


async def restore(tx: Tx, order_id: UUID) -> list[UUID]:
    """Give back the coupons that were used on an order; return them. Harmless to repeat."""
    rows = (
        await tx.db.execute(
            update(CouponRow)
            .where(CouponRow.merchant_id == tx.merchant_id, CouponRow.order_id == order_id)
            .values(order_id=None, used_at=None, paid=None)
            .returning(CouponRow.id, CouponRow.shopper_id, CouponRow.promotion_id)
            .execution_options(synchronize_session=False)
        )
    ).all()
    for each in rows:
        await books.post(
            tx,
            f"coupon:{each.id}:restored:{order_id}",
            "coupon_restored",
            order_id,
            _legs(each.shopper_id, 1, "coupons_used"),
        )
        await tx.emit(
            CouponRestored(
                coupon_id=each.id,
                promotion_id=each.promotion_id,
                shopper_id=each.shopper_id,
                order_id=order_id,
            )
        )
    return [each.id for each in rows]


async def note_paid(tx: Tx, shopper_id: UUID, order_id: UUID | None = None, total: int = 0) -> None:
    """Remember that a shopper has paid, and what was paid with a coupon. Harmless to repeat."""
    await tx.db.execute(
        insert(PaidShopperRow)
        .values(merchant_id=tx.merchant_id, shopper_id=shopper_id, at=tx.now)
        .on_conflict_do_nothing()
    )
    if order_id is not None:
        await tx.db.execute(
            update(CouponRow)
            .where(CouponRow.merchant_id == tx.merchant_id, CouponRow.order_id == order_id)
            .values(paid=total)
            .execution_options(synchronize_session=False)
        )


async def overdue(tx: Tx, limit: int) -> list[tuple[UUID, UUID]]:
    """List (merchant, coupon) of every merchant whose time is up, the oldest first."""
    rows = await tx.db.execute(
        select(CouponRow.merchant_id, CouponRow.id)
        .where(
            CouponRow.order_id.is_(None),
            CouponRow.expired_at.is_(None),
            CouponRow.use_until <= tx.now,
        )
        .order_by(CouponRow.use_until)
        .limit(limit)
    )
    return [(merchant_id, coupon_id) for merchant_id, coupon_id in rows]


async def expire(tx: Tx, coupon_ids: Sequence[UUID]) -> int:
    """Write coupons off whose time is up; return how many. Others' locks are left alone."""
    mine = (
        select(CouponRow.id)
        .where(
            CouponRow.merchant_id == tx.merchant_id,
            CouponRow.id.in_(coupon_ids),
            CouponRow.order_id.is_(None),
            CouponRow.expired_at.is_(None),
            CouponRow.use_until <= tx.now,
        )
        .with_for_update(skip_locked=True)
    )
    rows = (
        await tx.db.execute(
            update(CouponRow)
            .where(CouponRow.merchant_id == tx.merchant_id, CouponRow.id.in_(mine))
            .values(expired_at=tx.now)
            .returning(CouponRow.id, CouponRow.shopper_id)
            .execution_options(synchronize_session=False)
        )
    ).all()
    for each in rows:
        legs = _legs(each.shopper_id, -1, "coupons_issued")
        await books.post(tx, f"coupon:{each.id}:expired", "coupon_expired", each.id, legs)
    return len(rows)


async def stats(tx: Tx, template_id: UUID) -> CouponStats:
    """Say what became of a coupon. Raises `PromotionNotFound`."""
    require(tx, Can.SEE_CONSOLE)
    if (await row(tx, template_id)).kind is not PromotionKind.COUPON:
        raise PromotionNotFound(promotion_id=template_id)
    count = await tx.db.get(CouponCountRow, template_id, populate_existing=True)
    found = (
        await tx.db.execute(
            select(
                func.count(CouponRow.order_id),
                func.count().filter(_is(CouponState.EXPIRED, tx)),
                func.count(CouponRow.paid),
                func.coalesce(func.sum(CouponRow.paid), 0),
            ).where(CouponRow.merchant_id == tx.merchant_id, CouponRow.promotion_id == template_id)
        )
    ).one()
    return CouponStats(
        total=count.total if count else 0,
        claimed=count.claimed if count else 0,
        used=int(found[0]),
        expired=int(found[1]),
        paid_orders=int(found[2]),
        gmv=int(found[3] or 0),
    )


def coupon_view(tx: Tx, coupon: CouponRow, template: PromotionRow) -> Coupon:
    """Show a coupon to its owner."""
    rule = rule_of(template)
    if not isinstance(rule, CouponRule):
        raise PromotionNotFound(promotion_id=template.id)
    if coupon.order_id is not None:
        state = CouponState.USED
    else:
        state = CouponState.UNUSED if tx.now < coupon.use_until else CouponState.EXPIRED
    return Coupon(
        id=coupon.id,
        template_id=template.id,
        name=template.name,
        state=state,
        goods=rule.goods,
        threshold=rule.threshold,
        off=rule.off,
        rate=rule.rate,
        most=rule.most,
        claimed_at=coupon.claimed_at,
        use_from=coupon.use_from,
        use_until=coupon.use_until,
        order_id=coupon.order_id,
    )


def _is(state: CouponState, tx: Tx) -> ColumnElement[bool]:
    match state:
        case CouponState.USED:
            return CouponRow.order_id.is_not(None)
        case CouponState.UNUSED:
            return CouponRow.order_id.is_(None) & (CouponRow.use_until > tx.now)
        case CouponState.EXPIRED:
            return CouponRow.order_id.is_(None) & (CouponRow.use_until <= tx.now)


def _refusal(
    tx: Tx, known: Mapping[UUID, Row[Any]], used: Mapping[UUID, UUID | None], each: Redemption
) -> str | None:
    coupon_id, shopper_id, order_id = each
    coupon = known.get(coupon_id)
    if coupon is None or coupon.shopper_id != shopper_id:
        return "unknown"
    if used[coupon_id] is not None:
        return None if used[coupon_id] == order_id else "used"
    if coupon.use_until <= tx.now:
        return "expired"
    return "too_early" if coupon.use_from > tx.now else None


async def _use(tx: Tx, known: Mapping[UUID, Row[Any]], served: Sequence[Redemption]) -> None:
    await tx.db.execute(
        USE,
        {
            "merchant": tx.merchant_id,
            "now": tx.now,
            "ids": [coupon_id for coupon_id, _, _ in served],
            "orders": [order_id for _, _, order_id in served],
        },
    )
    for coupon_id, shopper_id, order_id in served:
        await books.post(
            tx,
            f"coupon:{coupon_id}:used:{order_id}",
            "coupon_used",
            order_id,
            _legs(shopper_id, -1, "coupons_used"),
        )
    await emit_many(
        tx,
        [
            (
                shopper_id,
                CouponRedeemed(
                    coupon_id=coupon_id,
                    promotion_id=known[coupon_id].promotion_id,
                    shopper_id=shopper_id,
                    order_id=order_id,
                ),
            )
            for coupon_id, shopper_id, order_id in served
        ],
    )


def _legs(shopper_id: UUID, coupons: int, other: str) -> list[Leg]:
    """Coupons that a shopper holds stand as a debit, like points."""
    return [
        Leg(account="coupons", owner_id=shopper_id, unit="coupons", amount=coupons),
        Leg(account=other, unit="coupons", amount=-coupons),
    ]
