"""Run the demo: publish its clip and let its audience in, until stopped."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from xinbo.demo._audience import Room, Visit
from xinbo.demo._goods import PASSWORD, SHOPPER_PHONE, SLUG, STAFF
from xinbo.demo._host import keep_pinning
from xinbo.demo._seed import CLIP, seed
from xinbo.engines.media import publish_file
from xinbo.engines.process import connected
from xinbo.engines.settings import Settings
from xinbo.engines.tx import system
from xinbo.live import broadcasts

AUDIENCE = 14
log = logging.getLogger("xinbo.demo")


async def ensure(settings: Settings) -> None:
    """Make the demo's merchant, goods and show where they are missing."""
    async with connected(settings, "demo", pool=2) as (database, _):
        await seed(database, database.blobs)


def summary() -> list[str]:
    """Say how to sign in."""
    seats = ", ".join(name for name, _, _ in STAFF)
    return [
        f"Sign in     owner@{SLUG}.example, password {PASSWORD}",
        f"            (seats: {seats})",
        f"Shopper     {SHOPPER_PHONE.removeprefix('+86')}; the code is shown on the sign-in sheet",
        "Demo        a show is on air; its audience is simulated, and marked so",
    ]


async def serve(settings: Settings) -> None:
    """Keep the demo show on air, again and again should an engine be away."""
    async with connected(settings, "demo", pool=4) as (database, _):
        merchant_id, show_id = await seed(database, database.blobs)
        async with database.begin(system(merchant_id)) as tx:
            key = await broadcasts.stream_key(tx, show_id)
        clip = f"rtmp://127.0.0.1:{settings.rtmp_port}/live/{key}"
        async with asyncio.TaskGroup() as group:
            group.create_task(_keep(lambda: publish_file(CLIP, clip)))
            group.create_task(_keep(lambda: keep_pinning(database, merchant_id, show_id)))
            room = Room(settings, database, merchant_id, show_id)
            for number in range(AUDIENCE):
                group.create_task(_keep(Visit(room, number).run))


async def _keep(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception as fault:  # noqa: BLE001 - the demo goes on whatever is away
            log.warning("demo begins again: %s: %s", type(fault).__name__, fault)
        await asyncio.sleep(3)
