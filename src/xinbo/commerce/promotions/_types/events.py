"""Facts of the promotions room."""

from uuid import UUID

from xinbo.commerce.promotions._rules.life import PromotionKind, PromotionState
from xinbo.kit.wire import Event


class PromotionChanged(Event, frozen=True):
    """A promotion was written, moved or changed."""

    name = "promotions.changed"
    about = "promotion_id"
    promotion_id: UUID
    kind: PromotionKind
    state: PromotionState
    venue_id: UUID


class CouponClaimed(Event, frozen=True):
    """A shopper claimed a coupon."""

    name = "coupons.claimed"
    about = "coupon_id"
    coupon_id: UUID
    promotion_id: UUID
    shopper_id: UUID
    venue_id: UUID


class CouponRedeemed(Event, frozen=True):
    """A coupon was used on an order."""

    name = "coupons.redeemed"
    about = "order_id"
    coupon_id: UUID
    promotion_id: UUID
    shopper_id: UUID
    order_id: UUID


class CouponRestored(Event, frozen=True):
    """A coupon came back from an order."""

    name = "coupons.restored"
    about = "order_id"
    coupon_id: UUID
    promotion_id: UUID
    shopper_id: UUID
    order_id: UUID
