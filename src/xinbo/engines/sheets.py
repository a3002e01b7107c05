"""Write tables as files that a spreadsheet opens: XLSX, or CSV as Excel reads it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

type Cell = str | int | Decimal | None

_RISKY = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
"""A cell that begins so may run as a formula in a spreadsheet (OWASP, CSV injection)."""
MONEY, WHOLE, TEXT = "0.00", "0", "@"


def guard(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def xlsx(title: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet: a frozen head in bold, then a row a line. Blocks.

    `heads` are names and widths in characters. Texts are guarded against formulas.
    """
    import openpyxl  # noqa: PLC0415 - slow to load, seldom needed
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, (_, width) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    bold = Font(bold=True)

    def cell(value: Cell) -> Any:
        if value is None or value == "":
            return None
        made: Any = WriteOnlyCell(sheet)
        made.value = guard(value) if isinstance(value, str) else value
        formats = {str: TEXT, int: WHOLE, Decimal: MONEY}
        made.number_format = formats[type(value)]
        return made

    first = [WriteOnlyCell(sheet, value=name) for name, _ in heads]
    for head in first:
        head.font = bold
    sheet.append(first)
    for row in rows:
        sheet.append([cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_file(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return CSV in UTF-8 with a byte order mark, so that Excel reads it right."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    for row in rows:
        writer.writerow([guard(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")
