"""The words of the contingency room, and how a risk is weighed."""

from enum import StrEnum


class IncidentKind(StrEnum):
    """What goes wrong: 断流, 断货, 价格错误, 主播缺席, 恶意弹幕, 其他."""

    STREAM_DOWN = "stream_down"
    STOCK_OUT = "stock_out"
    WRONG_PRICE = "wrong_price"
    HOST_ABSENT = "host_absent"
    HOSTILE_CHAT = "hostile_chat"
    OTHER = "other"


class Part(StrEnum):
    """Who does a step: 总指挥, 主播, 场控, 技术, 货品, 客服."""

    LEAD = "lead"
    HOST = "host"
    CONTROL = "control"
    TECH = "tech"
    GOODS = "goods"
    SERVICE = "service"


class StepAction(StrEnum):
    """What ticking a step does by itself."""

    SLOW_MODE = "slow_mode"
    SLOW_MODE_OFF = "slow_mode_off"
    TEXT_ROOM = "text_room"
    TEXT_ROOM_OFF = "text_room_off"
    BACKUP_STREAM = "backup_stream"
    MAIN_STREAM = "main_stream"
    SOLD_OUT = "sold_out"
    REPLACE_PRODUCT = "replace_product"
    PRICE_CORRECTED = "price_corrected"
    NOTICE = "notice"
    HOLD_CHAT = "hold_chat"
    RELEASE_CHAT = "release_chat"


class IncidentOutcome(StrEnum):
    """How an incident ended."""

    RESOLVED = "resolved"
    WORKED_AROUND = "worked_around"
    UNRESOLVED = "unresolved"
    FALSE_ALARM = "false_alarm"
    SHOW_OVER = "show_over"
    """The show or its rehearsal ended before anybody closed it."""


class RiskLevel(StrEnum):
    """How much a risk matters: the four bands of a 5x5 matrix."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    EXTREME = "extreme"


MEDIUM_FROM, HIGH_FROM, EXTREME_FROM = 4, 8, 15
"""The bands of the usual 5x5 matrix: 1-3 low, 4-6 medium, 8-12 high, 15-25 extreme."""


def score_of(probability: int, impact: int) -> int:
    """Weigh a risk: probability x impact, each of 1 to 5."""
    return probability * impact


def level_of(probability: int, impact: int) -> RiskLevel:
    """Say in which band of the matrix a risk lies."""
    score = score_of(probability, impact)
    if score >= EXTREME_FROM:
        return RiskLevel.EXTREME
    if score >= HIGH_FROM:
        return RiskLevel.HIGH
    return RiskLevel.MEDIUM if score >= MEDIUM_FROM else RiskLevel.LOW
