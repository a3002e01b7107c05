"""Keep what products are found by: with every write, and anew when the rules change."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.orm import selectinload

from xinbo.commerce.catalog._models import ProductRow, ProductSearchRow, SkuRow
from xinbo.commerce.catalog._rules import words
from xinbo.engines.tx import Tx

WRITE = text("""
    insert into product_search (product_id, merchant_id, version, active, sold_out, price,
                                category_id, brand, attributes, words)
    select p.id, p.merchant_id, :version, p.status = 'active', true, w.price,
           p.category_id, p.brand, p.attributes, array_to_tsvector(string_to_array(w.words, E'\\n'))
    from unnest(cast(:ids as uuid[]), cast(:prices as bigint[]), cast(:words as text[]))
      w(id, price, words)
    join product p on p.id = w.id
    on conflict (product_id) do update
    set version = excluded.version, active = excluded.active, price = excluded.price,
        category_id = excluded.category_id, brand = excluded.brand,
        attributes = excluded.attributes, words = excluded.words
""")


async def index(tx: Tx, goods: Mapping[UUID, tuple[words.Text, int]]) -> None:
    """Write what these products are found by, and their lowest list price."""
    merchant = tx.merchant_id.hex
    await tx.db.execute(
        WRITE,
        {
            "version": words.VERSION,
            "ids": list(goods),
            "prices": [price for _, price in goods.values()],
            "words": ["\n".join(words.words_of(merchant, each)) for each, _ in goods.values()],
        },
    )


async def sold_out(tx: Tx, left: Mapping[UUID, int]) -> None:
    """Take note of how many of these SKUs are left: a product without any is listed last.

    Called by whoever counts stock. Late by a moment, and good for the order of lists only.
    """
    if not left:
        return
    of_skus = select(SkuRow.product_id).where(
        SkuRow.id.in_(list(left)), SkuRow.merchant_id == tx.merchant_id
    )
    pairs = await tx.db.execute(
        select(SkuRow.product_id, SkuRow.id).where(
            SkuRow.product_id.in_(of_skus), SkuRow.retired_at.is_(None)
        )
    )
    by_product: dict[UUID, list[UUID]] = {}
    for product_id, sku_id in pairs:
        by_product.setdefault(product_id, []).append(sku_id)
    for gone in (True, False):
        some = [key for key, ids in by_product.items() if _is_gone(ids, left) is gone]
        await _mark(tx, some, gone=gone)


async def siblings(tx: Tx, sku_ids: Collection[UUID]) -> list[UUID]:
    """List these SKUs with all other variants of the same products."""
    products = select(SkuRow.product_id).where(
        SkuRow.id == func.any(list(sku_ids)), SkuRow.merchant_id == tx.merchant_id
    )
    found = await tx.db.scalars(
        select(SkuRow.id).where(SkuRow.product_id.in_(products), SkuRow.retired_at.is_(None))
    )
    return list(found)


async def stale(tx: Tx, limit: int) -> list[tuple[UUID, UUID]]:
    """List (merchant, product) that are not found as they should be: for the sweep."""
    found = await tx.db.execute(
        select(ProductRow.merchant_id, ProductRow.id)
        .outerjoin(ProductSearchRow, ProductSearchRow.product_id == ProductRow.id)
        .where(
            or_(
                ProductSearchRow.product_id.is_(None),
                ProductSearchRow.version != words.VERSION,
            )
        )
        .limit(limit)
    )
    return [(merchant_id, product_id) for merchant_id, product_id in found]


async def index_again(tx: Tx, product_ids: Sequence[UUID]) -> None:
    """Write anew what these products of the merchant are found by."""
    rows = await tx.db.scalars(
        select(ProductRow)
        .where(ProductRow.id.in_(product_ids), ProductRow.merchant_id == tx.merchant_id)
        .options(selectinload(ProductRow.skus))
        .order_by(ProductRow.id)
    )
    await index(
        tx,
        {
            row.id: (
                words.Text(
                    title=row.title,
                    subtitle=row.subtitle,
                    brand=row.brand,
                    handle=row.handle,
                    codes=[sku.code for sku in row.skus],
                    attributes=row.attributes,
                ),
                lowest(sku.price for sku in row.skus),
            )
            for row in rows
        },
    )


def lowest(prices: Iterable[int]) -> int:
    """Return the lowest price; nothing for a product without variants."""
    return min(prices, default=0)


def _is_gone(sku_ids: Iterable[UUID], left: Mapping[UUID, int]) -> bool:
    return all(left.get(sku_id, 0) <= 0 for sku_id in sku_ids)


async def _mark(tx: Tx, product_ids: Sequence[UUID], *, gone: bool) -> None:
    if product_ids:
        await tx.db.execute(
            update(ProductSearchRow)
            .where(
                ProductSearchRow.product_id.in_(product_ids),
                ProductSearchRow.sold_out.is_not(gone),
            )
            .values(sold_out=gone)
            .execution_options(synchronize_session=False)
        )
