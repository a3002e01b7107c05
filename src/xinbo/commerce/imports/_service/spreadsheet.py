"""Write lines of cells as XLSX. The library is slow to load: import this where it is needed."""

import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from xinbo.commerce.imports._rules.columns import Field

WIDTHS: Mapping[Field, int] = {
    Field.HANDLE: 22,
    Field.TITLE: 32,
    Field.SUBTITLE: 28,
    Field.DESCRIPTION: 40,
    Field.SKU: 20,
    Field.BARCODE: 18,
    Field.PICTURE: 40,
    Field.CATEGORY: 24,
    Field.BRAND: 16,
}
MONEY, WHOLE, TEXT = "0.00", "0", "@"


def write(
    title: str,
    columns: Mapping[Field, str],
    lines: Iterable[Mapping[Field, str | Decimal | int]],
) -> bytes:
    """Return a workbook of one sheet: a frozen head in bold, then a row a line."""
    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, field in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(field, 12)
    bold = Font(bold=True)
    heads = [WriteOnlyCell(sheet, value=name) for name in columns.values()]
    for head in heads:
        head.font = bold
    sheet.append(heads)
    for line in lines:
        sheet.append([_cell(sheet, line.get(field)) for field in columns])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: str | Decimal | int | None) -> Any:
    if value is None or value == "":
        return None
    cell: Any = WriteOnlyCell(sheet)
    cell.value = value
    match value:
        case Decimal():
            cell.number_format = MONEY
        case int():
            cell.number_format = WHOLE
        case _:
            cell.number_format = TEXT
    return cell
