"""The rows of a show's video, locked, and as others see them."""

from uuid import UUID

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import Can, allowed
from xinbo.kit.ids import NIL, new_id
from xinbo.live import shows
from xinbo.live.broadcasts._models import BroadcastRow, SourceRow
from xinbo.live.broadcasts._rules import new_playback_id, new_stream_key
from xinbo.live.broadcasts._types import SourceName, Video, VideoChanged, VideoState


async def of_show(tx: Tx, show_id: UUID) -> BroadcastRow:
    """Lock the show's broadcast, making it and its sources at first use."""
    await shows.console_get(tx, show_id)
    await tx.db.execute(
        insert(BroadcastRow)
        .values(
            show_id=show_id,
            merchant_id=tx.merchant_id,
            stream_id=new_id(),
            stream_key=new_stream_key(),
            playback_id=new_playback_id(),
            state=VideoState.OFFLINE,
            recorded_ms=0,
            recording=False,
        )
        .on_conflict_do_nothing()
    )
    query = select(BroadcastRow).where(BroadcastRow.show_id == show_id, _visible(tx.actor))
    return (
        await tx.db.scalars(query.with_for_update().execution_options(populate_existing=True))
    ).one()


async def sources_of(tx: Tx, row: BroadcastRow) -> dict[SourceName, SourceRow]:
    """Read both sources of a broadcast that is locked, making what an older one lacks."""
    new = [
        {
            "show_id": row.show_id,
            "name": name,
            "merchant_id": row.merchant_id,
            "stream_key": new_stream_key() if name is SourceName.BACKUP else None,
            "state": row.state if name is SourceName.MAIN else VideoState.OFFLINE,
            "session": row.session if name is SourceName.MAIN else None,
        }
        for name in SourceName
    ]
    await tx.db.execute(insert(SourceRow).values(new).on_conflict_do_nothing())
    found = await tx.db.scalars(
        select(SourceRow)
        .where(SourceRow.show_id == row.show_id)
        .execution_options(populate_existing=True)
    )
    return {each.name: each for each in found}


def changed(row: BroadcastRow) -> VideoChanged:
    """Say what viewers are to be told of the pictures."""
    seen = video_of(row)
    return VideoChanged(show_id=row.show_id, state=seen.state, playback_path=seen.playback_path)


def video_of(row: BroadcastRow) -> Video:
    """Show a broadcast as viewers see it."""
    path = f"/hls/{row.playback_id}/live.m3u8"
    on = row.state is not VideoState.OFFLINE
    return Video(state=row.state, playback_path=path if on else None)


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show staff and the system their merchant's broadcasts; a key is nobody else's business."""
    if actor.role is Role.SYSTEM and actor.merchant_id == NIL:
        return BroadcastRow.show_id.is_not(None)
    if Can.SEE_CONSOLE in allowed(actor.role):
        return BroadcastRow.merchant_id == actor.merchant_id
    return false()
