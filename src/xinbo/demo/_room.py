"""What happens in the demo's live room beside selling: targets, games, plans for the worst.

The show that is coming is planned from the two-hour template, so that there is one to rehearse.
"""

from collections.abc import Sequence
from uuid import UUID

from xinbo.commerce.catalog import Product
from xinbo.engines.tx import Tx
from xinbo.live import contingency, games, shows, templates
from xinbo.live.games import (
    CheckIn,
    EntryBy,
    Guess,
    Lottery,
    Play,
    Poll,
    Prize,
    PrizeKind,
    PutGame,
    Rain,
)
from xinbo.live.shows import Targets
from xinbo.live.templates import BEAUTY, ApplyTemplate

TARGETS = Targets(gmv=2_000_000, orders=120, viewers=300, comments=400, likes=2_000)
"""What the demo's show is to reach in its two hours."""

CUP = Prize(kind=PrizeKind.GOODS, name="手作青瓷杯一只", value=13_800, count=1)
POINTS = Prize(kind=PrizeKind.POINTS, name="100 积分", value=100, count=20, points=100)

GAMES: Sequence[tuple[str, int, Play]] = (
    ("评论「秋天快乐」抽青瓷杯", 180, Lottery(EntryBy.COMMENT, [CUP, POINTS], "秋天快乐")),
    ("积分雨", 20, Rain(packets=200, per_person=3, points=2_000)),
    ("下一场想看什么", 120, Poll("下一场想看什么?", ["护手与身体", "茶与茶点", "冬季防晒"])),
    ("猜猜白茶礼盒的直播价", 90, Guess("白茶礼盒的直播价是多少?", 9_900, [POINTS])),
    ("签到", 600, CheckIn(points=5, more_each=1)),
)


async def furnish(tx: Tx, show_id: UUID) -> None:
    """Give the show on air its games and its plans for the worst."""
    await contingency.prepare(tx, show_id)
    for title, seconds, play in GAMES:
        await games.add(tx, show_id, PutGame(title=title, seconds=seconds, play=play))


async def plan_from_template(tx: Tx, show_id: UUID, products: Sequence[Product]) -> None:
    """Plan a coming show from the two-hour template, with the shop's own goods."""
    plan = await shows.plan(tx, show_id)
    template = await templates.get(tx, BEAUTY)
    slots = dict(
        zip((slot.key for slot in template.slots), (each.id for each in products), strict=False)
    )
    await templates.apply(
        tx, show_id, ApplyTemplate(template_id=BEAUTY, version=plan.version, slots=slots)
    )
