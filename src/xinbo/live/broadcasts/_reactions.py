"""When a show ends, its publisher is cut off and its recording goes up."""

from uuid import UUID

from xinbo.engines.events import Reaction
from xinbo.engines.media_client import kick
from xinbo.engines.tx import Tx
from xinbo.live import shows
from xinbo.live.broadcasts._service import (
    cut_publishers,
    put_source_on_air,
    recorded,
    stream_of,
)
from xinbo.live.shows import ShowEnded, ShowStatus


async def cut_off(tx: Tx, event: ShowEnded) -> None:
    """Ask for the publisher to be cut off, and put the recording up where there is one."""
    await tx.start(cut, str(event.show_id), key=f"cut-{event.show_id}-{tx.now.timestamp():.0f}")
    show = await shows.get(tx, event.show_id)
    if show.status is ShowStatus.ENDED and await recorded(tx, event.show_id):
        await shows.publish_replay(tx, event.show_id)


async def cut(tx: Tx, show_id: str) -> None:
    """Cut the show's publisher off. A job, retried while the media engine is away."""
    await kick(await stream_of(tx, UUID(show_id)))


REACTIONS = (Reaction("broadcasts.cut_off", ShowEnded, cut_off),)
JOBS = (cut, cut_publishers, put_source_on_air)
