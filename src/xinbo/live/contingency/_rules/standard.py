"""The playbooks that come with the house, one for each kind of incident.

A merchant's rows stand over them: a playbook nobody changed has no row. Titles and steps carry
a `word`, the name under which the pages know them in every language; a step that a merchant has
rewritten has none, and is shown as it was written.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid5

from xinbo.live.contingency._rules.kinds import IncidentKind, Part, StepAction


class PlayStep(NamedTuple):
    """One step: what is done, by whom, and what happens by itself when it is ticked."""

    word: str
    text: str
    part: Part
    action: StepAction | None = None
    seconds: int | None = None
    message: str = ""
    """What everybody is told, where the step says something to all."""


class Playing(NamedTuple):
    """A playbook of the house."""

    kind: IncidentKind
    word: str
    title: str
    steps: tuple[PlayStep, ...]


def standard_id(merchant_id: UUID, word: str) -> UUID:
    """Name a merchant's copy of a playbook of the house, whether or not it has a row."""
    return uuid5(merchant_id, f"playbook.{word}")


def standard_ids(merchant_id: UUID) -> dict[UUID, Playing]:
    """List the playbooks of the house by the ids they have at a merchant, in their order."""
    return {standard_id(merchant_id, each.word): each for each in STANDARD}


def standard(kind: IncidentKind) -> Playing:
    """Return the playbook of the house for a kind of incident."""
    return next(each for each in STANDARD if each.kind is kind)


K, P, A = IncidentKind, Part, StepAction

STREAM = (
    PlayStep("stream_say", "场控在群里报时：画面中断，主播先停讲价格", P.CONTROL),
    PlayStep("stream_backup", "切到备用流", P.TECH, A.BACKUP_STREAM),
    PlayStep(
        "stream_text",
        "备用流也没有画面：转为图文直播，商品照常可买",
        P.CONTROL,
        A.TEXT_ROOM,
        message="直播画面正在恢复，商品和价格不变，可以照常下单和提问。",
    ),
    PlayStep("stream_check", "按顺序查：网络、编码器、电源、推流码；换备用设备重推", P.TECH),
    PlayStep("stream_hold", "暂停限时优惠和抽奖，等画面回来再开", P.CONTROL),
    PlayStep("stream_main", "主流恢复后切回主流", P.TECH, A.MAIN_STREAM),
    PlayStep("stream_back", "关闭图文直播，主播补讲中断时的商品", P.HOST, A.TEXT_ROOM_OFF),
)
STOCK = (
    PlayStep("stock_check", "核对库存：是真的卖完，还是场内备货没调够", P.GOODS),
    PlayStep("stock_mark", "货架标记售罄，主播停止催单", P.CONTROL, A.SOLD_OUT),
    PlayStep(
        "stock_replace",
        "换上替补商品，并告诉大家",
        P.CONTROL,
        A.REPLACE_PRODUCT,
        message="这一款已经售罄，为大家换上同类商品。",
    ),
    PlayStep("stock_promise", "主播说清楚：补不补货、什么时候补，不许诺没有的货", P.HOST),
    PlayStep("stock_cue", "调整台本：缩短本段，提前下一段", P.CONTROL),
    PlayStep("stock_orders", "客服查已付款订单能否发货，不能的主动联系退款", P.SERVICE),
)
PRICE = (
    PlayStep("price_stop", "主播立刻停讲价格和优惠", P.HOST),
    PlayStep("price_fix", "货品改正场内价格或结束出错的优惠", P.GOODS),
    PlayStep("price_second", "第二个人核对手机上看到的价格", P.CONTROL),
    PlayStep(
        "price_tell",
        "发布价格更正，所有人可见",
        P.CONTROL,
        A.PRICE_CORRECTED,
        message="刚才的价格有误，现已更正，请以商品卡上的价格为准。",
    ),
    PlayStep("price_say", "主播口头更正一遍，说明已下单的怎么处理", P.HOST),
    PlayStep("price_orders", "客服列出受影响的订单：按承诺价履行，或征得同意后退款", P.SERVICE),
    PlayStep("price_record", "总指挥记下原因和影响，留给复盘", P.LEAD),
)
ABSENT = (
    PlayStep("absent_call", "联系主播，确认几分钟内能否回来", P.CONTROL),
    PlayStep("absent_backup", "后备主播就位，在席位里交接", P.LEAD),
    PlayStep(
        "absent_tell",
        "告诉观众换人，说实话",
        P.CONTROL,
        A.NOTICE,
        message="主播临时离开，由同事继续讲解，优惠不变。",
    ),
    PlayStep("absent_fill", "没有人能接：放品牌短片或进入问答段，不空场", P.CONTROL),
    PlayStep("absent_cue", "跳过必须由原主播讲的段落，调整台本", P.CONTROL),
    PlayStep("absent_decide", "十分钟仍无人：提前结束，并预告补播时间", P.LEAD),
)
HOSTILE = (
    PlayStep("hostile_slow", "打开慢速模式", P.CONTROL, A.SLOW_MODE, seconds=30),
    PlayStep("hostile_hold", "先审后显：可疑评论先看再放", P.CONTROL, A.HOLD_CHAT),
    PlayStep("hostile_sort", "分清楚：真实投诉转客服，辱骂和刷屏禁言，理由告知本人", P.SERVICE),
    PlayStep("hostile_host", "主播不对骂、不点名；能回答的事实正面回答一次", P.HOST),
    PlayStep("hostile_keep", "保留证据：时间、内容、账号", P.SERVICE),
    PlayStep("hostile_release", "平静后放开评论", P.CONTROL, A.RELEASE_CHAT),
    PlayStep("hostile_normal", "关闭慢速模式", P.CONTROL, A.SLOW_MODE_OFF),
)
OTHER = (
    PlayStep("other_name", "一句话说清：出了什么事，影响谁", P.CONTROL),
    PlayStep("other_lead", "总指挥指定一个人负责，其他人回到岗位", P.LEAD),
    PlayStep("other_safe", "有人身或用电安全问题：先停播，先救人", P.LEAD),
    PlayStep(
        "other_tell",
        "需要观众知道的，发一条公告",
        P.CONTROL,
        A.NOTICE,
        message="直播遇到一点状况，正在处理，已下的订单不受影响。",
    ),
    PlayStep("other_fix", "处理并每两分钟报一次进展", P.TECH),
    PlayStep("other_record", "记下原因和影响，留给复盘", P.LEAD),
)

STANDARD: Sequence[Playing] = (
    Playing(K.STREAM_DOWN, "stream_down", "画面中断", STREAM),
    Playing(K.STOCK_OUT, "stock_out", "主推商品卖完", STOCK),
    Playing(K.WRONG_PRICE, "wrong_price", "价格错误", PRICE),
    Playing(K.HOST_ABSENT, "host_absent", "主播不能上场", ABSENT),
    Playing(K.HOSTILE_CHAT, "hostile_chat", "恶意弹幕", HOSTILE),
    Playing(K.OTHER, "other", "其他突发情况", OTHER),
)


class Foreseen(NamedTuple):
    """A risk that every show has, as the house weighs it."""

    kind: IncidentKind
    title: str
    probability: int
    impact: int
    prevention: str


FORESEEN: Sequence[Foreseen] = (
    Foreseen(
        K.STREAM_DOWN, "画面中断", 3, 5, "两路推流、两张网卡；开播前测上行；备用手机充满电放手边"
    ),
    Foreseen(
        K.WRONG_PRICE, "价格或优惠设错", 2, 5, "场内价由两个人核对；开播前用手机从头看一遍商品卡"
    ),
    Foreseen(K.HOST_ABSENT, "主播临时不能上场", 1, 5, "排好后备主播，台本和卖点提前发给两个人"),
    Foreseen(K.HOSTILE_CHAT, "恶意弹幕或集中投诉", 3, 3, "配好屏蔽词；专人看评论；话术提前写好"),
    Foreseen(K.OTHER, "停电、场地或人身安全", 1, 4, "备用电源和照明；疏散路线和急救包有专人负责"),
)
OF_A_HERO = Foreseen(
    K.STOCK_OUT, "主推商品卖完", 3, 4, "按目标备货并留出两成；选好替补商品，排在货架后面"
)
"""What every hero product may meet."""
