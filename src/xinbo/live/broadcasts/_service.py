"""Give shows their way on air, by two sources of which one is on air."""

from uuid import UUID

import msgspec
from sqlalchemy import select

from xinbo.engines.media_client import kick, put_on_air
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.live import shows
from xinbo.live.broadcasts._models import BroadcastRow, SourceRow
from xinbo.live.broadcasts._rows import of_show, sources_of, video_of
from xinbo.live.broadcasts._rules import WHIP_LASTS, new_stream_key, sign_whip
from xinbo.live.broadcasts._types import (
    Broadcast,
    Replay,
    SourceName,
    Sources,
    StreamSource,
    Video,
    VideoState,
    WhipToken,
)
from xinbo.live.shows import ShowStatus


class NoRecording(NotFound):
    """Raised when nothing of the show was recorded."""


class SourceSilent(Conflict):
    """Raised when a source is to go on air and no pictures come from it. Says its `source`."""


class SourcesMoved(Conflict):
    """Raised when the sources were switched since the operator looked: `by` whom, `at` when."""


class Addresses(msgspec.Struct, frozen=True):
    """Where the media engine is, seen from the caller, and the key that signs WHIP tokens."""

    http: str
    rtmp: str
    key: bytes


async def get(tx: Tx, show_id: UUID, addresses: Addresses) -> Broadcast:
    """Show the staff how to publish, and whether someone does."""
    require(tx, Can.PUBLISH_VIDEO)
    return await _view(tx, await of_show(tx, show_id), addresses)


async def rotate(
    tx: Tx, show_id: UUID, addresses: Addresses, source: SourceName = SourceName.MAIN
) -> Broadcast:
    """Make a source's key new. Who publishes by the old one now may finish; nobody new may."""
    require(tx, Can.PUBLISH_VIDEO)
    row = await of_show(tx, show_id)
    if source is SourceName.MAIN:
        row.stream_key = new_stream_key()
    else:
        (await sources_of(tx, row))[source].stream_key = new_stream_key()
    await tx.db.flush()
    return await _view(tx, row, addresses)


async def whip_token(
    tx: Tx, show_id: UUID, addresses: Addresses, source: SourceName = SourceName.MAIN
) -> WhipToken:
    """Let a console page publish its camera to one source for two hours."""
    require(tx, Can.PUBLISH_VIDEO)
    await of_show(tx, show_id)
    expires_at = tx.now + WHIP_LASTS
    return WhipToken(
        url=f"{addresses.http}/whip",
        token=sign_whip(addresses.key, show_id, source, expires_at),
        expires_at=expires_at,
    )


async def sources(tx: Tx, show_id: UUID) -> Sources:
    """Show the staff both sources, and which is on air."""
    require(tx, Can.SEE_CONSOLE)
    row = await of_show(tx, show_id)
    return await _sources(tx, row)


async def switch(tx: Tx, show_id: UUID, source: SourceName, seen: int | None = None) -> Sources:
    """Ask the engine to take the programme from another source.

    The pictures follow within a second, at the keyframe the engine holds; `SourceChanged` is
    emitted once they have. Raises `SourceSilent` if no pictures come from there, `SourcesMoved`
    if someone switched since `seen`.
    """
    require(tx, Can.RUN_SHOWS)
    row = await of_show(tx, show_id)
    found = await sources_of(tx, row)
    if seen is not None and seen != row.switches:
        raise SourcesMoved(by=row.switched_by, what=row.source, at=row.switched_at)
    if found[source].state is not VideoState.LIVE:
        raise SourceSilent(source=source)
    if source is row.source and row.state is VideoState.LIVE:
        return await _sources(tx, row)
    user = tx.actor.user_id
    row.switched_by = (await accounts.staff_names(tx, [user])).get(user) if user else None
    row.switched_at, row.switches = tx.now, row.switches + 1
    await tx.db.flush()
    key = f"switch-{show_id}-{source}-{tx.now.timestamp():.3f}"
    await tx.start(put_source_on_air, str(show_id), str(source), key=key)
    return await _sources(tx, row)


async def put_source_on_air(tx: Tx, show_id: str, source: str) -> None:
    """Have the engine switch. A job, retried while the engine is away; a source may have gone."""
    await put_on_air(await stream_of(tx, UUID(show_id)), source)


async def cut_pictures(tx: Tx, show_id: UUID) -> bool:
    """Cut off whoever publishes, as a rehearsed failure does; False where nobody does.

    Encoders come back by themselves when they try again.
    """
    require(tx, Can.RUN_SHOWS)
    row = await of_show(tx, show_id)
    if row.state is VideoState.OFFLINE:
        return False
    key = f"cut-pictures-{show_id}-{tx.now.timestamp():.3f}"
    await tx.start(cut_publishers, str(show_id), key=key)
    return True


async def cut_publishers(tx: Tx, show_id: str) -> None:
    """Have the engine cut off whoever publishes. A job, retried while the engine is away."""
    await kick(await stream_of(tx, UUID(show_id)))


async def video(tx: Tx, show_id: UUID) -> Video:
    """Say whether a show has moving pictures, for those who may see the show."""
    row = await tx.db.scalar(
        select(BroadcastRow).where(
            BroadcastRow.show_id == show_id, BroadcastRow.merchant_id == tx.merchant_id
        )
    )
    return Video(state=VideoState.OFFLINE, playback_path=None) if row is None else video_of(row)


async def replay(tx: Tx, show_id: UUID, addresses: Addresses) -> Replay:
    """Find the recording: for the public once it is put up, for the staff once there is one."""
    show = await shows.get(tx, show_id)
    row = await tx.db.scalar(
        select(BroadcastRow).where(
            BroadcastRow.show_id == show_id, BroadcastRow.merchant_id == tx.merchant_id
        )
    )
    public = show.status is ShowStatus.REPLAY or Can.SEE_CONSOLE in allowed(tx.actor.role)
    if row is None or not row.recording or not public:
        raise NoRecording(show_id=show_id)
    return Replay(
        show_id=show_id,
        playback_url=f"{addresses.http}/hls/{row.playback_id}/replay.m3u8",
        duration_ms=row.recorded_ms,
    )


async def publish_replay(tx: Tx, show_id: UUID) -> shows.ShowPlan:
    """Put the recording up for shoppers."""
    require(tx, Can.RUN_SHOWS)
    row = await of_show(tx, show_id)
    if not row.recording:
        raise NoRecording(show_id=show_id)
    return await shows.publish_replay(tx, show_id)


async def recorded(tx: Tx, show_id: UUID) -> bool:
    """Say whether anything of the show was recorded."""
    return (await of_show(tx, show_id)).recording


async def stream_of(tx: Tx, show_id: UUID) -> UUID:
    """Return the id that the media engine knows the show's stream by."""
    return (await of_show(tx, show_id)).stream_id


async def stream_key(tx: Tx, show_id: UUID, source: SourceName = SourceName.MAIN) -> str:
    """Return a source's stream key, for the system itself (the demo publishes its clip)."""
    row = await of_show(tx, show_id)
    if source is SourceName.MAIN:
        return row.stream_key
    return _key(await sources_of(tx, row))


async def _sources(tx: Tx, row: BroadcastRow) -> Sources:
    found = await sources_of(tx, row)
    on = row.state is VideoState.LIVE
    # Before a show the backup may stand in while main stays the preferred one.
    playing = next(
        (each.name for each in found.values() if on and each.session == row.session), row.source
    )
    return Sources(
        show_id=row.show_id,
        version=row.switches,
        switched_by=row.switched_by,
        switched_at=row.switched_at,
        items=[
            StreamSource(
                name=name,
                state=found[name].state,
                on_air=on and name is playing,
                protocol=found[name].protocol,
                width=found[name].width,
                height=found[name].height,
                started_at=found[name].started_at,
            )
            for name in SourceName
        ],
    )


def _key(found: dict[SourceName, SourceRow]) -> str:
    return found[SourceName.BACKUP].stream_key or ""


async def _view(tx: Tx, row: BroadcastRow, addresses: Addresses) -> Broadcast:
    return Broadcast(
        show_id=row.show_id,
        state=row.state,
        protocol=row.protocol,
        rtmp_url=addresses.rtmp,
        stream_key=row.stream_key,
        backup_key=_key(await sources_of(tx, row)),
        whip_url=f"{addresses.http}/whip",
        playback_url=f"{addresses.http}/hls/{row.playback_id}/live.m3u8",
        width=row.width,
        height=row.height,
        started_at=row.started_at,
    )
