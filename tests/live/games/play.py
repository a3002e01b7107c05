"""What tests of games share: a room on air, games for it, people in it."""

from datetime import timedelta
from uuid import UUID

from tests.support import planned_show, product_on_sale
from xinbo.commerce import members, promotions
from xinbo.commerce.promotions import Audience, CouponRule, Goods, PutPromotion
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity import accounts
from xinbo.kit.ids import NIL, new_id
from xinbo.live import games, shows
from xinbo.live.games import (
    DrawRecord,
    EntryBy,
    GameCard,
    Lottery,
    Play,
    Prize,
    PrizeKind,
    PutGame,
)

GOODS = Prize(kind=PrizeKind.GOODS, name="精华一瓶", value=19_900, count=1)
POINTS = Prize(kind=PrizeKind.POINTS, name="100 积分", value=100, count=2, points=100)


async def on_air(tx: Tx) -> UUID:
    """Put a show on air."""
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    await shows.start(tx, show_id)
    return show_id


async def rehearsed(tx: Tx) -> UUID:
    """Rehearse a show."""
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    await shows.rehearse(tx, show_id)
    return show_id


def lottery(*prizes: Prize, by: EntryBy = EntryBy.FREE, keyword: str = "") -> Lottery:
    """Make a lottery of these prizes."""
    return Lottery(by=by, keyword=keyword, prizes=list(prizes or [GOODS]))


async def started(tx: Tx, show_id: UUID, play: Play, *, seconds: int = 60) -> GameCard:
    """Plan a game and start it."""
    game = await games.add(tx, show_id, PutGame(title="开场抽奖", seconds=seconds, play=play))
    return await games.start(tx, game.id, game.version, str(new_id()))


async def person(tx: Tx, *, member: bool = False) -> UUID:
    """Sign a shopper in for the first time, into the club as well if asked."""
    shopper_id = await accounts.join(tx, f"+8613{new_id().int % 10**9:09}", "李雷")
    if member:
        await members.join(tx, shopper_id)
    return shopper_id


def as_shopper(tx: Tx, shopper_id: UUID) -> Tx:
    """Go on as a shopper."""
    return tx.acting(shopper(tx.merchant_id, shopper_id))


def shopper(merchant_id: UUID, shopper_id: UUID) -> Actor:
    """Make the actor of a shopper."""
    return Actor(merchant_id, Role.SHOPPER, shopper_id, shopper_id)


def later(tx: Tx, seconds: float) -> Tx:
    """Look at the same transaction so many seconds later."""
    moved = tx.acting(tx.actor)
    moved.now = tx.now + timedelta(seconds=seconds)
    return moved


async def revealed(tx: Tx, run_id: UUID) -> tuple[GameCard, DrawRecord]:
    """Close a play, wait for the pause, reveal it; return its card and its public record."""
    await games.close(tx, run_id)
    after = later(tx, 10)
    return await games.reveal(after, run_id), await games.record(after, run_id)


async def coupon(tx: Tx, total: int) -> UUID:
    """Put a coupon on offer, so many of it, one a person."""
    rule = CouponRule(
        goods=Goods(categories=[], products=[], skus=[]),
        threshold=5_000,
        off=500,
        rate=None,
        most=None,
        total=total,
        per_person=1,
        audience=Audience.ALL,
        level=0,
        use_from=None,
        use_until=None,
        use_days=3,
    )
    written = await promotions.add(
        tx,
        PutPromotion(
            name="满 50 减 5",
            venue_id=NIL,
            starts_at=tx.now,
            ends_at=tx.now + timedelta(hours=5),
            rule=rule,
            items=[],
            version=None,
        ),
    )
    await promotions.schedule(tx, written.id)
    return written.id


async def room(database: Database, merchant_id: UUID, play: Play) -> UUID:
    """Commit a room on air in which a game runs; return the run."""
    async with database.begin(system(merchant_id)) as tx:
        return (await started(tx, await on_air(tx), play)).id
