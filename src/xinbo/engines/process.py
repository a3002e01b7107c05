"""What every process that talks to the engines opens at start and closes at the end."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from xinbo.engines.blobs import Blobs
from xinbo.engines.bus import Bus, connect
from xinbo.engines.jobs import Jobs
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database


@asynccontextmanager
async def connected(
    settings: Settings, name: str, *, pool: int
) -> AsyncGenerator[tuple[Database, Bus]]:
    """Connect to PostgreSQL, its job queue and NATS; hang up on leaving."""
    bus = await connect(settings.bus_url, name=name)
    jobs = Jobs(settings.database_url)
    blobs = Blobs(settings.data / "blobs")
    database = Database(settings.database_url, jobs, pool=pool, blobs=blobs)
    warming = asyncio.create_task(asyncio.to_thread(jobs.warm))
    try:
        yield database, bus
    finally:
        await database.engine.dispose()
        await warming
        jobs.close()
        await bus.close()
