"""A show that lives on one product, on air or in rehearsal."""

from uuid import UUID

from tests.support import planned_show, product_on_sale
from xinbo.commerce.catalog import Product
from xinbo.engines.tx import Tx
from xinbo.live import shows
from xinbo.live.shows import LineUpRole, PutLineUp, PutLineUpItem, PutLineUpSku


async def show_with_hero(tx: Tx, *, stock: int | None = 10) -> tuple[UUID, Product, Product]:
    """Plan a show of a hero product and another; return its id and both."""
    hero, other = await product_on_sale(tx), await product_on_sale(tx)
    show_id = await planned_show(tx, [hero, other], stock=stock)
    plan = await shows.plan(tx, show_id)
    items = [
        PutLineUpItem(
            product_id=product.id,
            talking_points="",
            role=role,
            skus=[PutLineUpSku(sku_id=sku.id, price=8_000, stock=stock) for sku in product.skus],
        )
        for product, role in ((hero, LineUpRole.HERO), (other, None))
    ]
    await shows.put_line_up(tx, show_id, PutLineUp(items=items, version=plan.version))
    return show_id, hero, other
