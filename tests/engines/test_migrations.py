"""The migrations make the tables that the code has."""

import importlib
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from xinbo.engines.db import Model, migrate

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'"),
]

SOURCE = Path(__file__).parents[2] / "src"
TABLES = sorted(SOURCE.glob("xinbo/*/*/_models.py"))


def differences(connection: Connection) -> list[object]:
    for file in TABLES:
        importlib.import_module(".".join(file.relative_to(SOURCE).with_suffix("").parts))
    context = MigrationContext.configure(connection, opts={"compare_type": False})
    return list(compare_metadata(context, Model.metadata))


async def test_code_and_migrations_agree(database_url: str) -> None:
    await migrate(database_url)
    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()
