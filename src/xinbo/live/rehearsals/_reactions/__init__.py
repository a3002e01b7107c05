"""What a rehearsal does by itself: the worker plays its audience, and notes what is begun."""

from xinbo.engines.events import Reaction
from xinbo.engines.tx import Tx
from xinbo.live.rehearsals._reactions.playing import play
from xinbo.live.rehearsals._service.life import finish_of
from xinbo.live.rehearsals._service.playing import begun
from xinbo.live.shows import ShowChanged, ShowStatus
from xinbo.live.stage import CueStarted


async def on_cue_started(tx: Tx, event: CueStarted) -> None:
    """Note when a cue was started by hand."""
    if event.rehearsal:
        await begun(tx, event.show_id, event.cue_id)


async def on_show_changed(tx: Tx, event: ShowChanged) -> None:
    """End the rehearsal of a show that was moved by other ways."""
    if event.status is not ShowStatus.REHEARSAL:
        await finish_of(tx, event.show_id)


REACTIONS = (
    Reaction("rehearsals.cue_started", CueStarted, on_cue_started),
    Reaction("rehearsals.show_changed", ShowChanged, on_show_changed),
)

__all__ = ["REACTIONS", "play"]
