"""Give shows their way on air, and hear from the media engine how it goes."""

from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, false, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.tx import Actor, Role, Tx, system
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import NotAllowed, NotFound
from xinbo.kit.ids import NIL, new_id
from xinbo.live import shows
from xinbo.live.broadcasts._models import BroadcastRow
from xinbo.live.broadcasts._rules import (
    WHIP_LASTS,
    new_playback_id,
    new_stream_key,
    read_whip,
    sign_whip,
)
from xinbo.live.broadcasts._types import (
    Broadcast,
    Granted,
    Hook,
    Replay,
    Video,
    VideoChanged,
    VideoState,
    WhipToken,
)
from xinbo.live.shows import ShowStatus

PUBLISHABLE = frozenset(
    {ShowStatus.DRAFT, ShowStatus.SCHEDULED, ShowStatus.REHEARSAL, ShowStatus.LIVE}
)


class StreamKeyRefused(NotAllowed):
    """Raised when a publisher's key or token is wrong, too old, or its show is over."""


class HookRefused(NotAllowed):
    """Raised when a hook does not come from our media engine."""

    status = 401


class NoRecording(NotFound):
    """Raised when nothing of the show was recorded."""


class Addresses(msgspec.Struct, frozen=True):
    """Where the media engine is, seen from the caller, and the key that signs WHIP tokens."""

    http: str
    rtmp: str
    key: bytes


async def get(tx: Tx, show_id: UUID, addresses: Addresses) -> Broadcast:
    """Show the staff how to publish, and whether someone does."""
    require(tx, Can.PUBLISH_VIDEO)
    return _view(await _of_show(tx, show_id), addresses)


async def rotate(tx: Tx, show_id: UUID, addresses: Addresses) -> Broadcast:
    """Make a new stream key. Who publishes by the old one now may finish; nobody new may."""
    require(tx, Can.PUBLISH_VIDEO)
    row = await _of_show(tx, show_id)
    row.stream_key = new_stream_key()
    await tx.db.flush()
    return _view(row, addresses)


async def whip_token(tx: Tx, show_id: UUID, addresses: Addresses) -> WhipToken:
    """Let a console page publish its camera for two hours."""
    require(tx, Can.PUBLISH_VIDEO)
    await _of_show(tx, show_id)
    expires_at = tx.now + WHIP_LASTS
    return WhipToken(
        url=f"{addresses.http}/whip",
        token=sign_whip(addresses.key, show_id, expires_at),
        expires_at=expires_at,
    )


async def video(tx: Tx, show_id: UUID) -> Video:
    """Say whether a show has moving pictures, for those who may see the show."""
    row = await tx.db.scalar(
        select(BroadcastRow).where(
            BroadcastRow.show_id == show_id, BroadcastRow.merchant_id == tx.merchant_id
        )
    )
    return Video(state=VideoState.OFFLINE, playback_path=None) if row is None else _video(row)


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
    row = await _of_show(tx, show_id)
    if not row.recording:
        raise NoRecording(show_id=show_id)
    return await shows.publish_replay(tx, show_id)


async def hear(tx: Tx, hook: Hook, key: bytes) -> Granted | None:
    """Answer the media engine: who may publish where; and note what it says is on air."""
    match hook.action:
        case "publish":
            return await _grant(tx, hook, key)
        case "restarted":
            await _all_offline(tx)
        case "started" | "stopped":
            await _note(tx, hook)
    return None


async def _grant(tx: Tx, hook: Hook, key: bytes) -> Granted:
    """Find the show that a credential opens. Whether its stream is free, the engine knows."""
    show_id = None
    credential = hook.credential or ""
    if hook.protocol == "whip":
        show_id = read_whip(key, credential, tx.now)
        found = BroadcastRow.show_id == show_id
    else:
        found = BroadcastRow.stream_key == credential
    row = await tx.db.scalar(select(BroadcastRow).where(found).with_for_update())
    if row is None:
        raise StreamKeyRefused
    show = await shows.get(tx.acting(system(row.merchant_id)), row.show_id)
    if show.status not in PUBLISHABLE:
        raise StreamKeyRefused(status=show.status)
    return Granted(stream_id=row.stream_id, playback_id=row.playback_id, show_id=row.show_id)


async def _note(tx: Tx, hook: Hook) -> None:
    """Record that moving pictures came or went. News of an older session changes nothing."""
    row = await tx.db.scalar(
        select(BroadcastRow).where(BroadcastRow.stream_id == hook.stream_id).with_for_update()
    )
    if row is None:
        raise StreamKeyRefused
    own = tx.acting(system(row.merchant_id))
    if hook.action == "started":
        row.state, row.session, row.protocol = VideoState.LIVE, hook.session, hook.protocol
        row.width, row.height = hook.width, hook.height
        row.started_at, row.recording = tx.now, True
    else:
        row.recorded_ms += hook.duration_ms or 0
        if row.session != hook.session:
            return
        row.state, row.session = VideoState.OFFLINE, None
    await tx.db.flush()
    await own.emit(_changed(row))


async def _all_offline(tx: Tx) -> None:
    """Note that the engine began anew: whatever it carried before is gone."""
    rows = await tx.db.scalars(
        select(BroadcastRow)
        .where(BroadcastRow.state != VideoState.OFFLINE)
        .order_by(BroadcastRow.show_id)
        .with_for_update()
    )
    for row in rows.all():
        row.state, row.session = VideoState.OFFLINE, None
        await tx.db.flush()
        await tx.acting(system(row.merchant_id)).emit(_changed(row))


async def recorded(tx: Tx, show_id: UUID) -> bool:
    """Say whether anything of the show was recorded."""
    return (await _of_show(tx, show_id)).recording


async def stream_of(tx: Tx, show_id: UUID) -> UUID:
    """Return the id that the media engine knows the show's stream by."""
    return (await _of_show(tx, show_id)).stream_id


async def stream_key(tx: Tx, show_id: UUID) -> str:
    """Return the show's stream key, for the system itself (the demo publishes its clip)."""
    return (await _of_show(tx, show_id)).stream_key


async def _of_show(tx: Tx, show_id: UUID) -> BroadcastRow:
    """Lock the show's broadcast, making it at first use."""
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


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show staff and the system their merchant's broadcasts; a key is nobody else's business."""
    if actor.role is Role.SYSTEM and actor.merchant_id == NIL:
        return BroadcastRow.show_id.is_not(None)
    if Can.SEE_CONSOLE in allowed(actor.role):
        return BroadcastRow.merchant_id == actor.merchant_id
    return false()


def _changed(row: BroadcastRow) -> VideoChanged:
    seen = _video(row)
    return VideoChanged(show_id=row.show_id, state=seen.state, playback_path=seen.playback_path)


def _video(row: BroadcastRow) -> Video:
    path = f"/hls/{row.playback_id}/live.m3u8"
    on = row.state is not VideoState.OFFLINE
    return Video(state=row.state, playback_path=path if on else None)


def _view(row: BroadcastRow, addresses: Addresses) -> Broadcast:
    return Broadcast(
        show_id=row.show_id,
        state=row.state,
        protocol=row.protocol,
        rtmp_url=addresses.rtmp,
        stream_key=row.stream_key,
        whip_url=f"{addresses.http}/whip",
        playback_url=f"{addresses.http}/hls/{row.playback_id}/live.m3u8",
        width=row.width,
        height=row.height,
        started_at=row.started_at,
    )
