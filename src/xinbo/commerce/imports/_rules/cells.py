"""What single cells mean."""

import re
import unicodedata
from decimal import Decimal

from xinbo.commerce.catalog import ContentUnit, ProductStatus
from xinbo.commerce.imports._rules.columns import HeaderSet

MOST_FEN = 10_000_000_000
MOST_PIECES = 10_000_000
MOST_GRAMS = 1_000_000
MOST_CONTENT = 1_000_000

# A cell that begins so may run as a formula in a spreadsheet (OWASP, CSV injection).
# The names are a spreadsheet's own errors, which stand where a formula failed.
_FORMULA = r"([=+\-@\t\r＝＋－＠]|#(N/A|REF!|NAME\?|DIV/0!|NULL!|NUM!|VALUE!)$)"
_RISKY = re.compile(f"'*{_FORMULA}")
_GUARDED = re.compile(f"'+{_FORMULA}")
_FAILED = re.compile(_FORMULA[_FORMULA.index("#") : -1])
# Excel's and many shops' way of keeping the zeros of a code: ="00123".
_QUOTED = re.compile(r'="([^"]*)"')
_NUMBER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?")
_CONTENT = re.compile(r"(\d{1,7}(?:\.\d{1,3})?)\s*([^\d\s]{1,6})")
_MEASURES = {
    "ml": (1, ContentUnit.ML),
    "毫升": (1, ContentUnit.ML),
    "l": (1000, ContentUnit.ML),
    "升": (1000, ContentUnit.ML),
    "g": (1, ContentUnit.G),
    "克": (1, ContentUnit.G),
    "kg": (1000, ContentUnit.G),
    "千克": (1000, ContentUnit.G),
    "公斤": (1000, ContentUnit.G),
}
_CURRENCY = re.compile(r"^(¥|CNY|RMB|CN¥)\s*|\s*(元|CNY|RMB)$", re.IGNORECASE)

_STATUS = {
    "active": ProductStatus.ACTIVE,
    "draft": ProductStatus.DRAFT,
    "archived": ProductStatus.ARCHIVED,
    "unlisted": ProductStatus.DRAFT,
    "上架": ProductStatus.ACTIVE,
    "在售": ProductStatus.ACTIVE,
    "草稿": ProductStatus.DRAFT,
    "下架": ProductStatus.DRAFT,
    "归档": ProductStatus.ARCHIVED,
    "已归档": ProductStatus.ARCHIVED,
}
_PUBLISHED = {"true": ProductStatus.ACTIVE, "false": ProductStatus.DRAFT}
_IN_CHINESE = {
    ProductStatus.ACTIVE: "上架",
    ProductStatus.DRAFT: "草稿",
    ProductStatus.ARCHIVED: "归档",
}


class BadCell(ValueError):
    """Raised when a cell cannot be meant. Its text is the stable name of the error."""


def guard(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def read(cell: str) -> str:
    """Undo `guard`, and refuse formulas: what they say depends on who opens them."""
    cell = cell.strip()
    if quoted := _QUOTED.fullmatch(cell):
        return quoted[1].strip()
    if cell.startswith("=") or _FAILED.match(cell):
        raise BadCell("FormulaRefused")
    return cell[1:] if _GUARDED.match(cell) else cell


def price(cell: str) -> int:
    """Read an amount in yuan, with or without sign and thousands; return fen."""
    plain = _CURRENCY.sub("", unicodedata.normalize("NFKC", cell).strip())
    if not _NUMBER.fullmatch(plain):
        raise BadCell("PriceNotANumber")
    fen = Decimal(plain.replace(",", "")) * 100
    if fen < 0:
        raise BadCell("PriceNegative")
    if fen > MOST_FEN:
        raise BadCell("PriceTooLarge")
    if fen != int(fen):
        raise BadCell("PriceTooPrecise")
    return int(fen)


def stock(cell: str) -> int:
    """Read a number of pieces."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    if not _NUMBER.fullmatch(plain):
        raise BadCell("StockNotANumber")
    number = Decimal(plain.replace(",", ""))
    if number != int(number):
        raise BadCell("StockNotANumber")
    if number < 0:
        raise BadCell("StockNegative")
    if number > MOST_PIECES:
        raise BadCell("StockTooLarge")
    return int(number)


def grams(cell: str) -> int:
    """Read a weight in whole grams."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    if not _NUMBER.fullmatch(plain):
        raise BadCell("WeightNotANumber")
    number = Decimal(plain.replace(",", ""))
    if not 0 <= number <= MOST_GRAMS:
        raise BadCell("WeightNotANumber")
    return int(number.to_integral_value())


def content(cell: str) -> tuple[int, ContentUnit]:
    """Read a net content: `30ml`, `0.5 kg`, `12 片` (any other word counts pieces)."""
    found = _CONTENT.fullmatch(unicodedata.normalize("NFKC", cell).strip().casefold())
    if found is None:
        raise BadCell("ContentUnknown")
    factor, unit = _MEASURES.get(found[2], (1, ContentUnit.PIECE))
    number = Decimal(found[1]) * factor
    if number != int(number) or not 1 <= number <= MOST_CONTENT:
        raise BadCell("ContentUnknown")
    return int(number), unit


def content_number(cell: str) -> int:
    """Read a variant's net content: a number, of the product's unit."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    if not plain.isdecimal() or not 1 <= int(plain) <= MOST_CONTENT:
        raise BadCell("ContentUnknown")
    return int(plain)


def status(cell: str) -> ProductStatus:
    """Read whether a product is on sale, in English or Chinese."""
    try:
        return _STATUS[cell.casefold()]
    except KeyError:
        raise BadCell("StatusUnknown") from None


def published(cell: str) -> ProductStatus:
    """Read Shopify's older way to say it."""
    try:
        return _PUBLISHED[cell.casefold()]
    except KeyError:
        raise BadCell("StatusUnknown") from None


def yuan(fen: int) -> str:
    """Write an amount as files carry it: two decimals, no thousands."""
    return f"{fen // 100}.{fen % 100:02d}"


def status_word(status: ProductStatus, headers: HeaderSet) -> str:
    """Write a status in the language of the header set."""
    return _IN_CHINESE[status] if headers is HeaderSet.CHINESE else status.value
