"""What is asked of promotions, and what they show of themselves."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from xinbo.commerce.promotions._rules.life import PromotionKind, PromotionState
from xinbo.commerce.promotions._types.terms import (
    Audience,
    Days,
    Few,
    Goods,
    Name,
    Pieces,
    Rule,
)
from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, View


class PutItem(Command, frozen=True):
    """Put an SKU up: the terms of kinds that are about single SKUs."""

    sku_id: UUID
    price: Fen
    """What it costs; where a bargain begins; what a pre-sale costs in all."""
    stock: Pieces | None = None
    """Pieces set aside; null: it sells from the general stock."""
    per_person: Few | None = None
    deposit: Fen | None = None
    worth: Fen | None = None
    """What a pre-sale's deposit counts for."""
    floor: Fen | None = None
    """Where a bargain ends."""


class PutPromotion(Command, frozen=True):
    """Write a draft. `version` is null for a new one."""

    name: Name
    venue_id: UUID
    """A show's id: only there. Nil: the whole shop."""
    starts_at: datetime
    ends_at: datetime | None
    """Null: until somebody ends it; coupons, flash sales and the like must have one."""
    rule: Rule
    items: Annotated[list[PutItem], Meta(max_length=200)]
    version: int | None


class Extend(Command, frozen=True):
    """Let a promotion run longer."""

    ends_at: datetime
    version: int


class AddStock(Command, frozen=True):
    """Set more pieces of an SKU aside."""

    more: Pieces
    version: int


class PromotionItem(View, frozen=True):
    """An SKU that a promotion puts up."""

    sku_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_url: str | None
    list_price: int
    price: int
    stock: int | None
    per_person: int | None
    deposit: int | None
    worth: int | None
    floor: int | None
    given: int | None
    """Pieces that were really set aside when it began; fewer than `stock` where stock was short."""
    left: int | None
    """Pieces of those not promised yet; null outside its run."""


class NamedSku(View, frozen=True):
    """An SKU that a rule gives, or puts in a bundle."""

    sku_id: UUID
    product_id: UUID
    title: str
    options: list[str]
    picture_url: str | None
    list_price: int


class Promotion(View, frozen=True):
    """A promotion as the staff see it."""

    id: UUID
    kind: PromotionKind
    name: str
    state: PromotionState
    venue_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    rule: Rule
    items: list[PromotionItem]
    named: list[NamedSku]
    version: int
    created_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    """`time`, `staff` or `no_stock`."""


class Running(View, frozen=True):
    """A promotion as shoppers see it."""

    id: UUID
    kind: PromotionKind
    name: str
    venue_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    at: datetime
    """Server time, for countdowns."""
    rule: Rule
    items: list[PromotionItem]
    named: list[NamedSku]


class CouponStats(View, frozen=True):
    """What became of a coupon."""

    total: int
    claimed: int
    used: int
    expired: int
    paid_orders: int
    gmv: int
    """What was paid for orders that it was used on, in minor units."""


class ClaimState(StrEnum):
    """What a shopper can do with a coupon on offer."""

    CLAIMABLE = "claimable"
    CLAIMED = "claimed"
    """Has as many as one may."""
    GONE = "gone"
    NOT_FOR_YOU = "not_for_you"
    """For new shoppers or members only."""
    SIGN_IN = "sign_in"


class CouponOffer(View, frozen=True):
    """A coupon that can be claimed."""

    id: UUID
    """The template's: its promotion."""
    name: str
    venue_id: UUID
    goods: Goods
    threshold: int
    off: int | None
    rate: int | None
    most: int | None
    audience: Audience
    level: int
    per_person: int
    mine: int
    """How many of it the reader has claimed."""
    left: int
    state: ClaimState
    ends_at: datetime | None
    use_from: datetime | None
    use_until: datetime | None
    use_days: int | None
    at: datetime


class CouponState(StrEnum):
    """Where a claimed coupon stands."""

    UNUSED = "unused"
    USED = "used"
    EXPIRED = "expired"


class Coupon(View, frozen=True):
    """A coupon that a shopper claimed."""

    id: UUID
    template_id: UUID
    name: str
    state: CouponState
    goods: Goods
    threshold: int
    off: int | None
    rate: int | None
    most: int | None
    claimed_at: datetime
    use_from: datetime
    use_until: datetime
    order_id: UUID | None


class Drop(View, frozen=True):
    """A coupon that can be claimed in a room only, while it lasts."""

    id: UUID
    name: str
    off: int | None
    rate: int | None
    threshold: int
    ends_at: datetime | None
    left: int


class DropCoupon(Command, frozen=True):
    """Drop a coupon in a room: one that was prepared for it, or a new one."""

    minutes: Annotated[int, Meta(ge=1, le=240)]
    template_id: UUID | None = None
    """A draft for this show."""
    name: Name = "直播间券"
    off: Fen = 0
    threshold: Fen = 0
    total: Annotated[int, Meta(ge=1, le=1_000_000)] = 100
    per_person: Annotated[int, Meta(ge=1, le=20)] = 1
    use_days: Days = 7


class Problem(msgspec.Struct, frozen=True, rename="camel"):
    """What is wrong with a promotion, and where."""

    at: str
    """The field: `startsAt`, `items.2.price`, `rule.steps.0.off`."""
    why: str
    """A stable name: `above_list_price`, `stock_short`, …."""
    facts: dict[str, object] = {}
