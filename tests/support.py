"""What tests share beside fixtures."""

from datetime import UTC, datetime
from uuid import UUID

from xinbo.engines.tx import Database, system
from xinbo.identity import merchants
from xinbo.identity.merchants import Merchant
from xinbo.kit.ids import NIL, new_id

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)


async def opened(database: Database, name: str = "") -> UUID:
    """Open a merchant and return its id."""
    merchant_id = new_id()
    async with database.begin(system(NIL)) as tx:
        await merchants.open_merchant(
            tx,
            Merchant(
                id=merchant_id,
                slug=name or f"m-{merchant_id}",
                name="青禾生活",
                tagline="",
                avatar_url=None,
                seller_name="青禾生活科技有限公司",
                seller_address="浙江省杭州市西湖区",
                seller_contact="0571-00000000",
                licence_number="91330100XINBO00001",
            ),
        )
    return merchant_id
