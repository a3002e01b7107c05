"""Structs of the imports room."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from xinbo.commerce.imports._rules.columns import HeaderSet
from xinbo.kit.wire import View


class UpsertKey(StrEnum):
    """How a row of the file finds the product it is about."""

    SKU = "sku"
    HANDLE = "handle"


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
    """Rows read while it is checked, rows written while it is applied."""
    creates: int
    """Products that are (or would be) made."""
    updates: int
    """Products that are (or would be) changed."""
    unchanged: int
    """Products that are already as the file says."""
    ignored_pictures: int
    """Picture addresses that are not pictures of this shop: nothing is fetched from elsewhere."""
    errors: list[RowError]
    """The first 200."""
    error_count: int
    created_at: datetime
