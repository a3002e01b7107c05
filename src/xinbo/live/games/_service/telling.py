"""Have phones and pages look again."""

from xinbo.engines.tx import Tx
from xinbo.live import signals
from xinbo.live.games._models import RunRow
from xinbo.live.games._types import GamesChanged


async def changed(tx: Tx, row: RunRow) -> None:
    """Have phones look again where a play moved on: the stage carries the cards."""
    await counted(tx, row)
    await signals.tell(tx, row.show_id, "game", id=str(row.id), state=str(row.state))


async def counted(tx: Tx, row: RunRow) -> None:
    """Have the stage show the new counts. No page is to ask: there may be thousands of them."""
    await tx.emit(GamesChanged(show_id=row.show_id))
