"""Write goods into files that our own import, Shopify and a spreadsheet can read."""

import asyncio
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from uuid import UUID

from xinbo.commerce import catalog
from xinbo.commerce.catalog import Product, ProductStatus, Sku
from xinbo.commerce.imports._rules import cells, html
from xinbo.commerce.imports._rules.columns import COLUMNS, NAMES, VALUES, Field
from xinbo.commerce.imports._service import branches
from xinbo.commerce.imports._service.stock import on_hand
from xinbo.commerce.imports._service.variants import ONLY_NAME, ONLY_VALUE
from xinbo.commerce.imports._types import HeaderSet
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require

type Line = dict[Field, str | Decimal | int]


async def export_csv(tx: Tx, headers: HeaderSet = HeaderSet.SHOPIFY) -> bytes:
    """Write all goods as CSV: UTF-8 with a byte order mark, so that Excel reads it right."""
    products, on_hand, named = await _goods(tx)
    return await asyncio.to_thread(write_csv, products, on_hand, headers, named)


async def export_xlsx(tx: Tx, headers: HeaderSet = HeaderSet.CHINESE) -> bytes:
    """Write all goods as a spreadsheet: header frozen, prices and codes formatted as such."""
    products, on_hand, named = await _goods(tx)
    return await asyncio.to_thread(write_xlsx, products, on_hand, headers, named)


def write_csv(
    products: Sequence[Product],
    on_hand: Mapping[UUID, int],
    headers: HeaderSet,
    named: Mapping[UUID, str],
) -> bytes:
    """Write these goods as CSV; `named` says how files name the categories."""
    columns = COLUMNS[headers]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns.values())
    for product in products:
        for line in _lines(product, on_hand, headers, named):
            writer.writerow([str(line.get(field, "")) for field in columns])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(
    products: Sequence[Product],
    on_hand: Mapping[UUID, int],
    headers: HeaderSet,
    named: Mapping[UUID, str],
) -> bytes:
    """Write these goods as XLSX; `named` says how files name the categories."""
    from xinbo.commerce.imports._service import spreadsheet  # noqa: PLC0415 - slow to load

    lines = (line for product in products for line in _lines(product, on_hand, headers, named))
    title = "商品" if headers is HeaderSet.CHINESE else "Products"
    return spreadsheet.write(title, COLUMNS[headers], lines)


def _lines(
    product: Product, on_hand: Mapping[UUID, int], headers: HeaderSet, named: Mapping[UUID, str]
) -> Iterator[Line]:
    """Yield the rows of one product: one a variant, more where there are more pictures."""
    shopify = headers is not HeaderSet.CHINESE
    pictures = list(product.pictures)
    for number, (sku, picture) in enumerate(zip_longest(product.skus, pictures if shopify else [])):
        line: Line = {Field.HANDLE: cells.guard(product.handle)}
        if number == 0:
            line |= _of_the_product(product, headers)
            line |= _of_the_category(product, named)
        if sku is not None:
            line |= _of_the_sku(product, sku, on_hand.get(sku.id, 0), shopify=shopify)
            if number == 0:
                line |= _option_names(product, shopify=shopify)
        if picture is not None:
            line[Field.PICTURE] = picture.url
            line[Field.POSITION] = number + 1
            line[Field.ALT] = cells.guard(picture.alt)
        yield line


def _of_the_product(product: Product, headers: HeaderSet) -> Line:
    shopify = headers is not HeaderSet.CHINESE
    text = html.to_html(product.description) if shopify else product.description
    line: Line = {
        Field.TITLE: cells.guard(product.title),
        Field.SUBTITLE: cells.guard(product.subtitle),
        Field.DESCRIPTION: cells.guard(text),
        Field.UNIT: cells.guard(product.unit),
        Field.STATUS: cells.status_word(product.status, headers),
        Field.PUBLISHED: "TRUE" if product.status is ProductStatus.ACTIVE else "FALSE",
    }
    if not shopify:
        line[Field.PICTURE] = "\n".join(picture.url for picture in product.pictures)
    return line


def _of_the_category(product: Product, named: Mapping[UUID, str]) -> Line:
    line: Line = {Field.BRAND: cells.guard(product.brand)}
    if product.category_id is not None and product.category_id in named:
        line[Field.CATEGORY] = cells.guard(named[product.category_id])
    if product.content is not None and product.content_unit is not None:
        line[Field.CONTENT] = f"{product.content} {product.content_unit}"
    return line


def _of_the_sku(product: Product, sku: Sku, pieces: int, *, shopify: bool) -> Line:
    line: Line = {
        Field.SKU: cells.guard(sku.code),
        Field.BARCODE: cells.guard(sku.barcode),
        Field.PRICE: Decimal(cells.yuan(sku.price)),
        Field.STOCK: pieces,
        Field.GRAMS: sku.grams,
    }
    if sku.content is not None:
        line[Field.OWN_CONTENT] = sku.content
    for field, value in zip(VALUES, sku.options, strict=False):
        line[field] = cells.guard(value)
    if shopify:
        line |= {Field.TRACKER: "shopify", Field.POLICY: "deny"}
        if not product.option_names:
            line[Field.VALUE1] = ONLY_VALUE
    return line


def _option_names(product: Product, *, shopify: bool) -> Line:
    if shopify and not product.option_names:
        return {Field.NAME1: ONLY_NAME}
    return {
        field: cells.guard(name) for field, name in zip(NAMES, product.option_names, strict=False)
    }


async def _goods(tx: Tx) -> tuple[list[Product], dict[UUID, int], dict[UUID, str]]:
    require(tx, Can.SEE_CONSOLE)
    products = await catalog.every(tx)
    return products, await on_hand(tx, products), await branches.spelled(tx)
