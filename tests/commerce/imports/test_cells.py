"""What a cell means does not depend on who wrote it."""

import contextlib
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xinbo.commerce.catalog import ProductStatus, PutProduct, PutSku, paragraph
from xinbo.commerce.imports._rules import cells, html
from xinbo.commerce.imports._rules.cells import BadCell
from xinbo.commerce.imports._rules.columns import COLUMNS, Field, recognise
from xinbo.commerce.imports._service.reading import LONGEST
from xinbo.commerce.imports._types import HeaderSet

fen = st.integers(0, cells.MOST_FEN)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(paragraph)
risky = st.text("'=+-@＝\t ab1\"", max_size=8).map(paragraph)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("99", 9900),
        ("99.00", 9900),
        ("99.5", 9950),
        ("99.", 9900),
        ("¥99.00", 9900),
        ("￥ 99.00", 9900),
        ("CNY 99", 9900),
        ("99元", 9900),
        ("1,299.00", 129900),
        ("1，299.00", 129900),
        ("９９", 9900),
        ("0", 0),
        ("99.000", 9900),
        ("100000000.00", cells.MOST_FEN),
    ],
)
def test_a_price_may_be_written_in_many_ways(cell: str, amount: int) -> None:
    assert cells.price(cell) == amount


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("", "PriceNotANumber"),
        ("free", "PriceNotANumber"),
        ("$99", "PriceNotANumber"),
        ("1e3", "PriceNotANumber"),
        ("12,99", "PriceNotANumber"),
        ("1,2345", "PriceNotANumber"),
        ("NaN", "PriceNotANumber"),
        ("99.999", "PriceTooPrecise"),
        ("-1", "PriceNegative"),
        ("100000000.01", "PriceTooLarge"),
        ("9" * 4000, "PriceTooLarge"),
    ],
)
def test_what_is_no_price_is_refused_by_name(cell: str, error: str) -> None:
    with pytest.raises(BadCell, match=error):
        cells.price(cell)


@given(fen)
def test_a_price_written_is_the_price_read(amount: int) -> None:
    written = cells.yuan(amount)
    assert cells.price(written) == amount
    assert cells.price(f"¥{Decimal(written):,}") == amount


@given(st.text())
def test_any_text_is_a_number_or_a_named_error(cell: str) -> None:
    for parse in (cells.price, cells.stock):
        with contextlib.suppress(BadCell):
            assert parse(cell) >= 0


@pytest.mark.parametrize(
    ("cell", "error"),
    [("-1", "StockNegative"), ("1.5", "StockNotANumber"), ("many", "StockNotANumber"),
     ("10000001", "StockTooLarge")],
)  # fmt: skip
def test_pieces_are_whole_and_not_too_many(cell: str, error: str) -> None:
    with pytest.raises(BadCell, match=error):
        cells.stock(cell)
    assert cells.stock("1,000.0") == 1000


@given(texts | risky)
@example("=HYPERLINK(1)")
@example("'=x")
@example("''@x")
@example("-5")
@example('="007"')
@example("#N/A")
@example("'#N/A")
@example("#N/A!")
def test_a_guarded_text_reads_back_and_never_starts_like_a_formula(text: str) -> None:
    written = cells.guard(text)
    assert written[:1] not in {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"}
    assert cells.read(written) == text


@pytest.mark.parametrize("cell", ["=1+1", " =A1", '=HYPERLINK("http://x","y")', "#REF!", "="])
def test_a_formula_is_refused(cell: str) -> None:
    with pytest.raises(BadCell, match="FormulaRefused"):
        cells.read(cell)


def test_a_code_that_excel_was_told_to_leave_alone_is_a_code() -> None:
    assert cells.read('="00123"') == "00123"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<p>One</p>\n<p>Two &amp; three</p>", "One\nTwo & three"),
        ("<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>", "a\nb"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<script>alert(1)</script>fine<style>x</style>", "fine"),
        ("<b>bold</b> and <a href='x'>linked</a>", "bold and linked"),
        ("plain & simple, 1 < 2", "plain & simple, 1 < 2"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_a_description_in_html_becomes_the_text_that_it_shows(cell: str, text: str) -> None:
    assert html.to_text(cell) == text


@given(texts | st.text("<>&;# \nabr/p!-1", max_size=30).map(paragraph))
@example("a\n  \nb")
@example("&lt;")
@example("<br>")
@example("&#10;")
def test_a_text_survives_html(text: str) -> None:
    assert html.to_text(html.to_html(text)) == text


@pytest.mark.parametrize(
    "words", [("Active", "上架", "在售"), ("draft", "草稿", "下架"), ("ARCHIVED", "归档", "已归档")]
)
def test_a_status_is_understood_in_both_languages(words: tuple[str, ...]) -> None:
    assert len({cells.status(word) for word in words}) == 1


@pytest.mark.parametrize("headers", HeaderSet)
@pytest.mark.parametrize("status", ProductStatus)
def test_a_status_written_reads_back(headers: HeaderSet, status: ProductStatus) -> None:
    assert cells.status(cells.status_word(status, headers)) is status


@pytest.mark.parametrize("headers", HeaderSet)
def test_every_header_set_is_recognised_however_it_is_spaced_and_cased(headers: HeaderSet) -> None:
    names = list(COLUMNS[headers].values())
    for spelt in (names, names[::-1], [f" {name.upper()}  " for name in names]):
        found, columns, twice = recognise(spelt)
        assert (found, twice) == (headers, None)
        assert {column.field for column in columns} >= {Field.SKU, Field.PRICE, Field.TITLE}


def test_a_file_that_names_no_product_is_not_recognised() -> None:
    assert recognise(["Price", "Colour"])[0] is None
    assert recognise([])[0] is None


def test_limits_of_cells_are_the_limits_of_the_catalog() -> None:
    def limit(struct: type[msgspec.Struct], name: str) -> object:
        fields = {each.name: each for each in msgspec.structs.fields(struct)}
        schema = msgspec.json.schema(fields[name].type)
        (found,) = {each["maxLength"] for each in _nodes(schema) if "maxLength" in each}
        return found

    of_files = {Field.ALT, Field.CATEGORY, Field.CONTENT}
    assert {field: LONGEST[field] for field in LONGEST if field not in of_files} == {
        Field.BRAND: limit(PutProduct, "brand"),
        Field.HANDLE: limit(PutProduct, "handle"),
        Field.TITLE: limit(PutProduct, "title"),
        Field.SUBTITLE: limit(PutProduct, "subtitle"),
        Field.DESCRIPTION: limit(PutProduct, "description"),
        Field.UNIT: limit(PutProduct, "unit"),
        Field.SKU: limit(PutSku, "code"),
        Field.BARCODE: limit(PutSku, "barcode"),
        **dict.fromkeys([Field.NAME1, Field.NAME2, Field.NAME3], limit(PutProduct, "option_names")),
        **dict.fromkeys([Field.VALUE1, Field.VALUE2, Field.VALUE3], limit(PutSku, "options")),
    }


def _nodes(schema: Any) -> list[dict[str, Any]]:
    match schema:
        case {**named}:
            inside: list[Any] = list(named.values())
            return [named, *_nodes(inside)]
        case [*several]:
            return [node for each in several for node in _nodes(each)]
        case _:
            return []
