"""Structs of the promotions room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from xinbo.commerce.promotions._rules.life import PromotionKind, PromotionState
from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, Event, View

type Name = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\S")]
type Ids = Annotated[list[UUID], Meta(max_length=200)]
type Rate = Annotated[int, Meta(ge=100, le=9_900)]
"""Kept of 10,000: 8500 is 15 % off (8.5 折)."""
type Pieces = Annotated[int, Meta(ge=1, le=1_000_000)]
type Few = Annotated[int, Meta(ge=1, le=99)]
type Days = Annotated[int, Meta(ge=1, le=365)]
type Hours = Annotated[int, Meta(ge=1, le=168)]


class Goods(Command, frozen=True):
    """What a promotion is about; all empty: everything."""

    categories: Ids
    products: Ids
    skus: Ids


class Threshold(Command, frozen=True):
    """From so much, or so many pieces, so much off or so much kept: one of each pair."""

    at_least_amount: Fen | None
    at_least_pieces: Few | None
    off: Fen | None
    rate: Rate | None

    def __post_init__(self) -> None:
        """Refuse steps that say nothing, or two things; msgspec turns it into a 400."""
        if (self.at_least_amount is None) == (self.at_least_pieces is None):
            raise ValueError("an amount or a number of pieces, one of both")
        if (self.off is None) == (self.rate is None):
            raise ValueError("money off or a rate, one of both")


class Present(Command, frozen=True):
    """So many pieces of an SKU, as a gift or as a part of a bundle."""

    sku_id: UUID
    quantity: Few


class GiftStep(Command, frozen=True):
    """From so much these gifts."""

    at_least_amount: Fen
    gifts: Annotated[list[Present], Meta(min_length=1, max_length=5)]


class Audience(StrEnum):
    """Who may claim a coupon."""

    ALL = "all"
    NEW = "new"
    """Who has not paid an order with the merchant yet."""
    MEMBERS = "members"


class FullReduction(Command, frozen=True, tag_field="kind", tag="full_reduction"):
    """满减, 满折, N 件 N 折."""

    goods: Goods
    steps: Annotated[list[Threshold], Meta(min_length=1, max_length=5)]
    repeat: bool
    """Again for every further threshold (每满); one step only."""
    most: Fen | None
    """Never more off than this."""


class Gifts(Command, frozen=True, tag_field="kind", tag="gift"):
    """满赠."""

    goods: Goods
    steps: Annotated[list[GiftStep], Meta(min_length=1, max_length=5)]


class Bundle(Command, frozen=True, tag_field="kind", tag="bundle"):
    """套装: these pieces together at one price."""

    parts: Annotated[list[Present], Meta(min_length=1, max_length=10)]
    price: Fen


class CouponRule(Command, frozen=True, tag_field="kind", tag="coupon"):
    """优惠券. The promotion's window is when it can be claimed."""

    goods: Goods
    threshold: Fen
    off: Fen | None
    rate: Rate | None
    most: Fen | None
    """Never more off than this, where it is a rate."""
    total: Annotated[int, Meta(ge=1, le=10_000_000)]
    per_person: Annotated[int, Meta(ge=1, le=20)]
    audience: Audience
    level: Annotated[int, Meta(ge=0, le=10)]
    """The lowest level, where it is for members."""
    use_from: datetime | None
    use_until: datetime | None
    use_days: Days | None
    """Usable so many days from the claim, where no fixed window is given."""

    def __post_init__(self) -> None:
        """Refuse coupons that say nothing, or two things; msgspec turns it into a 400."""
        if (self.off is None) == (self.rate is None):
            raise ValueError("money off or a rate, one of both")
        if (self.use_until is None) == (self.use_days is None):
            raise ValueError("a last moment or a number of days, one of both")


class FreeFreight(Command, frozen=True, tag_field="kind", tag="free_freight"):
    """包邮."""

    goods: Goods
    at_least_amount: Fen


class FlashSale(Command, frozen=True, tag_field="kind", tag="flash_sale"):
    """秒杀: few pieces at a price for a short time."""


class TimedDiscount(Command, frozen=True, tag_field="kind", tag="timed_discount"):
    """限时折扣."""


class MemberPrice(Command, frozen=True, tag_field="kind", tag="member_price"):
    """会员价."""

    level: Annotated[int, Meta(ge=1, le=10)]


class GroupBuy(Command, frozen=True, tag_field="kind", tag="group_buy"):
    """拼团."""

    size: Annotated[int, Meta(ge=2, le=100)]
    hours: Hours


class Presale(Command, frozen=True, tag_field="kind", tag="presale"):
    """预售: the promotion's window is when deposits are paid."""

    balance_from: datetime
    balance_until: datetime
    ships_by: datetime


class Bargaining(Command, frozen=True, tag_field="kind", tag="bargain"):
    """砍价."""

    helpers: Annotated[int, Meta(ge=1, le=100)]
    hours: Hours


type BasketRule = FullReduction | Gifts | Bundle | CouponRule | FreeFreight
type UnitRule = FlashSale | TimedDiscount | MemberPrice | GroupBuy | Presale | Bargaining
Rule = (
    FullReduction
    | Gifts
    | Bundle
    | CouponRule
    | FreeFreight
    | FlashSale
    | TimedDiscount
    | MemberPrice
    | GroupBuy
    | Presale
    | Bargaining
)
"""Not a `type` statement: Litestar would not see the union behind the name."""


def kind_of(rule: Rule) -> PromotionKind:
    """Return the kind that a rule makes its promotion."""
    return PromotionKind(str(rule.__struct_config__.tag))


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
