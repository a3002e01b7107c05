"""The columns of a product file, by header set.

Shopify's names are those of its own export files: the old set since ever, the new one since
2025. Both are read in any mixture, as tools write both.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple


class HeaderSet(StrEnum):
    """Which column names a file uses."""

    SHOPIFY = "shopify"
    """`URL handle`, `SKU`, … (Shopify since 2025)."""
    SHOPIFY_OLD = "shopify-old"
    """`Handle`, `Variant SKU`, …"""
    CHINESE = "zh"
    """商品编号, 规格编码, …"""


class Field(StrEnum):
    """What a column says."""

    HANDLE = "handle"
    TITLE = "title"
    SUBTITLE = "subtitle"
    DESCRIPTION = "description"
    UNIT = "unit"
    STATUS = "status"
    PUBLISHED = "published"
    NAME1 = "name1"
    VALUE1 = "value1"
    NAME2 = "name2"
    VALUE2 = "value2"
    NAME3 = "name3"
    VALUE3 = "value3"
    SKU = "sku"
    BARCODE = "barcode"
    PRICE = "price"
    STOCK = "stock"
    PICTURE = "picture"
    POSITION = "position"
    ALT = "alt"
    BRAND = "brand"
    CATEGORY = "category"
    CONTENT = "content"
    OWN_CONTENT = "own_content"
    GRAMS = "grams"
    TRACKER = "tracker"
    POLICY = "policy"


NAMES = (Field.NAME1, Field.NAME2, Field.NAME3)
VALUES = (Field.VALUE1, Field.VALUE2, Field.VALUE3)
OF_THE_VARIANT = (
    *VALUES,
    Field.SKU,
    Field.BARCODE,
    Field.PRICE,
    Field.STOCK,
    Field.GRAMS,
    Field.OWN_CONTENT,
)

# Shopify's notation for columns of one's own: `Name (product.metafields.namespace.key)`.
SUBTITLE = "Subtitle (product.metafields.xinbo.subtitle)"
UNIT = "Unit (product.metafields.xinbo.unit)"
CATEGORY = "Category (product.metafields.xinbo.category)"
CONTENT = "Net content (product.metafields.xinbo.content)"
OWN_CONTENT = "Variant net content (product.metafields.xinbo.variant_content)"

COLUMNS: Mapping[HeaderSet, Mapping[Field, str]] = {
    HeaderSet.SHOPIFY: {
        Field.TITLE: "Title",
        Field.HANDLE: "URL handle",
        Field.DESCRIPTION: "Description",
        Field.BRAND: "Vendor",
        Field.PUBLISHED: "Published on online store",
        Field.STATUS: "Status",
        Field.SKU: "SKU",
        Field.BARCODE: "Barcode",
        Field.NAME1: "Option1 name",
        Field.VALUE1: "Option1 value",
        Field.NAME2: "Option2 name",
        Field.VALUE2: "Option2 value",
        Field.NAME3: "Option3 name",
        Field.VALUE3: "Option3 value",
        Field.PRICE: "Price",
        Field.TRACKER: "Inventory tracker",
        Field.STOCK: "Inventory quantity",
        Field.POLICY: "Continue selling when out of stock",
        Field.GRAMS: "Weight value (grams)",
        Field.PICTURE: "Product image URL",
        Field.POSITION: "Image position",
        Field.ALT: "Image alt text",
        Field.SUBTITLE: SUBTITLE,
        Field.UNIT: UNIT,
        Field.CATEGORY: CATEGORY,
        Field.CONTENT: CONTENT,
        Field.OWN_CONTENT: OWN_CONTENT,
    },
    HeaderSet.SHOPIFY_OLD: {
        Field.HANDLE: "Handle",
        Field.TITLE: "Title",
        Field.DESCRIPTION: "Body (HTML)",
        Field.BRAND: "Vendor",
        Field.PUBLISHED: "Published",
        Field.NAME1: "Option1 Name",
        Field.VALUE1: "Option1 Value",
        Field.NAME2: "Option2 Name",
        Field.VALUE2: "Option2 Value",
        Field.NAME3: "Option3 Name",
        Field.VALUE3: "Option3 Value",
        Field.SKU: "Variant SKU",
        Field.GRAMS: "Variant Grams",
        Field.TRACKER: "Variant Inventory Tracker",
        Field.STOCK: "Variant Inventory Qty",
        Field.POLICY: "Variant Inventory Policy",
        Field.PRICE: "Variant Price",
        Field.BARCODE: "Variant Barcode",
        Field.PICTURE: "Image Src",
        Field.POSITION: "Image Position",
        Field.ALT: "Image Alt Text",
        Field.STATUS: "Status",
        Field.SUBTITLE: SUBTITLE,
        Field.UNIT: UNIT,
        Field.CATEGORY: CATEGORY,
        Field.CONTENT: CONTENT,
        Field.OWN_CONTENT: OWN_CONTENT,
    },
    HeaderSet.CHINESE: {
        Field.HANDLE: "商品编号",
        Field.TITLE: "商品名称",
        Field.SUBTITLE: "副标题",
        Field.DESCRIPTION: "描述",
        Field.UNIT: "单位",
        Field.STATUS: "状态",
        Field.NAME1: "规格名1",
        Field.VALUE1: "规格值1",
        Field.NAME2: "规格名2",
        Field.VALUE2: "规格值2",
        Field.NAME3: "规格名3",
        Field.VALUE3: "规格值3",
        Field.SKU: "规格编码(SKU)",
        Field.PRICE: "价格",
        Field.STOCK: "库存",
        Field.BARCODE: "条码",
        Field.PICTURE: "图片",
        Field.CATEGORY: "分类",
        Field.BRAND: "品牌",
        Field.CONTENT: "净含量",
        Field.OWN_CONTENT: "规格净含量",
        Field.GRAMS: "重量(克)",
    },
}

ALIASES: Mapping[str, Field] = {
    "商品编码": Field.HANDLE,
    "商品标题": Field.TITLE,
    "商品描述": Field.DESCRIPTION,
    "商品状态": Field.STATUS,
    "规格编码": Field.SKU,
    "sku编码": Field.SKU,
    "商家编码": Field.SKU,
    "售价": Field.PRICE,
    "库存数量": Field.STOCK,
    "商品条码": Field.BARCODE,
    "商品图片": Field.PICTURE,
    "商品分类": Field.CATEGORY,
    "商品品牌": Field.BRAND,
    "重量": Field.GRAMS,
}

# Columns that we write because Shopify wants them, and learn nothing from.
WRITTEN_ONLY = frozenset({Field.TRACKER, Field.POLICY, Field.POSITION})
KEYS = (Field.HANDLE, Field.TITLE, Field.SKU)


class Column(NamedTuple):
    """A column that we understand."""

    at: int
    field: Field
    name: str
    """As the file spells it."""


def recognise(header: Sequence[str]) -> tuple[HeaderSet | None, list[Column], str | None]:
    """Read a header row: which set it is, its columns, and the name of one that came twice.

    The set is None where no column says which product a row is about.
    """
    columns: dict[Field, Column] = {}
    twice: str | None = None
    for index, cell in enumerate(header):
        field = _KNOWN.get(_plain(cell))
        if field is None or field in WRITTEN_ONLY:
            continue
        if field in columns:
            twice = twice or cell.strip()
        columns.setdefault(field, Column(index, field, cell.strip()))
    if not any(key in columns for key in KEYS):
        return None, [], twice
    cells = {_plain(cell) for cell in header}
    best = max(HeaderSet, key=lambda each: len(cells & _OF_SET[each]))
    return best, list(columns.values()), twice


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


_OF_SET = {each: {_plain(name) for name in columns.values()} for each, columns in COLUMNS.items()}
_KNOWN = {_plain(name): field for name, field in ALIASES.items()} | {
    _plain(name): field for columns in COLUMNS.values() for field, name in columns.items()
}
