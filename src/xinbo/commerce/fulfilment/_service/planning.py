"""Work out which parcels a batch file means, and what is wrong with it."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import batched, islice
from uuid import UUID

import msgspec

from xinbo.commerce import catalog, orders
from xinbo.commerce.fulfilment._rules import carriers, sheets
from xinbo.commerce.fulfilment._rules.carriers import CarrierCode
from xinbo.commerce.fulfilment._rules.sheets import HEADINGS, Column, Fault, Line
from xinbo.commerce.fulfilment._service.promises import SHIPPABLE, left
from xinbo.commerce.fulfilment._service.shipping import MOST_ORDERS
from xinbo.commerce.fulfilment._types import BatchError, Ship, ShipItem
from xinbo.commerce.imports import FileRefused, open_lines
from xinbo.commerce.orders import Order
from xinbo.engines.tx import Tx

LARGEST = 5_000_000
MOST_ROWS = 5_000
AT_ONCE = 500
SHOWN = 80


class Planned(msgspec.Struct, frozen=True):
    """A parcel that the file means, and the rows that say so."""

    ship: Ship
    rows: list[int]


class Plan(msgspec.Struct, frozen=True):
    """What a file means."""

    rows: int
    parcels: list[Planned]
    errors: list[BatchError]
    warnings: list[BatchError]


class _Draft(msgspec.Struct):
    """A parcel that grows while rows are read."""

    order: Order
    """The first one in it: the others go to the same recipient."""
    pieces: dict[tuple[UUID, int], int]
    rows: list[int]


async def read(tx: Tx, content: bytes) -> Plan:
    """Read the file and compare it with the orders. Raises `FileRefused`."""
    lines, faults, rows = await asyncio.to_thread(_lines, content)
    found: dict[str, Order] = {}
    numbers = sorted({line.order for line in lines})
    for some in batched(numbers, AT_ONCE, strict=False):
        found |= await orders.by_numbers(tx, some)
    sku_ids = {each.sku_id for order in found.values() for each in order.lines}
    codes: dict[UUID, str] = {}
    if any(line.sku for line in lines):
        for some in batched(sorted(sku_ids), AT_ONCE, strict=False):
            codes |= {card.sku_id: card.code for card in (await catalog.skus(tx, some)).values()}
    planner = _Planner(found, codes)
    planner.faults += faults
    for line in lines:
        planner.take(line)
    return planner.plan(rows)


def _lines(content: bytes) -> tuple[list[Line], list[Fault], int]:
    """Read the cells. Blocks."""
    _, cells = open_lines(content, LARGEST)
    header = next(cells, ())
    columns = sheets.recognise(header)
    if columns is None:
        raise FileRefused(reason="unknown_columns", columns=[each[:SHOWN] for each in header[:40]])
    lines: list[Line] = []
    faults: list[Fault] = []
    count = 0
    for number, row in enumerate(islice(cells, MOST_ROWS * 2), start=2):
        if not any(cell.strip() for cell in row):
            continue
        count += 1
        if count > MOST_ROWS:
            raise FileRefused(reason="too_many_rows", most=MOST_ROWS)
        named = {column: row[at] for column, at in columns.items() if at < len(row)}
        line, wrong = sheets.read(number, named)
        faults += wrong
        if line is not None:
            lines.append(line)
    return lines, faults, count


class _Planner:
    """Takes rows one by one, and remembers which pieces earlier ones have taken."""

    def __init__(self, found: Mapping[str, Order], codes: Mapping[UUID, str]) -> None:
        self.faults: list[Fault] = []
        self._found = found
        self._codes = codes
        self._left = {order.id: left(order) for order in found.values()}
        self._drafts: dict[tuple[CarrierCode, str], _Draft] = {}
        self._warnings: list[Fault] = []

    def take(self, line: Line) -> None:
        """Put a row's pieces into its parcel, or note what is wrong with it."""
        carrier = carriers.find(line.carrier)
        number = carriers.canonical(line.number)
        order = self._found.get(line.order)
        if carrier is None:
            self._fault(line, Column.CARRIER, line.carrier, "CarrierUnknown")
        elif not carriers.possible(number):
            self._fault(line, Column.NUMBER, line.number, "NumberWrong")
        elif order is None:
            self._fault(line, Column.ORDER, line.order, "OrderUnknown")
        elif order.status not in SHIPPABLE:
            self._fault(line, Column.ORDER, line.order, "OrderNotShippable")
        elif pieces := self._pieces(line, order):
            self._put(line, carrier, number, order, pieces)

    def plan(self, rows: int) -> Plan:
        """Say what was found."""
        return Plan(
            rows=rows,
            parcels=[
                Planned(
                    Ship(
                        carrier=carrier,
                        number=number,
                        items=[
                            ShipItem(order_id=order_id, position=position, quantity=quantity)
                            for (order_id, position), quantity in draft.pieces.items()
                        ],
                    ),
                    draft.rows,
                )
                for (carrier, number), draft in self._drafts.items()
            ],
            errors=_shown(self.faults),
            warnings=_shown(self._warnings),
        )

    def _pieces(self, line: Line, order: Order) -> dict[int, int]:
        """Choose pieces of the order that no earlier row has taken: by position."""
        free = self._left[order.id]
        if line.sku:
            fits = [
                each.position for each in order.lines if self._codes.get(each.sku_id) == line.sku
            ]
            if not fits:
                self._fault(line, Column.SKU, line.sku, "SkuNotInOrder")
                return {}
            free = {position: free[position] for position in fits if free.get(position)}
        if not free or not sum(free.values()):
            self._fault(line, Column.ORDER, line.order, "NothingLeft")
            return {}
        wanted = line.quantity or sum(free.values())
        if wanted > sum(free.values()):
            self._fault(line, Column.QUANTITY, str(wanted), "TooManyPieces")
            return {}
        chosen: dict[int, int] = {}
        for position, pieces in free.items():
            if take := min(wanted, pieces):
                chosen[position] = take
                wanted -= take
        return chosen

    def _put(
        self,
        line: Line,
        carrier: CarrierCode,
        number: str,
        order: Order,
        pieces: Mapping[int, int],
    ) -> None:
        draft = self._drafts.get((carrier, number))
        if draft is not None and draft.order.recipient != order.recipient:
            self._fault(line, Column.NUMBER, line.number, "DifferentRecipients")
            return
        inside = {order_id for order_id, _ in draft.pieces} if draft else set[UUID]()
        if len(inside | {order.id}) > MOST_ORDERS:
            self._fault(line, Column.NUMBER, line.number, "TooManyOrders")
            return
        if draft is None:
            draft = self._drafts[carrier, number] = _Draft(order, {}, [])
            if not carriers.looks_right(carrier, number):
                self._warnings.append(
                    Fault(line.row, Column.NUMBER, line.number, "NumberLooksWrong")
                )
        draft.rows.append(line.row)
        for position, quantity in pieces.items():
            key = order.id, position
            draft.pieces[key] = draft.pieces.get(key, 0) + quantity
            self._left[order.id][position] -= quantity

    def _fault(self, line: Line, column: Column, value: str, error: str) -> None:
        self.faults.append(Fault(line.row, column, value, error))


def _shown(faults: Sequence[Fault]) -> list[BatchError]:
    return [
        BatchError(
            row=fault.row,
            column=HEADINGS[fault.column],
            value=fault.value[:SHOWN],
            error=fault.error,
        )
        for fault in sorted(faults)
    ]
