"""When a rehearsal is over, the announced host holds the show again."""

from xinbo.engines.events import Reaction
from xinbo.engines.tx import Tx
from xinbo.live import cast
from xinbo.live.shows import ShowChanged, ShowStatus


async def on_show_changed(tx: Tx, event: ShowChanged) -> None:
    """Forget who held the show in a rehearsal that is over."""
    if event.status is not ShowStatus.REHEARSAL:
        await cast.forget_rehearsal(tx, event.show_id)


REACTIONS = (Reaction("cast.show_changed", ShowChanged, on_show_changed),)
