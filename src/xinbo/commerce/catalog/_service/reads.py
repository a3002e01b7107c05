"""Find products and SKUs."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from xinbo.commerce.catalog._models import CategoryRow, PictureRow, ProductRow, SkuRow
from xinbo.commerce.catalog._rules import clean
from xinbo.commerce.catalog._types import Product, ProductStatus, ReturnRule, SkuCard
from xinbo.engines import blobs
from xinbo.engines.tx import Actor, Tx
from xinbo.identity.access import Can, require
from xinbo.kit import paging
from xinbo.kit.errors import NotFound
from xinbo.kit.wire import Page


class ProductNotFound(NotFound):
    """Raised when there is no such product, or the actor may not see it: the two look alike."""


async def get(tx: Tx, product_id: UUID) -> Product:
    """Show one product to someone who may see it."""
    return Product.of(await row(tx, product_id))


async def on_sale(tx: Tx, cursor: str | None, limit: int) -> Page[Product]:
    """List active products, the newest first."""
    query = select(ProductRow).where(ProductRow.status == ProductStatus.ACTIVE)
    return await _page(tx, query, cursor, limit)


async def search(
    tx: Tx, words: str | None, status: ProductStatus | None, cursor: str | None, limit: int
) -> Page[Product]:
    """List goods for the staff: all words in title, subtitle, handle or an SKU code."""
    require(tx, Can.SEE_CONSOLE)
    query = select(ProductRow)
    if status is not None:
        query = query.where(ProductRow.status == status)
    for word in clean(words or "")[:200].split()[:8]:
        query = query.where(_mentions(tx, word))
    return await _page(tx, query, cursor, limit)


async def products(tx: Tx, product_ids: Sequence[UUID]) -> list[Product]:
    """Show these products, in the order asked for, leaving out what the actor may not see."""
    query = select(ProductRow).where(ProductRow.id.in_(product_ids))
    found = {each.id: each for each in await _rows(tx, query)}
    return [Product.of(found[each]) for each in product_ids if each in found]


async def skus(tx: Tx, sku_ids: Iterable[UUID]) -> dict[UUID, SkuCard]:
    """Show these SKUs, also such as are off sale; one query.

    Shoppers see nothing of drafts: a card that is missing here was never for sale.
    """
    first = (
        select(PictureRow.thumb_key)
        .where(PictureRow.product_id == ProductRow.id)
        .order_by(PictureRow.position, PictureRow.id)
        .limit(1)
        .correlate(ProductRow)
        .scalar_subquery()
    )
    found = await tx.db.execute(
        select(
            SkuRow,
            ProductRow.title,
            ProductRow.unit,
            and_(ProductRow.status == ProductStatus.ACTIVE, SkuRow.retired_at.is_(None)),
            func.coalesce(PictureRow.thumb_key, first),
            ProductRow.brand,
            CategoryRow.path,
            CategoryRow.effective_rule,
        )
        .join(ProductRow, ProductRow.id == SkuRow.product_id)
        .outerjoin(CategoryRow, CategoryRow.id == ProductRow.category_id)
        .outerjoin(PictureRow, PictureRow.id == SkuRow.picture_id)
        .where(SkuRow.id.in_(list(sku_ids)), _known(tx.actor))
    )
    return {
        sku.id: SkuCard(
            sku_id=sku.id,
            product_id=sku.product_id,
            code=sku.code,
            title=title,
            options=sku.options,
            unit=unit,
            picture_url=blobs.url(thumb) if thumb else None,
            price=sku.price,
            currency=sku.currency,
            on_sale=on_sale,
            category_ids=path or [],
            brand=brand,
            grams=sku.grams,
            return_rule=ReturnRule(rule or ReturnRule.SEVEN_DAYS),
        )
        for sku, title, unit, on_sale, thumb, brand, path, rule in found
    }


async def matching(tx: Tx, codes: Sequence[str], handles: Sequence[str]) -> list[Product]:
    """List the merchant's products that have any of these SKU codes or handles (imports)."""
    require(tx, Can.EDIT_GOODS)
    by_code = select(SkuRow.product_id).where(
        SkuRow.merchant_id == tx.merchant_id,
        SkuRow.retired_at.is_(None),
        SkuRow.code == func.any(list(codes)),
    )
    query = select(ProductRow).where(
        or_(ProductRow.handle == func.any(list(handles)), ProductRow.id.in_(by_code))
    )
    return [Product.of(each) for each in await _rows(tx, query.order_by(ProductRow.id))]


async def every(tx: Tx) -> list[Product]:
    """List all goods of the merchant, the oldest first (exports)."""
    require(tx, Can.SEE_CONSOLE)
    query = select(ProductRow).order_by(ProductRow.id)
    return [Product.of(each) for each in await _rows(tx, query)]


async def row(tx: Tx, product_id: UUID, *, for_update: bool = False) -> ProductRow:
    """Fetch the product if the actor may see it; lock it first where it is about to change."""
    query = select(ProductRow).where(ProductRow.id == product_id)
    found = await _rows(tx, query.with_for_update() if for_update else query)
    if not found:
        raise ProductNotFound(product_id=product_id)
    return found[0]


async def _rows(tx: Tx, query: Select[ProductRow]) -> Sequence[ProductRow]:
    """Fetch products that the actor may see, with variants and pictures: three queries."""
    whole = query.where(_visible(tx.actor)).options(
        selectinload(ProductRow.pictures), selectinload(ProductRow.skus)
    )
    return (await tx.db.scalars(whole.execution_options(populate_existing=True))).all()


async def _page(tx: Tx, query: Select[ProductRow], cursor: str | None, limit: int) -> Page[Product]:
    last = paging.after(cursor)
    if last is not None:
        query = query.where(ProductRow.id < last)
    rows = await _rows(tx, query.order_by(ProductRow.id.desc()).limit(limit + 1))
    return paging.page(rows, limit, Product.of, lambda each: each.id)


def _mentions(tx: Tx, word: str) -> ColumnElement[bool]:
    coded = select(SkuRow.product_id).where(
        SkuRow.merchant_id == tx.merchant_id,
        SkuRow.retired_at.is_(None),
        SkuRow.code.icontains(word, autoescape=True),
    )
    return or_(
        ProductRow.title.icontains(word, autoescape=True),
        ProductRow.subtitle.icontains(word, autoescape=True),
        ProductRow.handle.icontains(word, autoescape=True),
        ProductRow.id.in_(coded),
    )


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show everyone what is on sale with the merchant, its staff everything of the merchant."""
    of_the_merchant = ProductRow.merchant_id == actor.merchant_id
    if actor.is_staff:
        return of_the_merchant
    return and_(of_the_merchant, ProductRow.status == ProductStatus.ACTIVE)


def _known(actor: Actor) -> ColumnElement[bool]:
    """Keep showing shoppers what was on sale: it may be in their carts and orders."""
    of_the_merchant = ProductRow.merchant_id == actor.merchant_id
    if actor.is_staff:
        return of_the_merchant
    return and_(of_the_merchant, ProductRow.status != ProductStatus.DRAFT)
