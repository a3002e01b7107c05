"""Draw what goes on paper: packing slips, picking lists, labels. Blocks: run it in a thread.

Chinese is set in STSong-Light, a font that every PDF viewer brings along and no file carries.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
BEIJING = timezone(timedelta(hours=8))
LABEL = (100 * mm, 150 * mm)
MARGIN = 15 * mm
BOTTOM = 22 * mm
WIDEST = 0xFFFF
"""The font has no characters beyond; what has none is shown as a box."""

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Item(NamedTuple):
    """Pieces of one line."""

    code: str
    title: str
    options: str
    quantity: int
    unit: str
    gift: bool


class Slip(NamedTuple):
    """One order, as it is packed."""

    shop: str
    number: str
    placed_at: datetime
    name: str
    phone: str
    address: str
    note: str
    items: Sequence[Item]


class Pick(NamedTuple):
    """Pieces of one SKU for many orders."""

    place: str
    code: str
    title: str
    options: str
    quantity: int
    unit: str
    orders: int


class Label(NamedTuple):
    """One parcel."""

    carrier: str
    number: str
    name: str
    phone: str
    address: str
    sender: str
    sender_contact: str
    sender_address: str
    orders: Sequence[str]
    items: Sequence[Item]
    sent_at: datetime
    note: str


class _Column(NamedTuple):
    name: str
    x: float
    width: float


def packing_slips(slips: Iterable[Slip]) -> bytes:
    """Return a PDF of A4 pages: each order begins a page of its own."""
    paper = _Paper("发货单", A4)
    for slip in slips:
        _slip(paper, slip)
        paper.turn()
    return paper.done()


def picking_list(
    shop: str, warehouse: str, picks: Sequence[Pick], orders: int, at: datetime
) -> bytes:
    """Return a PDF of A4 pages: each SKU once, in the order of the places where they lie."""
    paper = _Paper("拣货单", A4)
    right = A4[0] - MARGIN
    columns = [
        _Column("", MARGIN, 7 * mm),
        _Column("货位", MARGIN + 8 * mm, 24 * mm),
        _Column("SKU", MARGIN + 34 * mm, 34 * mm),
        _Column("商品", MARGIN + 70 * mm, 78 * mm),
        _Column("数量", right - 28 * mm, 16 * mm),
        _Column("订单", right - 10 * mm, 10 * mm),
    ]

    def head() -> float:
        y = paper.top()
        paper.text(MARGIN, y, "拣货单 Picking list", 18)
        paper.text(MARGIN, y - 8 * mm, f"{shop} · {warehouse} · {_local(at)}", 10)
        pieces = sum(pick.quantity for pick in picks)
        paper.text(
            MARGIN, y - 14 * mm, f"{orders} 个订单 · {len(picks)} 种 SKU · 共 {pieces} 件", 10
        )
        return _heads(paper, columns, y - 24 * mm)

    y = head()
    for pick in picks:
        about = paper.fold(_about(pick.title, pick.options), columns[3].width, 10)
        codes = paper.fold(pick.code, columns[2].width, 9)
        height = max(len(about), len(codes), 1) * 5 * mm + 3 * mm
        if y - height < BOTTOM:
            paper.turn()
            y = head()
        paper.box(columns[0].x, y - 3.4 * mm, 4 * mm)
        paper.lines(columns[1].x, y, paper.fold(pick.place or "—", columns[1].width, 11), 11)
        paper.lines(columns[2].x, y, codes, 9)
        paper.lines(columns[3].x, y, about, 10)
        paper.text(columns[4].x, y, f"{pick.quantity} {pick.unit}", 12)
        paper.text(columns[5].x, y, str(pick.orders), 10)
        y -= height
        paper.rule(MARGIN, right, y + 2 * mm)
    paper.turn()
    return paper.done()


def labels(parcels: Iterable[Label]) -> bytes:
    """Return a PDF of pages of 100 x 150 mm, one a parcel."""
    paper = _Paper("面单", LABEL)
    for label in parcels:
        _label(paper, label)
        paper.turn()
    return paper.done()


class _Paper:
    """A PDF under way. Lengths are in points, from the lower left."""

    def __init__(self, title: str, size: tuple[float, float]) -> None:
        self._out = io.BytesIO()
        self._canvas = Canvas(self._out, pagesize=size, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor("Xinbo")
        self._size = size
        self._pages = 1

    def top(self) -> float:
        """Return where the first line of a page stands."""
        return self._size[1] - MARGIN - 5 * mm

    def text(self, x: float, y: float, text: str, size: float) -> None:
        """Write one line."""
        self._canvas.setFont(FONT, size)
        self._canvas.drawString(x, y, _printable(text))

    def lines(self, x: float, y: float, lines: Sequence[str], size: float) -> None:
        """Write lines one under the other."""
        for number, line in enumerate(lines):
            self.text(x, y - number * 5 * mm, line, size)

    def fold(self, text: str, width: float, size: float, most: int = 4) -> list[str]:
        """Break a text into lines that fit; Chinese breaks anywhere. What is too long ends in …."""
        folded: list[str] = []
        line = ""
        for character in _printable(text):
            if line and pdfmetrics.stringWidth(line + character, FONT, size) > width:
                folded.append(line)
                line = ""
            line += character
        folded.append(line)
        if len(folded) > most:
            folded = [*folded[: most - 1], f"{folded[most - 1][:-1]}…"]
        return folded

    def barcode(self, x: float, y: float, text: str, width: float, height: float) -> None:
        """Draw a Code 128 barcode that fills the width, as wide as it is easily read."""
        thin: Any = Code128(text, barWidth=1, humanReadable=False, quiet=False)
        bar = min(width / float(thin.width), 0.5 * mm)
        drawn = Code128(text, barWidth=bar, barHeight=height, humanReadable=False, quiet=False)
        drawn.drawOn(self._canvas, x, y)

    def rule(self, left: float, right: float, y: float, weight: float = 0.4) -> None:
        """Draw a line across."""
        self._canvas.setLineWidth(weight)
        self._canvas.line(left, y, right, y)

    def box(self, x: float, y: float, size: float) -> None:
        """Draw a box to tick."""
        self._canvas.setLineWidth(0.6)
        self._canvas.rect(x, y, size, size)

    def turn(self) -> None:
        """Go to the next page."""
        if self._size == A4:
            self.text(self._size[0] / 2 - 4 * mm, 12 * mm, f"- {self._pages} -", 9)
        self._canvas.showPage()
        self._pages += 1

    def done(self) -> bytes:
        """Return the PDF."""
        self._canvas.save()
        return self._out.getvalue()


def _slip(paper: _Paper, slip: Slip) -> None:
    right = A4[0] - MARGIN
    columns = [
        _Column("", MARGIN, 7 * mm),
        _Column("SKU", MARGIN + 8 * mm, 40 * mm),
        _Column("商品", MARGIN + 50 * mm, 104 * mm),
        _Column("数量", right - 22 * mm, 22 * mm),
    ]

    def head() -> float:
        y = paper.top()
        paper.text(MARGIN, y, "发货单 Packing slip", 18)
        paper.text(MARGIN, y - 8 * mm, slip.shop, 11)
        paper.barcode(right - 70 * mm, y - 6 * mm, slip.number, 70 * mm, 11 * mm)
        paper.text(right - 70 * mm, y - 11 * mm, slip.number, 10)
        y -= 19 * mm
        paper.text(MARGIN, y, f"收货人 {slip.name}  {slip.phone}", 12)
        address = paper.fold(slip.address, right - MARGIN, 11, 2)
        paper.lines(MARGIN, y - 6 * mm, address, 11)
        y -= 6 * mm + len(address) * 5 * mm
        paper.text(MARGIN, y, f"下单 {_local(slip.placed_at)}", 10)
        if slip.note:
            y -= 6 * mm
            note = paper.fold(f"备注：{slip.note}", right - MARGIN, 11, 3)
            paper.lines(MARGIN, y, note, 11)
            y -= (len(note) - 1) * 5 * mm
        return _heads(paper, columns, y - 10 * mm)

    y = head()
    for item in slip.items:
        gift = "［赠品］" if item.gift else ""
        about = paper.fold(gift + _about(item.title, item.options), columns[2].width, 11)
        codes = paper.fold(item.code, columns[1].width, 9)
        height = max(len(about), len(codes)) * 5 * mm + 3 * mm
        if y - height < BOTTOM:
            paper.turn()
            y = head()
        paper.box(columns[0].x, y - 3.4 * mm + 2 * mm, 4 * mm)
        paper.lines(columns[1].x, y, codes, 9)
        paper.lines(columns[2].x, y, about, 11)
        paper.text(columns[3].x, y, f"{item.quantity} {item.unit}", 13)
        y -= height
        paper.rule(MARGIN, right, y + 2 * mm)
    pieces = sum(item.quantity for item in slip.items)
    paper.text(right - 22 * mm, y - 4 * mm, f"共 {pieces} 件", 12)


def _label(paper: _Paper, label: Label) -> None:
    edge, right = 5 * mm, LABEL[0] - 5 * mm
    width = right - edge
    y = LABEL[1] - 12 * mm
    paper.text(edge, y, label.carrier, 18)
    paper.text(right - 30 * mm, y, _local(label.sent_at), 8)
    paper.barcode(edge + 5 * mm, y - 24 * mm, label.number, width - 10 * mm, 18 * mm)
    paper.text(edge + 5 * mm, y - 29 * mm, label.number, 13)
    y -= 33 * mm
    paper.rule(edge, right, y, 1)
    y -= 8 * mm
    paper.text(edge, y, f"收  {label.name}  {label.phone}", 14)
    address = paper.fold(label.address, width, 12, 3)
    paper.lines(edge, y - 7 * mm, address, 12)
    y -= 7 * mm + len(address) * 5 * mm
    paper.rule(edge, right, y, 1)
    y -= 6 * mm
    paper.text(edge, y, f"寄  {label.sender}  {label.sender_contact}", 10)
    sender = paper.fold(label.sender_address, width, 9, 2)
    paper.lines(edge, y - 5 * mm, sender, 9)
    y -= 5 * mm + len(sender) * 5 * mm
    paper.rule(edge, right, y, 1)
    y -= 6 * mm
    for item in label.items[:6]:
        (about,) = paper.fold(_about(item.title, item.options), width - 18 * mm, 9, 1)
        paper.text(edge, y, about, 9)
        paper.text(right - 16 * mm, y, f"{item.quantity} {item.unit}", 9)
        y -= 5 * mm
    if len(label.items) > len(label.items[:6]):
        paper.text(edge, y, f"等 {len(label.items)} 种", 9)
        y -= 5 * mm
    if label.note:
        paper.lines(edge, y, paper.fold(f"备注：{label.note}", width, 9, 2), 9)
    first = label.orders[0] if label.orders else ""
    more = f" 等 {len(label.orders)} 单" if len(label.orders) > 1 else ""
    paper.barcode(edge, 10 * mm, first or "0", width * 0.7, 9 * mm)
    paper.text(edge, 6 * mm, f"{first}{more}", 8)
    paper.text(edge, 2 * mm, "店铺面单，不代替快递公司的电子面单", 6)


def _heads(paper: _Paper, columns: Sequence[_Column], y: float) -> float:
    for column in columns:
        paper.text(column.x, y, column.name, 9)
    paper.rule(MARGIN, A4[0] - MARGIN, y - 2 * mm, 1)
    return y - 8 * mm


def _about(title: str, options: str) -> str:
    return f"{title}  {options}" if options else title


def _local(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def _printable(text: str) -> str:
    return "".join(
        "□" if ord(character) > WIDEST else character if character.isprintable() else " "
        for character in text
    )
