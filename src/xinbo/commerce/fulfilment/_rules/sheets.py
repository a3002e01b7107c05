"""The columns of a batch shipping file, and what its cells mean. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

MOST_PIECES = 999
_ORDER = re.compile(r"[0-9]{18}")


class Column(StrEnum):
    """What a column says."""

    ORDER = "order"
    CARRIER = "carrier"
    NUMBER = "number"
    SKU = "sku"
    QUANTITY = "quantity"


HEADINGS: Mapping[Column, str] = {
    Column.ORDER: "订单号",
    Column.CARRIER: "物流公司",
    Column.NUMBER: "运单号",
    Column.SKU: "规格编码(SKU)",
    Column.QUANTITY: "数量",
}
NEEDED = (Column.ORDER, Column.CARRIER, Column.NUMBER)
_ALIASES: Mapping[str, Column] = {
    "order": Column.ORDER,
    "order number": Column.ORDER,
    "order no": Column.ORDER,
    "订单编号": Column.ORDER,
    "carrier": Column.CARRIER,
    "快递公司": Column.CARRIER,
    "物流": Column.CARRIER,
    "tracking number": Column.NUMBER,
    "tracking no": Column.NUMBER,
    "物流单号": Column.NUMBER,
    "快递单号": Column.NUMBER,
    "sku": Column.SKU,
    "规格编码": Column.SKU,
    "商家编码": Column.SKU,
    "quantity": Column.QUANTITY,
    "发货数量": Column.QUANTITY,
}


class Line(NamedTuple):
    """One row of the file, its cells read."""

    row: int
    """As the spreadsheet numbers it: the header is row 1."""
    order: str
    carrier: str
    number: str
    sku: str
    quantity: int | None


class Fault(NamedTuple):
    """What is wrong in one cell."""

    row: int
    column: Column
    value: str
    error: str
    """A stable name that the page puts into words."""


def recognise(header: Sequence[str]) -> dict[Column, int] | None:
    """Find the columns in a header row; None where one that is needed is missing."""
    found: dict[Column, int] = {}
    for index, cell in enumerate(header):
        column = _KNOWN.get(_plain(cell))
        if column is not None:
            found.setdefault(column, index)
    return found if all(column in found for column in NEEDED) else None


def read(row: int, cells: Mapping[Column, str]) -> tuple[Line | None, list[Fault]]:
    """Read one row; None where it has faults."""
    faults: list[Fault] = []
    order = digits(cells.get(Column.ORDER, ""))
    if not _ORDER.fullmatch(order):
        faults.append(Fault(row, Column.ORDER, cells.get(Column.ORDER, ""), "OrderNumberWrong"))
    number = cells.get(Column.NUMBER, "").strip()
    if not number:
        faults.append(Fault(row, Column.NUMBER, "", "NumberMissing"))
    carrier = cells.get(Column.CARRIER, "").strip()
    if not carrier:
        faults.append(Fault(row, Column.CARRIER, "", "CarrierMissing"))
    sku = cells.get(Column.SKU, "").strip()
    said = digits(cells.get(Column.QUANTITY, ""))
    quantity = int(said) if said.isascii() and said.isdigit() and len(said) <= len("999") else None
    if said and (quantity is None or not 1 <= quantity <= MOST_PIECES):
        faults.append(Fault(row, Column.QUANTITY, said, "QuantityWrong"))
    elif said and not sku:
        faults.append(Fault(row, Column.SKU, "", "QuantityWithoutSku"))
    return (None if faults else Line(row, order, carrier, number, sku, quantity)), faults


def digits(cell: str) -> str:
    """Read digits as a spreadsheet shows them: an apostrophe, `="…"` and `.0` mean nothing."""
    plain = unicodedata.normalize("NFKC", cell).strip().removeprefix("=").strip("\"'` \t")
    return plain.removesuffix(".0")


def _plain(name: str) -> str:
    words = unicodedata.normalize("NFKC", name).casefold().replace(".", " ").replace("_", " ")
    return " ".join(words.replace("*", " ").split())


_KNOWN = {_plain(name): column for name, column in _ALIASES.items()} | {
    _plain(name): column for column, name in HEADINGS.items()
}
