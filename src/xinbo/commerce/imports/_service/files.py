"""Read the rows of a product file: CSV in the usual encodings, or XLSX.

Everything here blocks: callers run it in a thread, a few hundred rows at a time.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

from xinbo.commerce.imports._rules import cells, columns
from xinbo.commerce.imports._rules.columns import Field
from xinbo.commerce.imports._types import HeaderSet, RowError
from xinbo.kit.errors import Invalid

LARGEST = 20_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 300
UNPACKED = 200_000_000
"""Bytes that an XLSX file may unfold into."""
SHOWN = 80

ENCODINGS = ("utf-8-sig", "gb18030")


class FileRefused(Invalid):
    """Raised when a file is no product file that we can read. `reason` is a stable name."""


class Row(NamedTuple):
    """One row of a file: its number as the spreadsheet counts, and its cells by meaning."""

    number: int
    cells: dict[Field, str]
    faults: list[RowError]


class Table(NamedTuple):
    """A product file, opened: its columns are known and its rows can be read once."""

    header_set: HeaderSet
    names: dict[Field, str]
    """What the file calls each column that it has."""
    expected: int
    """About how many rows there are, for the progress bar."""
    rows: Iterator[Row]


def open_table(content: bytes) -> Table:
    """Recognise the format, the encoding and the header set. Raises `FileRefused`."""
    expected, lines = open_lines(content)
    header = next(lines, ())
    header_set, found, twice = columns.recognise(header)
    if twice:
        raise FileRefused(reason="column_twice", column=twice[:SHOWN])
    if header_set is None:
        raise FileRefused(reason="unknown_columns", columns=[each[:SHOWN] for each in header[:40]])
    names = {column.field: column.name for column in found}
    return Table(header_set, names, expected, _rows(lines, found))


def open_lines(content: bytes, most: int = LARGEST) -> tuple[int, Iterator[Sequence[str]]]:
    """Recognise format and encoding; return about how many rows there are, and their cells.

    The first line is the header. Raises `FileRefused`, also while the lines are read.
    """
    if not content:
        raise FileRefused(reason="empty")
    if len(content) > most:
        raise FileRefused(reason="too_many_bytes", most=most)
    if content.startswith(b"PK\x03\x04"):
        return _xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(reason="old_excel")
    return _csv(content)


def _rows(lines: Iterable[Sequence[str]], found: Sequence[columns.Column]) -> Iterator[Row]:
    count = 0
    for number, line in enumerate(lines, start=2):
        if not any(line):
            continue
        count += 1
        if count > MOST_ROWS:
            raise FileRefused(reason="too_many_rows", most=MOST_ROWS)
        row = Row(number, {}, [])
        for index, field, name in found:
            cell = line[index] if index < len(line) else ""
            try:
                row.cells[field] = cells.read(cell)
            except cells.BadCell as bad:
                fault = RowError(row=number, column=name, value=cell[:SHOWN], error=str(bad))
                row.faults.append(fault)
                row.cells[field] = ""
        yield row


def _csv(content: bytes) -> tuple[int, Iterator[Sequence[str]]]:
    text = _decoded(content)
    head = text[: text.find("\n") + 1 or len(text)]
    delimiter = max(",;\t", key=head.count)
    return text.rstrip().count("\n"), _csv_lines(text, delimiter)


def _csv_lines(text: str, delimiter: str) -> Iterator[Sequence[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for line in reader:
            yield line[:MOST_COLUMNS]
    except csv.Error:
        raise FileRefused(reason="broken", line=reader.line_num) from None


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # Excel's "Unicode text"
        return content.decode("utf-16", errors="replace")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(reason="unknown_encoding", known=["UTF-8", "GB18030"])


def _xlsx(content: bytes) -> tuple[int, Iterator[Sequence[str]]]:
    """Open the first sheet. What a ZIP says it unfolds into is what Python reads at most."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > UNPACKED:
            raise FileRefused(reason="too_many_bytes", most=UNPACKED)
        import openpyxl  # noqa: PLC0415 - slow to load, seldom needed

        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        expected = min((sheet.max_row or 1) - 1, MOST_ROWS)
        sheet.reset_dimensions()  # some writers get them wrong
        lines = _sheet_lines(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
    except _BROKEN:
        raise FileRefused(reason="broken") from None
    return expected, lines


def _sheet_lines(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[str]]:
    width = 0
    try:
        for row in rows:
            line = [_text(value) for value in row[: width or MOST_COLUMNS]]
            width = width or max((at for at, cell in enumerate(line, 1) if cell), default=1)
            yield line
    except _BROKEN:
        raise FileRefused(reason="broken") from None


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


def _text(value: object) -> str:
    """Write a cell's value as the spreadsheet shows it: 15 digits, no `.0`."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return str(value).upper()
        case float():
            return f"{value:.15g}"
        case int() | datetime() | date() | time():
            return str(value)
        case _:  # openpyxl's objects for array formulas and data tables
            return "="
