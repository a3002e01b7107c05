"""The analytics store, shared by all tests of a process: shows keep them apart."""

from collections.abc import AsyncIterator

import pytest

from tests.engines.olap.support import DATA
from xinbo.analytics.metrics._service import _kept
from xinbo.engines.olap import Store, open_store


@pytest.fixture(scope="session")
async def store(anyio_backend: str) -> AsyncIterator[Store]:
    async with await open_store(DATA / "analytics") as store:
        await _kept.prepare(store)
        yield store
