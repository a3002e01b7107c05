"""A shop with an after-sales counter, and an arbiter."""

from uuid import UUID

import pytest

from tests.commerce.aftersales.counter import Counter
from xinbo.engines.tx import Actor, Database, Role
from xinbo.kit.ids import new_id


@pytest.fixture
def shop(database: Database, merchant_id: UUID) -> Counter:
    return Counter(database, merchant_id)


@pytest.fixture
def arbiter(merchant_id: UUID) -> Actor:
    """Somebody who decides, and works for neither side of the counter."""
    return Actor(merchant_id, Role.SUPERVISOR, new_id())
