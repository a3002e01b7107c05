"""A shop that sells both ways: by the batcher, and order by order."""

from uuid import UUID

import pytest

from tests.commerce.orders.shop import Shop
from xinbo.engines.tx import Database


@pytest.fixture(params=[True, False], ids=["batched", "one by one"])
def shop(request: pytest.FixtureRequest, database: Database, merchant_id: UUID) -> Shop:
    return Shop(database, merchant_id, batched=request.param)
