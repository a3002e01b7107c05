"""What may be asked for, for which reason, until when: the law and the field's custom, as data.

Seven days without a reason: Consumer Protection Law art. 25 and the SAMR's interim measures of
2017 (order 90): seven days from the day after receipt, goods as they were, the shopper pays the
way back. Quality: art. 24 and the three guarantees (三包): 15 days, the merchant pays.
"""

from datetime import datetime, time, timedelta, timezone
from enum import StrEnum

import msgspec

from xinbo.commerce.aftersales._rules.machine import CaseKind, Side

BEIJING = timezone(timedelta(hours=8))
SEVEN_DAYS, NO_RETURNS, UNLESS_OPENED = "seven_days", "no_returns", "unless_opened"
"""A category's return rule, as it is frozen on the order's line."""

CHANGE_DAYS = 7
QUALITY_DAYS = 15
REPAIR_DAYS = 365
PRICE_DAYS = 15


class Stage(StrEnum):
    """Where the goods were when the shopper asked."""

    BEFORE_SHIPMENT = "before_shipment"
    NOT_RECEIVED = "not_received"
    RECEIVED = "received"


class Reason(StrEnum):
    """Why the shopper asks."""

    CHANGED_MIND = "changed_mind"
    """不想要了: seven days, no reason."""
    ORDERED_WRONG = "ordered_wrong"
    """拍错/多拍"""
    NOT_SHIPPED_IN_TIME = "not_shipped_in_time"
    """未按约定时间发货"""
    NOT_ARRIVED = "not_arrived"
    """一直未收到"""
    LOST_IN_TRANSIT = "lost_in_transit"
    """物流丢件/拒收"""
    QUALITY = "quality"
    """质量问题"""
    DAMAGED = "damaged"
    """到货破损"""
    WRONG_GOODS = "wrong_goods"
    """发错/漏发"""
    NOT_AS_DESCRIBED = "not_as_described"
    """与描述不符"""
    WRONG_SIZE = "wrong_size"
    """尺码/规格不合适"""
    PRICE_FELL = "price_fell"
    """降价"""
    DECISION = "decision"
    """A complaint was decided so."""


class WhyNot(StrEnum):
    """Why something cannot be asked for."""

    NOT_PAID = "not_paid"
    GROUP_PENDING = "group_pending"
    OVER = "over"
    """The order is cancelled, or everything was given back."""
    IN_CASE = "in_case"
    """Every piece is in an open case already."""
    NOT_SHIPPED = "not_shipped"
    NOT_YET_RECEIVED = "not_yet_received"
    TOO_LATE = "too_late"
    NO_RETURNS = "no_returns"
    GIFT = "gift"


_FAULT = (
    Reason.QUALITY,
    Reason.DAMAGED,
    Reason.WRONG_GOODS,
    Reason.NOT_AS_DESCRIBED,
)
_MERCHANT_FAULT = frozenset({*_FAULT, Reason.NOT_SHIPPED_IN_TIME, Reason.LOST_IN_TRANSIT})

REASONS: dict[tuple[CaseKind, Stage], tuple[Reason, ...]] = {
    (CaseKind.REFUND_ONLY, Stage.BEFORE_SHIPMENT): (
        Reason.CHANGED_MIND,
        Reason.ORDERED_WRONG,
        Reason.NOT_SHIPPED_IN_TIME,
    ),
    (CaseKind.REFUND_ONLY, Stage.NOT_RECEIVED): (Reason.NOT_ARRIVED, Reason.LOST_IN_TRANSIT),
    (CaseKind.REFUND_ONLY, Stage.RECEIVED): _FAULT,
    (CaseKind.RETURN_REFUND, Stage.RECEIVED): (Reason.CHANGED_MIND, *_FAULT, Reason.WRONG_SIZE),
    (CaseKind.EXCHANGE, Stage.RECEIVED): (Reason.WRONG_SIZE, *_FAULT),
    (CaseKind.REPAIR, Stage.RECEIVED): (Reason.QUALITY,),
}
"""What may be asked for at which stage, and for which reasons; the first is filled in."""

_DAYS: dict[tuple[CaseKind, Reason], int] = {
    (CaseKind.RETURN_REFUND, Reason.CHANGED_MIND): CHANGE_DAYS,
    (CaseKind.RETURN_REFUND, Reason.WRONG_SIZE): CHANGE_DAYS,
    (CaseKind.EXCHANGE, Reason.WRONG_SIZE): CHANGE_DAYS,
    (CaseKind.REPAIR, Reason.QUALITY): REPAIR_DAYS,
}
_FREE_WILL = frozenset({Reason.CHANGED_MIND, Reason.WRONG_SIZE})


class Bought(msgspec.Struct, frozen=True):
    """What the terms look at, of an order's line."""

    stage: Stage
    return_rule: str
    gift: bool
    left: int
    """Pieces that are in no case and whose money has not gone back."""
    received_at: datetime | None


def stage_of(*, shipped: int, received_at: datetime | None) -> Stage:
    """Say where the goods of a line are."""
    if received_at is not None:
        return Stage.RECEIVED
    return Stage.NOT_RECEIVED if shipped else Stage.BEFORE_SHIPMENT


def last_moment(received_at: datetime, days: int) -> datetime:
    """Return the end of the last day: day one is the day after receipt, in China."""
    day = received_at.astimezone(BEIJING).date() + timedelta(days=days + 1)
    return datetime.combine(day, time(), BEIJING)


def reasons(kind: CaseKind, bought: Bought, now: datetime) -> list[Reason]:
    """List the reasons for which this may be asked for now."""
    return [
        reason
        for reason in REASONS.get((kind, bought.stage), ())
        if why_not(kind, reason, bought, now) is None
    ]


def why_not(kind: CaseKind, reason: Reason, bought: Bought, now: datetime) -> WhyNot | None:
    """Say why this cannot be asked for, or that it can (None)."""
    if bought.left < 1:
        return WhyNot.IN_CASE
    if reason not in REASONS.get((kind, bought.stage), ()):
        early = bought.stage is Stage.BEFORE_SHIPMENT
        return WhyNot.NOT_SHIPPED if early else WhyNot.NOT_YET_RECEIVED
    if bought.gift and reason in _FREE_WILL and bought.stage is Stage.RECEIVED:
        return WhyNot.GIFT
    if bought.stage is not Stage.RECEIVED or bought.received_at is None:
        return None
    if bought.return_rule == NO_RETURNS and reason in _FREE_WILL:
        return WhyNot.NO_RETURNS
    days = _DAYS.get((kind, reason), QUALITY_DAYS)
    return None if now < last_moment(bought.received_at, days) else WhyNot.TOO_LATE


def who_pays_return(reason: Reason) -> Side:
    """Say who pays for sending the goods back: whose fault it is."""
    return Side.MERCHANT if reason in _MERCHANT_FAULT else Side.SHOPPER


def days_for(kind: CaseKind, reason: Reason) -> int:
    """Say how many days after receipt this may be asked for."""
    return _DAYS.get((kind, reason), QUALITY_DAYS)
