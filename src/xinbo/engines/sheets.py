"""Tables as files that a spreadsheet opens: XLSX, or CSV as Excel reads it; small ones read."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from xinbo.kit.errors import Invalid

type Cell = str | int | Decimal | None

_RISKY = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
"""A cell that begins so may run as a formula in a spreadsheet (OWASP, CSV injection)."""
MONEY, WHOLE, TEXT = "0.00", "0", "@"
UNFOLDED = 20
"""An XLSX file may unfold into so many times its largest size."""


class SheetRefused(Invalid):
    """Raised when a file is no sheet that we can read. `reason` is a stable name."""


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


def unguard(text: str) -> str:
    """Take away the apostrophe that `guard` put there."""
    return text[1:] if text.startswith("'") and _RISKY.match(text[1:]) else text


def read_xlsx(content: bytes, *, largest: int, rows: int, columns: int) -> list[list[str]]:
    """Read the first sheet of a workbook as texts, empty lines included. Blocks.

    At most `rows` lines of `columns` cells and `largest` bytes. Raises `SheetRefused`.
    """
    if not content:
        raise SheetRefused(reason="empty")
    if len(content) > largest:
        raise SheetRefused(reason="too_many_bytes", most=largest)
    if not content.startswith(b"PK\x03\x04"):
        raise SheetRefused(reason="no_xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > largest * UNFOLDED:
            raise SheetRefused(reason="too_many_bytes", most=largest)
        lines = _lines(content, rows, columns)
    except _BROKEN:
        raise SheetRefused(reason="broken") from None
    if len(lines) > rows:
        raise SheetRefused(reason="too_many_rows", most=rows)
    return lines


def _lines(content: bytes, rows: int, columns: int) -> list[list[str]]:
    import openpyxl  # noqa: PLC0415 - slow to load, seldom needed

    book = openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, keep_links=False, data_only=True
    )
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # some writers get them wrong
    found = sheet.iter_rows(max_row=rows + 1, max_col=columns, values_only=True)
    lines = [[unguard(_said(value)) for value in line] for line in found]
    while lines and not any(lines[-1]):
        lines.pop()
    return lines


def _said(value: object) -> str:
    """Write a cell's value as the spreadsheet shows it: 15 digits, no `.0`."""
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case float():
            return f"{value:.15g}"
        case bool() | int() | datetime() | date() | time():
            return str(value)
        case _:  # openpyxl's objects for array formulas and data tables
            return "="


# What openpyxl raises on files that are not what they seem.
_BROKEN = (
    zipfile.BadZipFile,
    ParseError,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    NotImplementedError,
)
