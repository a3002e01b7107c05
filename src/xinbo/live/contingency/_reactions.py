"""What opens and closes incidents by itself: pictures, stock, and the end of the show."""

import asyncio
from uuid import UUID

import msgspec

from xinbo.commerce.inventory import StockChanged
from xinbo.commerce.orders import OrderCancelled, OrderPlaced
from xinbo.engines.bus import Bus
from xinbo.engines.events import Fact, Reaction
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import NIL
from xinbo.live import shows
from xinbo.live.broadcasts import VideoChanged, VideoState
from xinbo.live.contingency._service.detecting import (
    look_at_heroes,
    look_for_pictures,
    show_over,
    video_back,
    video_lost,
)
from xinbo.live.shows import ShowChanged

EVERY = 0.5
"""Seconds between two looks at the stock of hero products: many orders make one look."""


async def on_video_changed(tx: Tx, event: VideoChanged) -> None:
    """Watch pictures that went; close what was opened because of it when they are back."""
    if event.state is VideoState.OFFLINE:
        await video_lost(tx, event.show_id)
    elif event.state is VideoState.LIVE:
        await video_back(tx, event.show_id)


async def on_show_changed(tx: Tx, event: ShowChanged) -> None:
    """Close what is open when a show or its rehearsal is over."""
    await show_over(tx, event.show_id)


REACTIONS = (
    Reaction("contingency.video_changed", VideoChanged, on_video_changed),
    Reaction("contingency.show_changed", ShowChanged, on_show_changed),
)
JOBS = (look_for_pictures,)


async def watch_heroes(database: Database, bus: Bus) -> None:
    """Look at hero products of shows on air, for ever, soon after any stock changed."""
    dirty: set[UUID] = set()
    changed = asyncio.Event()

    async def heard(_: str, message: bytes) -> None:
        dirty.add(msgspec.json.decode(message, type=Fact).merchant_id)
        changed.set()

    for event in (OrderPlaced, OrderCancelled, StockChanged):
        await bus.subscribe(f"facts.*.{event.name}", heard)
    async with database.begin(system(NIL)) as tx:  # whatever ran out while nobody looked
        dirty |= {merchant_id for merchant_id, _ in await shows.on_air(tx)}
    changed.set()
    while True:
        await changed.wait()
        await asyncio.sleep(EVERY)
        changed.clear()
        merchants = dirty.copy()
        dirty.clear()
        async with database.begin(system(NIL)) as tx:
            rooms = [pair for pair in await shows.on_air(tx) if pair[0] in merchants]
        for merchant_id, show_id in rooms:
            await _look(database, merchant_id, show_id)


async def _look(database: Database, merchant_id: UUID, show_id: UUID) -> None:
    try:
        async with database.begin(system(merchant_id)) as tx:
            await look_at_heroes(tx, show_id)
    except XinboError:  # the show ended, or its line-up changed, since it was listed
        return
