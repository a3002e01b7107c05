"""A shop on air whose agents serve."""

from uuid import UUID

import pytest

from tests.live.conversations.desk import Desk
from xinbo.engines.tx import Database


@pytest.fixture
async def desk(database: Database, merchant_id: UUID) -> Desk:
    desk = Desk(database, merchant_id)
    await desk.open_shop()
    return desk
