"""Structs of the imports room."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from xinbo.kit.wire import View


class UpsertKey(StrEnum):
    """How a row of the file finds the product it is about."""

    SKU = "sku"
    HANDLE = "handle"


class HeaderSet(StrEnum):
    """Which column names a file uses."""

    SHOPIFY = "shopify"
    """`URL handle`, `SKU`, … (Shopify since 2025)."""
    SHOPIFY_OLD = "shopify-old"
    """`Handle`, `Variant SKU`, …"""
    CHINESE = "zh"
    """商品编号, 规格编码, …"""


class ImportState(StrEnum):
    """Where an import stands."""

    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


class RowError(View, frozen=True):
    """What is wrong in one cell."""

    row: int
    """As the spreadsheet numbers it: the header is row 1."""
    column: str
    value: str
    error: str
    """A stable name (`PriceNotANumber`, `SkuRepeated`, …) that the page puts into words."""


class ProductImport(View, frozen=True):
    """A product file on its way in: checked first, applied on request, whole or not at all."""

    id: UUID
    filename: str
    header_set: HeaderSet | None
    upsert_key: UpsertKey
    state: ImportState
    rows: int
    done: int
    creates: int
    updates: int
    errors: list[RowError]
    """The first 200."""
    error_count: int
    created_at: datetime
