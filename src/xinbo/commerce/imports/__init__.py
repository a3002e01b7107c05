"""Product files on their way in and out: CSV and XLSX, Shopify's columns or Chinese ones.

Owns `product_import`. A file is checked first, row by row, without changing anything, and then
applied whole or not at all. Both are jobs, so ten thousand rows survive a restart, and both say
how far they are while they run. What is written out can be read in again and changes nothing.
Nothing is ever fetched from an address that a file names.
"""

from xinbo.commerce.imports._service.exporting import export_csv, export_xlsx
from xinbo.commerce.imports._service.files import FileRefused, open_lines
from xinbo.commerce.imports._service.running import (
    JOBS,
    ImportNotFound,
    ImportNotReady,
    apply,
    check,
    get,
    recent,
    upload,
    write,
)
from xinbo.commerce.imports._types import (
    HeaderSet,
    ImportState,
    ProductImport,
    RowError,
    UpsertKey,
)

__all__ = [
    "JOBS",
    "FileRefused",
    "HeaderSet",
    "ImportNotFound",
    "ImportNotReady",
    "ImportState",
    "ProductImport",
    "RowError",
    "UpsertKey",
    "apply",
    "check",
    "export_csv",
    "export_xlsx",
    "get",
    "open_lines",
    "recent",
    "upload",
    "write",
]
