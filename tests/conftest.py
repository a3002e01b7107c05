"""Fixtures every room's tests share: real engines, and a merchant of one's own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.support import NOW, opened
from xinbo.engines.blobs import Blobs
from xinbo.engines.bus import Bus, connect
from xinbo.engines.db import migrate
from xinbo.engines.embedded import Nats, Postgres
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Actor, Database, Role, Tx, Unit
from xinbo.kit.ids import new_id


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def engines_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("engines")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def postgres(engines_folder: Path) -> Iterator[Postgres]:
    """A PostgreSQL of this test run's own."""
    server = Postgres(engines_folder / "postgres")
    with server:
        yield server


@pytest.fixture(scope="session")
async def database_url(postgres: Postgres, anyio_backend: str) -> str:
    """SQLAlchemy's address of a database with every migration applied."""
    url = postgres.url.replace("postgresql://", "postgresql+asyncpg://", 1)
    await migrate(url)
    return url


@pytest.fixture(scope="session")
def nats(engines_folder: Path) -> Iterator[Nats]:
    """A NATS of this test run's own."""
    server = Nats(engines_folder / "nats")
    with server:
        yield server


@pytest.fixture
async def bus(nats: Nats) -> AsyncIterator[Bus]:
    """A connection to NATS with both streams open."""
    bus = await connect(nats.url)
    await bus.open_streams()
    yield bus
    await bus.close()


@pytest.fixture
def jobs() -> RecordedJobs:
    return RecordedJobs()


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.fixture
async def database(database_url: str, jobs: RecordedJobs, blobs: Blobs) -> AsyncIterator[Database]:
    """A database that really commits."""
    database = Database(database_url, jobs, blobs=blobs)
    yield database
    await database.engine.dispose()


@pytest.fixture
async def merchant_id(database: Database) -> UUID:
    """A merchant of this test's own."""
    return await opened(database)


@pytest.fixture
async def other_merchant_id(database: Database) -> UUID:
    """Another merchant, who must see nothing."""
    return await opened(database)


@pytest.fixture
def owner(merchant_id: UUID) -> Actor:
    """The merchant's owner."""
    return Actor(merchant_id, Role.OWNER, new_id())


@pytest.fixture
async def tx(database: Database, owner: Actor, jobs: RecordedJobs) -> AsyncIterator[Tx]:
    """A transaction of the merchant's owner, undone when the test ends."""
    async with database.engine.connect() as connection:
        transaction = await connection.begin()
        session = AsyncSession(bind=connection, expire_on_commit=False)
        yield Tx(Unit(lambda: session), owner, NOW, jobs, database)
        await session.close()
        await transaction.rollback()
