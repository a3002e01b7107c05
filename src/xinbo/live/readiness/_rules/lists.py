"""The checklist that comes with the house: what is looked at before a show."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid5


class ChecklistGroup(StrEnum):
    """What an item is about: 平台, 硬件, 软件, 网络, 备用."""

    PLATFORM = "platform"
    HARDWARE = "hardware"
    SOFTWARE = "software"
    NETWORK = "network"
    SPARE = "spare"


class Brought(NamedTuple):
    """An item of the house. `for_host`: the host looks at it in person."""

    group: ChecklistGroup
    word: str
    text: str
    for_host: bool = False


def brought_id(show_id: UUID, word: str) -> UUID:
    """Name an item of the house on a show's checklist, whether or not it has been touched."""
    return uuid5(show_id, f"checklist.{word}")


G = ChecklistGroup
BROUGHT: Sequence[Brought] = (
    Brought(G.PLATFORM, "card_on_phone", "用手机看一遍预告页和每张商品卡：图、名、价都对"),
    Brought(G.PLATFORM, "buy_once", "用测试账号走一遍下单，确认运费和优惠算对"),
    Brought(G.PLATFORM, "stock_again", "场内备货和仓库实数核对过"),
    Brought(G.PLATFORM, "words_listed", "屏蔽词和客服快捷话术已更新"),
    Brought(G.PLATFORM, "licence_shown", "资质、检测报告和授权书齐全，页面能打开"),
    Brought(G.HARDWARE, "camera_light", "机位、灯光、对焦调好，肤色和包装颜色不偏", for_host=True),
    Brought(G.HARDWARE, "microphone_on", "麦克风试过音，没有电流声和回声", for_host=True),
    Brought(G.HARDWARE, "power_plugged", "所有设备接电源，不靠电池开播"),
    Brought(G.HARDWARE, "samples_ready", "样品按台本顺序摆好，包装完好", for_host=True),
    Brought(G.SOFTWARE, "encoder_set", "编码器 720p 以上、2 秒关键帧，时间已同步"),
    Brought(G.SOFTWARE, "updates_off", "关闭系统更新、通知和屏保"),
    Brought(G.SOFTWARE, "prompter_open", "提词屏打开，主播看得清", for_host=True),
    Brought(G.NETWORK, "wired", "用网线，不和别人共用上行"),
    Brought(G.NETWORK, "upload_tested", "在开播的房间、开播的时段测过上行和抖动"),
    Brought(G.SPARE, "backup_stream", "备用流已推通，切换试过一次"),
    Brought(G.SPARE, "backup_phone", "备用手机充满电，登录好控制台"),
    Brought(G.SPARE, "backup_line", "备用网络（5G）开着，有流量"),
    Brought(G.SPARE, "backup_battery", "备用电源、麦克风电池、数据线在手边"),
)
