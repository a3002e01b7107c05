"""Files come in every shape; what is no product file is refused before anything else happens."""

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from xinbo.commerce.imports import FileRefused, HeaderSet
from xinbo.commerce.imports._rules.columns import Field
from xinbo.commerce.imports._service import files
from xinbo.commerce.imports._service.files import Row, open_table

FILES = Path(__file__).parent / "files"
ROWS = [["商品编号", "商品名称", "规格编码(SKU)", "价格"], ["cup", "青瓷杯", "CUP-1", "99.00"]]
READ = {Field.HANDLE: "cup", Field.TITLE: "青瓷杯", Field.SKU: "CUP-1", Field.PRICE: "99.00"}


def csv_of(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def xlsx_of(rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def reason(content: bytes) -> object:
    with pytest.raises(FileRefused) as refusal:
        list(open_table(content).rows)
    return refusal.value.facts["reason"]


@pytest.mark.parametrize(
    "content",
    [
        csv_of(ROWS).encode(),
        csv_of(ROWS).encode("utf-8-sig"),
        csv_of(ROWS).encode("gb18030"),
        csv_of(ROWS, "\t").encode("utf-16"),
        csv_of(ROWS, ";").encode(),
        csv_of(ROWS).replace("\r\n", "\n").encode(),
        xlsx_of(ROWS),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "utf-16", "semicolons", "line feeds", "xlsx"],
)
def test_the_same_rows_are_read_from_every_encoding(content: bytes) -> None:
    table = open_table(content)
    assert (table.header_set, list(table.rows)) == (HeaderSet.CHINESE, [Row(2, READ, [])])


def test_rows_are_numbered_as_the_spreadsheet_does() -> None:
    text = '商品编号,描述\ncup,"two\nlines"\n\n,\npot,one\n'
    assert [row.number for row in open_table(text.encode()).rows] == [2, 5]


def test_numbers_in_a_spreadsheet_are_read_as_they_are_shown() -> None:
    content = xlsx_of([["SKU", "Price", "Barcode"], [1001, 19.9, 6901234567892.0]])
    (row,) = open_table(content).rows
    assert row.cells == {Field.SKU: "1001", Field.PRICE: "19.9", Field.BARCODE: "6901234567892"}


@pytest.mark.parametrize("cell", ["=1+1", ArrayFormula("A1:A2", "=B1")])
def test_a_formula_is_an_error_of_its_cell(cell: object) -> None:
    content = xlsx_of([["SKU", "Price"], ["A", cell], ["B", 2]])
    one, two = open_table(content).rows
    assert [(each.row, each.column, each.error) for each in one.faults] == [
        (2, "Price", "FormulaRefused")
    ]
    assert not two.faults


def broken_zip() -> bytes:
    whole = xlsx_of(ROWS)
    return whole[: len(whole) // 2]


def zip_of(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("why", "content"),
    [
        ("empty", b""),
        ("unknown_columns", b"hello"),
        ("unknown_columns", b"Price,Colour\n1,red\n"),
        ("unknown_columns", bytes(100)),
        ("unknown_encoding", b"SKU\n\xff\xff\xff"),
        ("column_twice", b"Handle,URL handle\na,b\n"),
        ("broken", broken_zip()),
        ("broken", zip_of("hello.txt", b"hello")),
        ("old_excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        ("too_many_bytes", b"SKU\n" + b"A" * 20_000_000),
        ("too_many_rows", b"SKU\n" + b"A\n" * 50_001),
        ("broken", b"SKU\n" + b"A" * 200_000),
        ("too_many_bytes", zip_of("xl/worksheets/sheet1.xml", bytes(200_000_001))),
    ],
)
def test_what_is_no_product_file_is_refused_and_says_why(why: str, content: bytes) -> None:
    assert reason(content) == why


def test_a_spreadsheet_with_a_wide_stray_cell_does_not_cost_its_width() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ROWS:
        sheet.append(row)
    sheet["XFD2"] = "stray"
    out = io.BytesIO()
    book.save(out)
    assert [row.cells for row in open_table(out.getvalue()).rows] == [READ]


@pytest.mark.parametrize("name", ["shopify.csv", "shopify-old.csv"])
def test_shopifys_files_are_recognised(name: str) -> None:
    table = open_table((FILES / name).read_bytes())
    expected = HeaderSet.SHOPIFY if name == "shopify.csv" else HeaderSet.SHOPIFY_OLD
    assert table.header_set is expected
    assert len(list(table.rows)) == 4
    assert files.MOST_ROWS == 50_000
