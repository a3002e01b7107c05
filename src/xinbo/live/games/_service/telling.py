"""Have phones and pages look again."""

from xinbo.engines.tx import Tx
from xinbo.live import signals
from xinbo.live.games._models import RunRow
from xinbo.live.games._types import GamesChanged


async def changed(tx: Tx, row: RunRow) -> None:
    """Have phones look again: the stage carries the cards, each page its own part."""
    await tx.emit(GamesChanged(show_id=row.show_id))
    await signals.tell(tx, row.show_id, "game", id=str(row.id), state=str(row.state))
