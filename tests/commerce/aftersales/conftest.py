"""A shop with an after-sales counter."""

from uuid import UUID

import pytest

from tests.commerce.aftersales.counter import Counter
from xinbo.engines.tx import Database


@pytest.fixture
def shop(database: Database, merchant_id: UUID) -> Counter:
    return Counter(database, merchant_id)
