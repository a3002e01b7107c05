"""The analytics store, as every test of this process shares it."""

from collections.abc import AsyncIterator

import pytest

from tests.engines.olap.support import DATA
from xinbo.engines.olap import Store, open_store


@pytest.fixture(scope="session")
async def store(anyio_backend: str) -> AsyncIterator[Store]:
    async with await open_store(DATA / "analytics") as store:
        yield store
