"""A promotion's life: draft, scheduled, running, ended."""

from datetime import datetime
from enum import StrEnum

from xinbo.kit.errors import Conflict


class PromotionKind(StrEnum):
    """What a promotion does. The words are the field's: 满减, 赠品, 套装, 优惠券, 包邮, 秒杀, …."""

    FULL_REDUCTION = "full_reduction"
    GIFT = "gift"
    BUNDLE = "bundle"
    COUPON = "coupon"
    FREE_FREIGHT = "free_freight"
    FLASH_SALE = "flash_sale"
    TIMED_DISCOUNT = "timed_discount"
    MEMBER_PRICE = "member_price"
    GROUP_BUY = "group_buy"
    PRESALE = "presale"
    BARGAIN = "bargain"


BASKET = frozenset(
    {
        PromotionKind.FULL_REDUCTION,
        PromotionKind.GIFT,
        PromotionKind.BUNDLE,
        PromotionKind.COUPON,
        PromotionKind.FREE_FREIGHT,
    }
)
"""Kinds that look at a whole basket; the others put single SKUs up at a price."""


class PromotionState(StrEnum):
    """Where a promotion stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    ENDED = "ended"


NEXT: dict[PromotionState, frozenset[PromotionState]] = {
    PromotionState.DRAFT: frozenset({PromotionState.SCHEDULED}),
    PromotionState.SCHEDULED: frozenset(
        {PromotionState.DRAFT, PromotionState.RUNNING, PromotionState.ENDED}
    ),
    PromotionState.RUNNING: frozenset({PromotionState.ENDED}),
    PromotionState.ENDED: frozenset(),
}


class IllegalPromotionMove(Conflict):
    """Raised when a promotion cannot go from where it stands to where it was sent."""


def move(now: PromotionState, to: PromotionState) -> PromotionState:
    """Return the new state, or refuse."""
    if to not in NEXT[now]:
        raise IllegalPromotionMove(state=now, wanted=to)
    return to


def overlap(one: tuple[datetime, datetime | None], other: tuple[datetime, datetime | None]) -> bool:
    """Say whether two windows have a moment in common. The end is outside; None: no end."""
    return (other[1] is None or one[0] < other[1]) and (one[1] is None or other[0] < one[1])
