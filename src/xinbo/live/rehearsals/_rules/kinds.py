"""The words of the room."""

from enum import StrEnum


class RehearsalState(StrEnum):
    """Where a rehearsal stands: 进行中, 已结束."""

    RUNNING = "running"
    ENDED = "ended"


class CrowdProfile(StrEnum):
    """What a simulated audience is like: 安静, 平常, 抢购, or as the guests of a past show were."""

    QUIET = "quiet"
    USUAL = "usual"
    RUSH = "rush"
    PAST = "past"


class DrillKind(StrEnum):
    """What goes wrong on purpose: 断流, 断货, 标错价, 主播离席, 恶意刷屏."""

    STREAM_DOWN = "stream_down"
    STOCK_OUT = "stock_out"
    WRONG_PRICE = "wrong_price"
    HOST_ABSENT = "host_absent"
    HOSTILE_CHAT = "hostile_chat"


class DrillState(StrEnum):
    """Where a drill stands: 未开始, 进行中, 已处理, 未处理."""

    PLANNED = "planned"
    RUNNING = "running"
    HANDLED = "handled"
    MISSED = "missed"
