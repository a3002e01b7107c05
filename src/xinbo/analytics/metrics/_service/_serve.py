"""The analytics side of the worker: keep, count, tell, answer."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from xinbo.engines.bus import Bus
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database


@asynccontextmanager
async def serve_analytics(settings: Settings, database: Database, bus: Bus) -> AsyncGenerator[None]:
    """Keep and count until left. One process per data folder may do so."""
    del settings, database, bus
    yield
