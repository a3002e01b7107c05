"""What a rehearsal does by itself: the worker plays its audience, and notes what is begun."""

from xinbo.engines.events import Reaction
from xinbo.engines.tx import Tx
from xinbo.live.rehearsals._reactions.playing import play
from xinbo.live.rehearsals._service.playing import begun
from xinbo.live.stage import CueStarted


async def on_cue_started(tx: Tx, event: CueStarted) -> None:
    """Note when a cue was started by hand."""
    if event.rehearsal:
        await begun(tx, event.show_id, event.cue_id)


REACTIONS = (Reaction("rehearsals.cue_started", CueStarted, on_cue_started),)

__all__ = ["REACTIONS", "play"]
