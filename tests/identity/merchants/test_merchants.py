"""A merchant is found by its slug; the first one is the default."""

from uuid import UUID

import pytest

from tests.support import opened
from xinbo.engines.tx import Database, Tx, system
from xinbo.identity import merchants
from xinbo.identity.merchants import MerchantNotFound, SlugTaken
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio


async def test_a_merchant_shows_who_really_sells(tx: Tx) -> None:
    shown = await merchants.current(tx)
    assert (shown.seller_name, shown.licence_number) == (
        "青禾生活科技有限公司",
        "91330100XINBO00001",
    )


async def test_a_slug_names_one_merchant(database: Database, merchant_id: UUID) -> None:
    slug = f"taken-{new_id()}"
    own = await opened(database, slug)
    with pytest.raises(SlugTaken):
        await opened(database, slug)
    async with database.begin(system(NIL)) as tx:
        assert await merchants.find(tx, slug) == own
        assert await merchants.find(tx, None) != NIL
        with pytest.raises(MerchantNotFound):
            await merchants.find(tx, "no-such-shop")
