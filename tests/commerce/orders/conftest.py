"""A shop that sells both ways: by the batcher, and order by order; and one with a till."""

from uuid import UUID

import pytest

from tests.commerce.orders.shop import Shop
from tests.commerce.orders.till import Till
from xinbo.engines.tx import Database


@pytest.fixture(params=[True, False], ids=["batched", "one by one"])
def shop(request: pytest.FixtureRequest, database: Database, merchant_id: UUID) -> Shop:
    return Shop(database, merchant_id, batched=request.param)


@pytest.fixture
def till(database: Database, merchant_id: UUID) -> Till:
    return Till(database, merchant_id)
