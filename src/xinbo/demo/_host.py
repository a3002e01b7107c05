"""The demo's host: moves to the next product when the clip does, unless a person took over."""

import asyncio
from uuid import UUID

from xinbo.engines.tx import Database, system
from xinbo.live import shows, stage
from xinbo.live.shows import ShowStatus

CHAPTER = 70
"""Seconds a product stays pinned: the clip, 60 s of six products, then shows the next one."""


async def keep_pinning(database: Database, merchant_id: UUID, show_id: UUID) -> None:
    """Pin the line-up in turn while the show is on air.

    Whoever pins or unpins in the console takes over for good: the demo must not fight people.
    """
    ours: UUID | None = None
    place = 0
    while True:
        async with database.begin(system(merchant_id)) as tx:
            view = await stage.snapshot(tx, show_id)
            if view.show.status is not ShowStatus.LIVE:
                return
            began = ours is not None
            if began and view.pinned_product_id != ours:
                await asyncio.Event().wait()
            items = await shows.line_up(tx, show_id)
            product_id = items[place % len(items)].product_id
            cues = [
                cue for cue in (await shows.plan(tx, show_id)).cues if cue.product_id == product_id
            ]
            await stage.pin(tx, show_id, product_id)
            if cues:
                await stage.start_cue(tx, show_id, cues[0].id)
            ours, place = product_id, place + 1
        await asyncio.sleep(CHAPTER)
