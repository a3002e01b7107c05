"""What tests share beside fixtures."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from xinbo.commerce import catalog, inventory
from xinbo.commerce.catalog import Product, ProductStatus, PutProduct, PutSku
from xinbo.engines.tx import Database, Tx, system
from xinbo.identity import merchants
from xinbo.identity.merchants import Merchant
from xinbo.kit.ids import NIL, new_id
from xinbo.live import shows
from xinbo.live.shows import PutLineUp, PutLineUpItem, PutLineUpSku, PutShow

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


async def product_on_sale(tx: Tx, *, price: int = 10_000, stock: int = 100) -> Product:
    """Put a product with one SKU and some stock on sale."""
    product = await catalog.add(
        tx,
        PutProduct(
            handle=None,
            title=f"积雪草精华 {new_id()}",
            subtitle="",
            description="",
            unit="瓶",
            status=ProductStatus.ACTIVE,
            option_names=[],
            skus=[PutSku(id=None, code=f"SKU-{new_id()}", options=[], price=price, barcode="")],
        ),
    )
    await inventory.set_on_hand_many(tx, {sku.id: stock for sku in product.skus})
    return product


async def planned_show(
    tx: Tx, products: Sequence[Product], *, price: int = 8_000, stock: int | None = 10
) -> UUID:
    """Plan a show that sells these products."""
    plan = await shows.add(
        tx,
        PutShow(
            title="初秋专场",
            summary="",
            cover_url=None,
            host_name="苏木",
            host_avatar_url=None,
            starts_at=None,
            planned_minutes=60,
            version=None,
        ),
    )
    items = [
        PutLineUpItem(
            product_id=product.id,
            talking_points="",
            skus=[PutLineUpSku(sku_id=sku.id, price=price, stock=stock) for sku in product.skus],
        )
        for product in products
    ]
    await shows.put_line_up(tx, plan.show.id, PutLineUp(items=items, version=plan.version))
    return plan.show.id
