"""The terms of each kind of promotion, as they are written and kept."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.promotions._rules.life import PromotionKind
from xinbo.kit.money import Fen
from xinbo.kit.wire import Command

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
