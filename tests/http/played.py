"""A game that runs, and a prize that somebody won before."""

from datetime import timedelta
from uuid import UUID

from xinbo.engines.tx import Actor, Role, Tx, system
from xinbo.kit.ids import new_id
from xinbo.live import games
from xinbo.live.games import EnterGame, EntryBy, Lottery, Prize, PrizeKind, PutGame

GIFT = Prize(kind=PrizeKind.GOODS, name="茶杯", value=8_800, count=1)


async def played(tx: Tx, show_id: UUID, buyer: UUID, secret: str) -> dict[str, UUID]:
    """Have the buyer win a game of a show on air; plan another one that nobody may know of."""
    play = Lottery(by=EntryBy.FREE, prizes=[GIFT])
    game = await games.add(tx, show_id, PutGame(title="抽奖", seconds=60, play=play))
    card = await games.start(tx, game.id, key=str(new_id()))
    as_buyer = tx.acting(Actor(tx.merchant_id, Role.SHOPPER, buyer))
    await games.enter(as_buyer, card.id, buyer, EnterGame())
    await games.close(tx, card.id)
    after = tx.acting(system(tx.merchant_id))
    after.now = tx.now + timedelta(seconds=10)
    await games.reveal(after, card.id)
    (prize,) = (await games.mine(tx, buyer, None, 1)).items
    plan = await games.add(tx, show_id, PutGame(title=secret[:40], seconds=60, play=play))
    return {"game_id": plan.id, "game_run_id": card.id, "prize_id": prize.id}
