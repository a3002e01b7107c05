"""The templates that every merchant has. Their words are prompts: what is true, the shop knows.

The beauty show follows the plan that practice gives for two hours: five products that carry it,
two draws, three discounts for a time, and a round of questions after every second product.
"""

from functools import lru_cache
from typing import Protocol, cast
from uuid import UUID

from xinbo.live.games import EntryBy, Lottery, Prize, PrizeKind, PutGame
from xinbo.live.shows import CueFormat, CueKind, LineUpRole
from xinbo.live.templates._types import (
    PlanLanguage,
    PlanSlot,
    PlanTemplate,
    TemplateCue,
    TemplateGame,
    TemplatePromotion,
    TemplateSource,
)

BEAUTY = UUID("00000000-0000-7000-8000-00000000beab")
LAUNCH = UUID("00000000-0000-7000-8000-000000000a0b")

FORBIDDEN = {
    PlanLanguage.SIMPLIFIED: [
        "最好",
        "最有效",
        "第一",
        "国家级",
        "顶级",
        "100%",
        "永久",
        "根治",
        "治疗",
        "药用",
        "医学级",
        "立竿见影",
    ],
    PlanLanguage.ENGLISH: ["the best", "No. 1", "100%", "permanent", "cures", "medical grade"],
}
"""What may not be said of cosmetics: 广告法 9 and 17, 化妆品监督管理条例 43."""


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@lru_cache(maxsize=1)
def _converter() -> _Converter:
    from opencc import OpenCC  # noqa: PLC0415 - slow to load

    return cast("_Converter", OpenCC("s2t"))


class _Words:
    """Says everything in one language."""

    def __init__(self, language: PlanLanguage) -> None:
        self.language = language

    def __call__(self, chinese: str, english: str) -> str:
        if self.language is PlanLanguage.ENGLISH:
            return english
        return (
            chinese if self.language is PlanLanguage.SIMPLIFIED else _converter().convert(chinese)
        )

    def forbidden(self) -> list[str]:
        if self.language is PlanLanguage.ENGLISH:
            return FORBIDDEN[PlanLanguage.ENGLISH]
        return [self(word, "") for word in FORBIDDEN[PlanLanguage.SIMPLIFIED]]

    def hero(self, number: int, minutes: int, format_: CueFormat = CueFormat.SOLO) -> TemplateCue:
        key = f"hero{number}"
        return TemplateCue(
            kind=CueKind.PRODUCT,
            title=self(f"讲解 · {{{key}}}", f"{{{key}}}"),
            minutes=minutes,
            format=format_,
            slots=[key],
            owner=self("主播", "Host"),
            forbidden=self.forbidden(),
            talking_points=self(
                "它解决什么问题，适合谁，不适合谁\n主要成分和作用，说依据\n"
                "上手质地和用法，给近景\n规格、直播价和赠品，只说系统里的价\n"
                "发货时间、退换保障",
                "The problem it solves, who it suits and whom not\nWhat is in it, with proof\n"
                "Texture and use, close up\nSizes, show price, gifts: as the system has them\n"
                "When it ships, how to return it",
            ),
        )

    def questions(self, number: int, minutes: int) -> TemplateCue:
        return TemplateCue(
            kind=CueKind.INTERACTION,
            title=self(f"问答 {number}", f"Questions {number}"),
            minutes=minutes,
            owner=self("主播、场控", "Host, controller"),
            talking_points=self(
                "从提问队列里答人数最多的三问\n答不了的请客服跟进，说清何时回复",
                "The three questions most asked in the queue\n"
                "What cannot be answered goes to service; say by when",
            ),
        )

    def sale(self, number: int, slot: str, minutes: int) -> TemplateCue:
        return TemplateCue(
            kind=CueKind.PROMOTION,
            title=self(f"限时折扣 {number} · {{{slot}}}", f"Timed discount {number}: {{{slot}}}"),
            minutes=minutes,
            slots=[slot],
            promotion=f"sale{number}",
            owner=self("场控", "Controller"),
            talking_points=self(
                "说清折扣价、到几点结束、每人限几件\n倒计时以页面为准，结束就恢复",
                "The price, when it ends, how many each\nThe page's countdown decides",
            ),
        )

    def draw(self, number: int, minutes: int) -> TemplateCue:
        return TemplateCue(
            kind=CueKind.INTERACTION,
            title=self(f"抽奖 {number}", f"Draw {number}"),
            minutes=minutes,
            format=CueFormat.GAME,
            game=f"draw{number}",
            owner=self("场控", "Controller"),
            talking_points=self(
                "奖品、份数、怎么参加、什么时候开奖\n中奖概率看页面，不催单",
                "The prize, how many, how to enter, when it is drawn\nThe odds are on the page",
            ),
        )

    def lottery(self, number: int, slot: str, winners: int) -> TemplateGame:
        return TemplateGame(
            key=f"draw{number}",
            game=PutGame(
                title=self(f"第 {number} 次抽奖", f"Draw {number}"),
                seconds=180,
                play=Lottery(
                    by=EntryBy.COMMENT,
                    keyword=self("想要", "count me in"),
                    prizes=[
                        Prize(kind=PrizeKind.GOODS, name=f"{{{slot}}}", value=0, count=winners)
                    ],
                ),
            ),
        )

    def discount(self, number: int, slot: str, rate: int) -> TemplatePromotion:
        name = self(f"限时折扣 {number}", f"Timed discount {number}")
        return TemplatePromotion(key=f"sale{number}", name=name, slot=slot, rate=rate)

    def slots(self, heroes: int) -> list[PlanSlot]:
        return [
            PlanSlot(
                key=f"hero{number}",
                title=self(f"主推 {number}", f"Hero {number}"),
                role=LineUpRole.HERO,
            )
            for number in range(1, heroes + 1)
        ]

    def opening(self, minutes: int) -> TemplateCue:
        return TemplateCue(
            kind=CueKind.STORY,
            title=self("开场", "Opening"),
            minutes=minutes,
            owner=self("主播", "Host"),
            talking_points=self(
                "欢迎，介绍今天的货和流程\n预告几点抽奖、几点限时折扣\n怎么提问，怎么找客服",
                "Welcome; what is in store today\nWhen the draws and discounts are\n"
                "How to ask, how to reach service",
            ),
        )

    def closing(self, minutes: int) -> TemplateCue:
        return TemplateCue(
            kind=CueKind.STORY,
            title=self("收尾与预告", "Closing"),
            minutes=minutes,
            owner=self("主播", "Host"),
            talking_points=self(
                "回顾今天的货和没答完的问题去哪看\n发货与售后怎么找我们\n下一场什么时候，预约",
                "What there was; where open questions are answered\nShipping and after-sales\n"
                "When the next show is; book it",
            ),
        )


def _beauty(say: _Words) -> PlanTemplate:
    """Two hours: five heroes, two draws, three timed discounts, four rounds of questions."""
    story = TemplateCue(
        kind=CueKind.STORY,
        title=say("品牌故事：原料从哪来", "Brand story: where it comes from"),
        minutes=4,
        format=CueFormat.SCENE,
        owner=say("主播", "Host"),
        talking_points=say(
            "原料来源和生产，放实拍\n检测报告在商品档案里，带大家看一眼",
            "PlanSource and making, on film\nThe test reports are in the product file: show one",
        ),
    )
    rest = TemplateCue(
        kind=CueKind.BREAK,
        title=say("换场，放短片", "Change of set, a short film"),
        minutes=3,
        owner=say("场控", "Controller"),
    )
    guest = TemplateCue(
        kind=CueKind.GUEST,
        title=say("嘉宾：护肤师连线", "Guest: a skin-care expert"),
        minutes=9,
        format=CueFormat.DUO,
        owner=say("主播、嘉宾", "Host, guest"),
        talking_points=say(
            "换季护肤三个误区\n嘉宾与品牌的关系要说明", "Three mistakes\nSay who pays the guest"
        ),
        forbidden=say.forbidden(),
    )
    return PlanTemplate(
        id=BEAUTY,
        source=TemplateSource.TEMPLATE,
        name=say("两小时美妆专场", "Beauty, two hours"),
        summary=say(
            "5 件主推、2 次抽奖、3 次限时折扣、4 轮问答，加品牌故事、嘉宾和换场。",
            "5 heroes, 2 draws, 3 timed discounts, 4 rounds of questions; story, guest, break.",
        ),
        minutes=120,
        builtin=True,
        made_at=None,
        slots=say.slots(5),
        cues=[
            say.opening(4),
            story,
            say.hero(1, 10),
            say.questions(1, 4),
            say.hero(2, 10),
            say.sale(1, "hero2", 5),
            say.draw(1, 6),
            say.hero(3, 10, CueFormat.SCENE),
            say.questions(2, 4),
            rest,
            guest,
            say.sale(2, "hero3", 5),
            say.hero(4, 10),
            say.questions(3, 4),
            say.hero(5, 10, CueFormat.DUO),
            say.sale(3, "hero5", 5),
            say.draw(2, 6),
            say.questions(4, 5),
            say.closing(6),
        ],
        games=[say.lottery(1, "hero1", 3), say.lottery(2, "hero5", 5)],
        promotions=[
            say.discount(1, "hero2", 9_000),
            say.discount(2, "hero3", 8_800),
            say.discount(3, "hero5", 8_500),
        ],
    )


def _launch(say: _Words) -> PlanTemplate:
    """One hour around something new: three heroes, a draw, a discount, three rounds."""
    return PlanTemplate(
        id=LAUNCH,
        source=TemplateSource.TEMPLATE,
        name=say("一小时新品首发", "First launch, one hour"),
        summary=say(
            "3 件主推、1 次抽奖、1 次限时折扣、3 轮问答。",
            "3 heroes, a draw, a timed discount, 3 rounds of questions.",
        ),
        minutes=60,
        builtin=True,
        made_at=None,
        slots=say.slots(3),
        cues=[
            say.opening(4),
            say.hero(1, 12, CueFormat.SCENE),
            say.questions(1, 4),
            say.hero(2, 9),
            say.draw(1, 5),
            say.hero(3, 9),
            say.questions(2, 4),
            say.sale(1, "hero1", 5),
            say.questions(3, 4),
            say.closing(4),
        ],
        games=[say.lottery(1, "hero1", 3)],
        promotions=[say.discount(1, "hero1", 9_000)],
    )


@lru_cache(maxsize=3)
def builtins(language: PlanLanguage) -> dict[UUID, PlanTemplate]:
    """List our own templates by their ids, in one language."""
    say = _Words(language)
    return {each.id: each for each in (_beauty(say), _launch(say))}
