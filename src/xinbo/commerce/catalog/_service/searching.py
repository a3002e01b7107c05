"""Find products for shoppers: by words, category, brand, attributes and price.

What is found is listed in segments, one statement each: what is in stock before what is sold
out, and within that the narrower match before the wider. Each segment is read by an index, from
where the cursor says on, so a deep page costs what the first one does.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, cast, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY

from xinbo.commerce.catalog._models import (
    CategoryRow,
    PictureRow,
    ProductRow,
    ProductSearchRow,
    SkuRow,
)
from xinbo.commerce.catalog._rules import clean, unit_price, words
from xinbo.commerce.catalog._rules.trees import below
from xinbo.commerce.catalog._types import (
    AttributeFacet,
    Bucket,
    Facets,
    ProductCard,
    Search,
    Sort,
    Suggestion,
)
from xinbo.engines import blobs
from xinbo.engines.tx import Tx
from xinbo.kit.paging import CursorRefused
from xinbo.kit.wire import Page

COUNTED = 1000
"""Products looked at for facets."""
SHOWN = 20
"""Values of one facet."""


type Line = Row[*tuple[Any, ...]]


class Cursor(NamedTuple):
    """Where a page ended: in which segment, at which price (if sorted by it), at which product."""

    segment: int
    price: int
    product_id: UUID

    def __str__(self) -> str:
        return f"{self.segment}.{self.price}.{self.product_id}"

    @classmethod
    def read(cls, cursor: str) -> "Cursor":
        """Read what `str` wrote. Raises `CursorRefused`."""
        try:
            segment, price, product_id = cursor.split(".")
            found = cls(int(segment), int(price), UUID(product_id))
        except ValueError:
            raise CursorRefused(cursor=cursor[:80]) from None
        if not (0 <= found.segment < 6 and 0 <= found.price < 2**62):  # noqa: PLR2004
            raise CursorRefused(cursor=cursor[:80])
        return found


class Wanted(NamedTuple):
    """What must hold of every product found, and the steps from narrow to wide."""

    where: list[ColumnElement[bool]]
    steps: Sequence[ColumnElement[bool] | None]
    any_step: ColumnElement[bool] | None
    """What holds of all of them: the widest step."""


async def find(tx: Tx, search: Search, cursor: str | None, limit: int) -> Page[ProductCard]:
    """List the products on sale that somebody looks for."""
    wanted = await _wanted(tx, search)
    start = Cursor.read(cursor) if cursor else None
    stock = (False,) if search.in_stock else (False, True)
    segments = [(gone, step) for gone in stock for step in range(len(wanted.steps))]
    ids: list[tuple[int, Line]] = []
    for number, (gone, step) in enumerate(segments):
        if start is not None and number < start.segment:
            continue
        query = _segment(search, wanted, gone=gone, step=step)
        if start is not None and number == start.segment:
            query = query.where(_beyond(search.sort, start))
        found = await tx.db.execute(query.limit(limit + 1 - len(ids)))
        ids += [(number, row) for row in found]
        if len(ids) > limit:
            break
    shown = ids[:limit]
    last = Cursor(shown[-1][0], shown[-1][1].price, shown[-1][1].product_id) if shown else None
    return Page(
        items=await cards(tx, [row.product_id for _, row in shown]),
        next=str(last) if len(ids) > limit else None,
    )


async def suggest(tx: Tx, q: str, limit: int = 10) -> list[Suggestion]:
    """Say what somebody may be about to type: categories, brands, then products."""
    if not words.plain(clean(q)):
        return []
    tree = await _tree(tx)
    found = [
        Suggestion(text=name, kind="category", id=key)
        for key, (_, name) in tree.items()
        if words.matches(name, q)
    ][:3]
    page = await find(tx, Search(q=q), None, limit)
    brands = dict.fromkeys(each.brand for each in page.items if words.matches(each.brand, q))
    found += [Suggestion(text=each, kind="brand", id=None) for each in brands][:2]
    found += [Suggestion(text=each.title, kind="product", id=each.id) for each in page.items]
    return found[:limit]


async def cards(tx: Tx, product_ids: Sequence[UUID]) -> list[ProductCard]:
    """Show these active products as lists do, in the order asked for: two queries."""
    first = (
        select(PictureRow.thumb_key)
        .where(PictureRow.product_id == ProductRow.id)
        .order_by(PictureRow.position, PictureRow.id)
        .limit(1)
        .correlate(ProductRow)
        .scalar_subquery()
    )
    columns = (ProductRow.id, ProductRow.title, ProductRow.subtitle, ProductRow.brand)
    more = (ProductRow.unit, ProductRow.category_id, ProductSearchRow.sold_out)
    rows = await tx.db.execute(
        select(*columns, *more, first.label("thumb"))
        .join(ProductSearchRow, ProductSearchRow.product_id == ProductRow.id)
        .where(ProductRow.id.in_(product_ids), ProductRow.merchant_id == tx.merchant_id)
    )
    skus = await tx.db.execute(
        select(
            SkuRow.product_id, SkuRow.price, SkuRow.currency, SkuRow.measure, SkuRow.measure_unit
        )
        .where(SkuRow.product_id.in_(product_ids), SkuRow.retired_at.is_(None))
        .order_by(SkuRow.price)
    )
    priced: dict[UUID, list[Line]] = {}
    for sku in skus:
        priced.setdefault(sku.product_id, []).append(sku)
    made = {row.id: _card(row, priced[row.id]) for row in rows if row.id in priced}
    return [made[each] for each in product_ids if each in made]


def _card(row: Line, skus: Sequence[Line]) -> ProductCard:
    low = skus[0]
    return ProductCard(
        id=row.id,
        title=row.title,
        subtitle=row.subtitle,
        brand=row.brand,
        unit=row.unit,
        category_id=row.category_id,
        picture_url=blobs.url(row.thumb) if row.thumb else None,
        price=low.price,
        price_to=skus[-1].price,
        currency=low.currency,
        unit_price=unit_price(low.price, low.measure, low.measure_unit),
        sold_out=row.sold_out,
    )


async def _wanted(tx: Tx, search: Search) -> Wanted:
    look = ProductSearchRow
    where: list[ColumnElement[bool]] = [look.merchant_id == tx.merchant_id, look.active.is_(True)]
    q = clean(search.q)[: words.LONGEST]
    tree = await _tree(tx) if q or search.category_id else {}
    if search.category_id is not None:
        parents = {key: parent for key, (parent, _) in tree.items()}
        where.append(look.category_id.in_(below(parents, search.category_id)))
    if search.brand:
        where.append(look.brand == clean(search.brand))
    if search.price_from is not None:
        where.append(look.price >= search.price_from)
    if search.price_to is not None:
        where.append(look.price <= search.price_to)
    where.extend(_asks(asked) for asked in _attributes(search.attributes))
    if not words.plain(q):
        return Wanted(where, [None], None)
    named = [key for key, (_, name) in tree.items() if words.matches(name, q)]
    question = words.question(tx.merchant_id.hex, q)
    wide = _asks(question.anywhere)
    if named:
        wide = or_(wide, look.category_id.in_(named))
    if not question.together:
        return Wanted(where, [wide], wide)
    exact, together = _asks(question.exact), _asks(question.together)
    if search.sort is not Sort.RELEVANCE:
        whole = or_(exact, together, wide)
        return Wanted(where, [whole], whole)
    steps = [exact, and_(together, ~exact), and_(wide, ~together, ~exact)]
    return Wanted(where, steps, or_(exact, together, wide))


def _attributes(asked: Sequence[str]) -> list[str]:
    values: dict[str, list[str]] = {}
    for each in asked[:20]:
        key, _, value = clean(each).partition(":")
        values.setdefault(key, []).append(value)
    return [words.any_attribute(key, each) for key, each in values.items()]


def _asks(asked: str) -> ColumnElement[bool]:
    return ProductSearchRow.words.bool_op("@@")(cast(literal(asked), TSQUERY))


def _segment(search: Search, wanted: Wanted, *, gone: bool, step: int) -> Select[UUID, int]:
    look = ProductSearchRow
    query = select(look.product_id, look.price).where(*wanted.where, look.sold_out.is_(gone))
    if (asked := wanted.steps[step]) is not None:
        query = query.where(asked)
    match search.sort:
        case Sort.PRICE_UP:
            return query.order_by(look.price, look.product_id)
        case Sort.PRICE_DOWN:
            return query.order_by(look.price.desc(), look.product_id.desc())
        case _:
            return query.order_by(look.product_id.desc())


def _beyond(sort: Sort, start: Cursor) -> ColumnElement[bool]:
    """Say what comes after the cursor within its segment."""
    look = ProductSearchRow
    place = tuple_(literal(start.price), literal(start.product_id))
    match sort:
        case Sort.PRICE_UP:
            return tuple_(look.price, look.product_id) > place
        case Sort.PRICE_DOWN:
            return tuple_(look.price, look.product_id) < place
        case _:
            return look.product_id < start.product_id


async def facets(tx: Tx, search: Search) -> Facets:
    """Count what the first products found have in common: one statement, then sums."""
    wanted = await _wanted(tx, search)
    look = ProductSearchRow
    query = select(look.brand, look.category_id, look.attributes, look.price).where(*wanted.where)
    if wanted.any_step is not None:
        query = query.where(wanted.any_step)
    rows = (await tx.db.execute(query.limit(COUNTED))).all()
    brands = Counter(row.brand for row in rows if row.brand)
    kinds = Counter(str(row.category_id) for row in rows if row.category_id)
    said: dict[str, Counter[str]] = {}
    for row in rows:
        for key, value in row.attributes.items():
            said.setdefault(key, Counter())[words.spelled(value)] += 1
    prices = [row.price for row in rows]
    return Facets(
        counted=len(rows),
        brands=_buckets(brands),
        categories=_buckets(kinds),
        attributes=[AttributeFacet(key=key, buckets=_buckets(each)) for key, each in said.items()],
        price_from=min(prices, default=None),
        price_to=max(prices, default=None),
    )


def _buckets(counts: Counter[str]) -> list[Bucket]:
    best = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:SHOWN]
    return [Bucket(value=value, count=count) for value, count in best]


async def _tree(tx: Tx) -> dict[UUID, tuple[UUID | None, str]]:
    found = await tx.db.execute(
        select(CategoryRow.id, CategoryRow.parent_id, CategoryRow.name)
        .where(CategoryRow.merchant_id == tx.merchant_id)
        .order_by(CategoryRow.position, CategoryRow.name)
    )
    return {key: (parent, name) for key, parent, name in found}
