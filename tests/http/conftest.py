"""The web process without a socket, and two merchants in it who must not meet."""

import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from litestar import Litestar

from tests.http.support import World, built
from xinbo.app import create_app
from xinbo.commerce import payments
from xinbo.commerce.payments import Sandbox
from xinbo.engines.blobs import Blobs
from xinbo.engines.bus import Bus, connect
from xinbo.engines.embedded import Nats
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings of this file's own: not of a development machine."""
    data: Path = tmp_path_factory.mktemp("web")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XINBO_DATA", str(data))
        patch.setenv("XINBO_SECRET", "a secret of the tests")
        return msgspec.structs.replace(Settings.load(), dev=False, unpaid_orders="0,0,0")


@pytest.fixture(scope="module")
async def house(database_url: str, settings: Settings) -> AsyncIterator[Database]:
    """A database that really commits, for all tests of a file."""
    database = Database(database_url, RecordedJobs(), blobs=Blobs(settings.data / "blobs"))
    yield database
    await database.engine.dispose()


@pytest.fixture(scope="module")
async def wire(nats: Nats, anyio_backend: str) -> AsyncIterator[Bus]:
    """A bus on which no analytics answer."""
    bus = await connect(nats.url)
    await bus.open_streams()
    yield bus
    await bus.close()


@pytest.fixture(scope="module")
def app(house: Database, wire: Bus, settings: Settings) -> Litestar:
    """The web process."""
    payments.use(Sandbox(settings))
    return application(house, settings, wire)


def application(database: Database, settings: Settings, bus: Bus) -> Litestar:
    """Build it. Litestar 2 warns of what Litestar 3 will ask of handlers' annotations."""
    with warnings.catch_warnings(action="ignore"):
        return create_app(database, settings, bus)


@pytest.fixture(scope="module")
async def ours(house: Database) -> World:
    """The merchant whose things others try to see."""
    return await built(house)


@pytest.fixture(scope="module")
async def theirs(house: Database) -> World:
    """Another merchant, with an owner and shoppers."""
    return await built(house)
