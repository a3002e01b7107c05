"""One running Xinbo for all tests of the system; each has a merchant of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.system.running import Up
from tests.system.shop import House, open_house
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Database


@pytest.fixture(scope="session")
async def up(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Up]:
    """Everything, with two web processes."""
    up = Up(_folder(tmp_path_factory), web=2)
    try:
        await up.start()
        yield up
    finally:
        up.stop()


def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("system")
    data.chmod(0o755)  # PostgreSQL runs as another user where we are root
    return data


@pytest.fixture
async def house(up: Up) -> AsyncIterator[House]:
    """A merchant of this test's own, and the door to the database that it is in."""
    database = Database(up.settings.database_url, RecordedJobs(), pool=2)
    yield await open_house(up, database)
    await database.engine.dispose()
