"""The rules of a play in words, written from its terms: who, until when, how many, odds, worth."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from xinbo.live.games._rules.kinds import EntryBy, GameKind

CHINA = timezone(timedelta(hours=8))
CLOCK = "%Y-%m-%d %H:%M:%S UTC+8"
LANGUAGES = ("zh-Hans", "zh-Hant", "en")

type Template = tuple[str, str, str]
"""The same sentence in each of `LANGUAGES`."""


class Stated(NamedTuple):
    """What the words are made of."""

    kind: GameKind
    by: EntryBy
    keyword: str
    closes_at: datetime
    prizes: Sequence[tuple[str, int, int]]
    """(name, worth in fen, how many)."""
    packets: int
    per_person: int
    points: int
    more_each: int


WHO: Mapping[EntryBy, Template] = {
    EntryBy.FREE: (
        "登录后点一下即可参加，不需要购买。",
        "登入後點一下即可參加，不需要購買。",
        "Sign in and tap to take part; nothing has to be bought.",
    ),
    EntryBy.COMMENT: (
        "在直播间发一条{keyword}评论即可参加，不需要购买。",
        "在直播間發一則{keyword}留言即可參加，不需要購買。",
        "Say something{keyword} in the room to take part; nothing has to be bought.",
    ),
    EntryBy.FOLLOW: (
        "关注本店后点一下即可参加，不需要购买。",
        "追蹤本店後點一下即可參加，不需要購買。",
        "Follow the shop, then tap to take part; nothing has to be bought.",
    ),
    EntryBy.PURCHASE: (
        "在本场直播付过款的顾客可以参加。",
        "在本場直播付過款的顧客可以參加。",
        "Whoever paid for an order in this show may take part.",
    ),
}
ONCE: Template = (
    "每人一次，机会相同；商家员工不能参加。",
    "每人一次，機會相同；商家員工不能參加。",
    "Once a person, all with the same chance; the merchant's staff may not take part.",
)
UNTIL: Template = (
    "{at} 截止（以服务器时间为准）。",
    "{at} 截止（以伺服器時間為準）。",
    "It closes at {at} by the server's clock.",
)
PRIZE: Template = (
    "{name}，{count} 份，每份价值 ¥{worth}。",
    "{name}，{count} 份，每份價值 ¥{worth}。",
    "{name}: {count} of them, each worth ¥{worth}.",
)
ODDS: Template = (
    "共 {count} 份奖品；中奖概率是奖品数除以参加人数，页面实时显示。",
    "共 {count} 份獎品；中獎機率是獎品數除以參加人數，頁面即時顯示。",
    "{count} prizes in all; the odds are prizes divided by entries, shown as they change.",
)
QUIZ: Template = (
    "全部答对的人进入抽取，答得快没有优势。",
    "全部答對的人進入抽取，答得快沒有優勢。",
    "All who answer everything right are in the draw; being fast is no advantage.",
)
GUESS: Template = (
    "猜得最接近的人得奖；一样接近时抽取决定。",
    "猜得最接近的人得獎；一樣接近時抽取決定。",
    "The closest guesses win; the draw decides between those as close.",
)
RAIN: Template = (
    "共 {packets} 个红包，每人最多 {per_person} 个，发完即止；装的是{what}，不是现金。",
    "共 {packets} 個紅包，每人最多 {per_person} 個，發完即止；裝的是{what}，不是現金。",
    "{packets} packets of {what}, at most {per_person} a person, while they last; no money.",
)
CHECK_IN: Template = (
    "签到得 {points} 积分，每连续一天多得 {more} 积分，每天一次。",
    "簽到得 {points} 積分，每連續一天多得 {more} 積分，每天一次。",
    "Checking in brings {points} points and {more} more for each day in a row, once a day.",
)
PROOF: Template = (
    "抽取的种子在开始前已上锁，名单在揭晓前公布，任何人都能核对。",
    "抽取的種子在開始前已上鎖，名單在揭曉前公布，任何人都能核對。",
    "The seed is sealed before the start, the list public before the result: anyone can check.",
)
KEYWORD: Template = ("含“{word}”的", "含「{word}」的", ' with "{word}"')  # Chinese quotation marks
POINTS: Template = ("{points} 积分", "{points} 積分", "{points} points")
COUPONS: Template = ("优惠券", "優惠券", "coupons")


def sentences(said: Stated) -> dict[str, list[str]]:
    """Write the rules in every language of the pages."""
    return {language: _sentences(said, place) for place, language in enumerate(LANGUAGES)}


def _sentences(said: Stated, language: int) -> list[str]:
    keyword = KEYWORD[language].format(word=said.keyword) if said.keyword else ""
    texts = [WHO[said.by][language].format(keyword=keyword), ONCE[language]]
    if said.kind is GameKind.QUIZ:
        texts.append(QUIZ[language])
    elif said.kind is GameKind.GUESS:
        texts.append(GUESS[language])
    elif said.kind is GameKind.RAIN:
        held = POINTS if said.points else COUPONS
        texts.append(
            RAIN[language].format(
                packets=said.packets,
                per_person=said.per_person,
                what=held[language].format(points=said.points),
            )
        )
    elif said.kind is GameKind.CHECK_IN:
        texts.append(CHECK_IN[language].format(points=said.points, more=said.more_each))
    texts += [
        PRIZE[language].format(name=name, count=count, worth=_yuan(worth))
        for name, worth, count in said.prizes
    ]
    if said.prizes:
        texts += [ODDS[language].format(count=sum(count for _, _, count in said.prizes))]
    # China has one time, and says its hours by it.
    texts.append(UNTIL[language].format(at=said.closes_at.astimezone(CHINA).strftime(CLOCK)))
    if said.prizes or said.kind is GameKind.RAIN:
        texts.append(PROOF[language])
    return texts


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}" if fen % 100 else f"{fen // 100}"
