"""A real bus and two real edges, shared by a file's tests; each test has a show of its own."""

from collections.abc import AsyncGenerator, Iterator
from uuid import uuid4

import pytest

from tests.live.edge.support import House
from xinbo.engines import bus as buses
from xinbo.engines.embedded import Nats


@pytest.fixture(scope="module")
def two_edges(nats: Nats, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(nats, tmp_path_factory.mktemp("house"))
    try:
        house.add_edge()
        house.add_edge()
        yield house
    finally:
        for edge in house.edges:
            edge.end()


@pytest.fixture
async def house(two_edges: House) -> AsyncGenerator[House]:
    """Two edges that serve a show of this test's own."""
    two_edges.show = uuid4()
    two_edges.bus = await buses.connect(two_edges.nats.url)
    await two_edges.bus.open_streams()
    yield two_edges
    await two_edges.bus.close()
