"""What the media engine asks and tells: who may publish where, and what is on air."""

from uuid import UUID

from sqlalchemy import or_, select

from xinbo.engines.tx import Tx, system
from xinbo.kit.errors import NotAllowed
from xinbo.live import shows, signals
from xinbo.live.broadcasts._models import BroadcastRow, SourceRow
from xinbo.live.broadcasts._rows import changed, sources_of
from xinbo.live.broadcasts._rules import read_whip
from xinbo.live.broadcasts._types import (
    Granted,
    Hook,
    SourceChanged,
    SourceName,
    SwitchReason,
    VideoState,
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


async def hear(tx: Tx, hook: Hook, key: bytes) -> Granted | None:
    """Answer the media engine: who may publish where; and note what it says is on air."""
    match hook.action:
        case "publish":
            return await _grant(tx, hook, key)
        case "restarted":
            await _all_offline(tx)
        case "started" | "switched" | "stopped":
            await _note(tx, hook)
    return None


async def _grant(tx: Tx, hook: Hook, key: bytes) -> Granted:
    """Find the source that a credential opens. Whether it is free, the engine knows."""
    show_id, source = await _opened(tx, hook, key)
    row = await tx.db.scalar(
        select(BroadcastRow).where(BroadcastRow.show_id == show_id).with_for_update()
    )
    if row is None:
        raise StreamKeyRefused
    show = await shows.get(tx.acting(system(row.merchant_id)), row.show_id)
    if show.status not in PUBLISHABLE:
        raise StreamKeyRefused(status=show.status)
    return Granted(
        stream_id=row.stream_id,
        playback_id=row.playback_id,
        show_id=row.show_id,
        source=source,
        preferred=source is row.source,
    )


async def _opened(tx: Tx, hook: Hook, key: bytes) -> tuple[UUID | None, SourceName]:
    credential = hook.credential or ""
    if hook.protocol == "whip":
        read = read_whip(key, credential, tx.now)
        return (read[0], SourceName(read[1])) if read else (None, SourceName.MAIN)
    show_id = await tx.db.scalar(
        select(BroadcastRow.show_id).where(BroadcastRow.stream_key == credential)
    )
    if show_id:
        return show_id, SourceName.MAIN
    backup = select(SourceRow.show_id).where(SourceRow.stream_key == credential)
    return await tx.db.scalar(backup), SourceName.BACKUP


async def _note(tx: Tx, hook: Hook) -> None:
    """Record that pictures came, went, or come by another source.

    News of an older session of a source changes nothing about it.
    """
    row = await tx.db.scalar(
        select(BroadcastRow).where(BroadcastRow.stream_id == hook.stream_id).with_for_update()
    )
    if row is None:
        raise StreamKeyRefused
    own = tx.acting(system(row.merchant_id))
    source = (await sources_of(tx, row))[hook.source]
    if hook.action == "stopped":
        row.recorded_ms += hook.duration_ms or 0
        if source.session == hook.session:
            source.state, source.session = VideoState.OFFLINE, None
        elif hook.on_air is None:
            await tx.db.flush()
            return
    elif hook.action == "started":
        source.state, source.session, source.protocol = (
            VideoState.LIVE,
            hook.session,
            hook.protocol,
        )
        source.width, source.height, source.started_at = hook.width, hook.height, tx.now
    await _programme(own, row, hook)
    await signals.tell(own, row.show_id, "sources", to="staff")


async def _programme(tx: Tx, row: BroadcastRow, hook: Hook) -> None:
    """Bring the programme up to date with what the engine says is on air."""
    on_air = hook.on_air or _guess(row, hook)
    if on_air == "none":
        if row.state is not VideoState.OFFLINE:
            row.state, row.session = VideoState.OFFLINE, None
            await tx.db.flush()
            await tx.emit(changed(row))
        await tx.db.flush()
        return
    name, was = SourceName(on_air), (row.state, row.source, row.session)
    source = (await sources_of(tx, row))[name]
    if name is not row.source:
        await _moved(tx, row, name, hook.reason or "first")
    row.state, row.recording = VideoState.LIVE, True
    row.session, row.protocol = source.session, source.protocol
    row.width, row.height, row.started_at = source.width, source.height, source.started_at
    await tx.db.flush()
    same_pictures = was[0] is VideoState.LIVE and (was[1] is not name or was[2] == row.session)
    if not same_pictures:
        await tx.emit(changed(row))


async def _moved(tx: Tx, row: BroadcastRow, name: SourceName, reason: SwitchReason) -> None:
    """Note the new source, unless it only stands in before the show: main is awaited then."""
    show = await shows.get(tx, row.show_id)
    if reason == "first" and show.status is not ShowStatus.LIVE:
        return
    row.source = name
    if reason != "command":  # who commanded is on record, and counted, already
        row.switches += 1
        row.switched_by, row.switched_at = None, tx.now
    await tx.db.flush()
    await tx.emit(SourceChanged(show_id=row.show_id, source=name, reason=reason))


def _guess(row: BroadcastRow, hook: Hook) -> str:
    """Say what is on air after news that does not tell: of an engine with one source."""
    if hook.action != "stopped":
        return hook.source
    if row.state is VideoState.LIVE and row.source is not hook.source:
        return row.source
    return "none"


async def _all_offline(tx: Tx) -> None:
    """Note that the engine began anew: whatever it carried before is gone."""
    shows_on = select(SourceRow.show_id).where(SourceRow.state != VideoState.OFFLINE)
    rows = await tx.db.scalars(
        select(BroadcastRow)
        .where(or_(BroadcastRow.state != VideoState.OFFLINE, BroadcastRow.show_id.in_(shows_on)))
        .order_by(BroadcastRow.show_id)
        .with_for_update()
    )
    for row in rows.all():
        for source in (await sources_of(tx, row)).values():
            source.state, source.session = VideoState.OFFLINE, None
        was, row.state, row.session = row.state, VideoState.OFFLINE, None
        await tx.db.flush()
        if was is not VideoState.OFFLINE:
            await tx.acting(system(row.merchant_id)).emit(changed(row))
