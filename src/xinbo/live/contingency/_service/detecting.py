"""What the system notices by itself: pictures that stay away, a hero product that runs out."""

from datetime import timedelta
from uuid import UUID

import msgspec

from xinbo.engines.tx import Tx
from xinbo.live import broadcasts, shows, stage
from xinbo.live.broadcasts import VideoState
from xinbo.live.contingency._models import IncidentRow
from xinbo.live.contingency._rules import IncidentKind, IncidentOutcome, StepAction
from xinbo.live.contingency._service.acts import pictures_again
from xinbo.live.contingency._service.incidents import (
    ON,
    IncidentRuns,
    end,
    open_incident,
    open_of,
)
from xinbo.live.contingency._service.plans import is_hero
from xinbo.live.contingency._types import IncidentStep, OpenIncident
from xinbo.live.shows import ShowStatus

GRACE = timedelta(seconds=3)
"""How long pictures may stay away: within it the backup stream takes over."""


async def video_lost(tx: Tx, show_id: UUID) -> None:
    """Look again when the grace is over: only what has not come back by then is an incident."""
    if (await shows.get(tx, show_id)).status not in ON:
        return
    key = f"pictures-{show_id}-{tx.now.timestamp():.3f}"
    await tx.start(look_for_pictures, str(show_id), key=key, delay=GRACE)


async def look_for_pictures(tx: Tx, show_id: str) -> None:
    """Open an incident if the pictures are still away. A job, started when they went."""
    show = await shows.get(tx, UUID(show_id))
    gone = (await broadcasts.video(tx, show.id)).state is VideoState.OFFLINE
    if show.status in ON and gone:
        await _open(tx, show.id, IncidentKind.STREAM_DOWN, None)


async def video_back(tx: Tx, show_id: UUID) -> None:
    """Close what was opened because the pictures were away, and end the text room it began."""
    for row in await open_of(tx, show_id, IncidentKind.STREAM_DOWN):
        if not row.detected:
            continue
        if _began_text_room(row) and (await stage.console_snapshot(tx, show_id)).text_room:
            await pictures_again(tx, show_id)
        await end(tx, row, IncidentOutcome.RESOLVED)


async def look_at_heroes(tx: Tx, show_id: UUID) -> None:
    """Open an incident for each hero product with nothing left; close it when there is again."""
    show = await shows.get(tx, show_id)
    if show.status is not ShowStatus.LIVE:
        return
    left = await stage.left(tx, show_id)
    out = {
        item.product_id: all(left.get(sku.sku_id, 0) <= 0 for sku in item.skus)
        for item in await shows.line_up(tx, show_id)
        if is_hero(item)
    }
    if not out:
        return
    running = {row.product_id: row for row in await open_of(tx, show_id, IncidentKind.STOCK_OUT)}
    for product_id, is_out in out.items():
        row = running.get(product_id)
        if is_out and row is None:
            await _open(tx, show_id, IncidentKind.STOCK_OUT, product_id)
        elif row is not None and row.detected and not is_out:
            await end(tx, row, IncidentOutcome.RESOLVED)


async def show_over(tx: Tx, show_id: UUID) -> None:
    """Close what nobody closed: the show, or its rehearsal, is over."""
    status = (await shows.get(tx, show_id)).status
    for row in await open_of(tx, show_id):
        if status not in ON or (row.rehearsal and status is ShowStatus.LIVE):
            await end(tx, row, IncidentOutcome.SHOW_OVER)


async def _open(tx: Tx, show_id: UUID, kind: IncidentKind, product_id: UUID | None) -> None:
    """Open what is not open yet: a colleague may have been faster than the system."""
    if any(row.product_id == product_id for row in await open_of(tx, show_id, kind)):
        return
    command = OpenIncident(kind=kind, product_id=product_id)
    try:
        await open_incident(tx, show_id, command, detected=True)
    except IncidentRuns:
        return


def _began_text_room(row: IncidentRow) -> bool:
    steps = msgspec.convert(row.steps, list[IncidentStep])
    done = [each.action for each in steps if each.done_at is not None and not each.skipped]
    return StepAction.TEXT_ROOM in done and StepAction.TEXT_ROOM_OFF not in done
