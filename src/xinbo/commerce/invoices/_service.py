"""Ask for invoices, issue them, refuse them, take them back. Lock, then look."""

import asyncio
import re
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from xinbo.commerce import orders
from xinbo.commerce.invoices._models import InvoiceFileRow, InvoiceRow
from xinbo.commerce.invoices._rules import (
    InvoiceKind,
    InvoiceState,
    TitleKind,
    move,
    tax_id,
    valid_tax_id,
)
from xinbo.commerce.invoices._types import (
    Invoice,
    InvoiceIssued,
    InvoiceReddened,
    InvoiceRefused,
    InvoiceRequested,
    RedInvoice,
    RefuseInvoice,
    RequestInvoice,
)
from xinbo.commerce.orders import Order, Status
from xinbo.engines import sheets
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import Conflict, Invalid, NotFound
from xinbo.kit.ids import new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page

LARGEST = 2_000_000
MOST_EXPORTED = 5_000
UNPAID = frozenset({Status.AWAITING_PAYMENT, Status.AWAITING_BALANCE, Status.CANCELLED})
NUMBER = re.compile(r"[0-9A-Za-z-]{1,40}")

HEADS = (
    ("订单号", 24),
    ("发票类型", 16),
    ("抬头类型", 10),
    ("发票抬头", 32),
    ("税号", 24),
    ("注册地址", 32),
    ("注册电话", 18),
    ("开户银行", 24),
    ("银行账号", 24),
    ("邮箱", 28),
    ("金额(元)", 12),
    ("状态", 10),
    ("发票号码", 24),
    ("红字发票号码", 24),
    ("申请时间(UTC)", 20),
    ("开具时间(UTC)", 20),
)
KINDS = {InvoiceKind.NORMAL: "增值税普通发票", InvoiceKind.SPECIAL: "增值税专用发票"}
TITLES = {TitleKind.PERSON: "个人", TitleKind.COMPANY: "单位"}
STATES = {
    InvoiceState.REQUESTED: "待开票",
    InvoiceState.ISSUED: "已开票",
    InvoiceState.REFUSED: "已拒绝",
    InvoiceState.RED: "已冲红",
    InvoiceState.WITHDRAWN: "已撤回",
}


class InvoiceNotFound(NotFound):
    """Raised when there is no such invoice, or the actor may not see it: the two look alike."""


class InvoiceExists(Conflict):
    """Raised when an order has an invoice already, or one was asked for."""


class NothingToInvoice(Conflict):
    """Raised when nothing is paid for an order, or all of it went back."""


class TaxIdRefused(Invalid):
    """Raised when a tax id cannot be one: wrong length, characters or check letter."""


class TitleIncomplete(Invalid):
    """Raised when `missing` names what that kind of invoice needs."""


class InvoiceFileRefused(Invalid):
    """Raised when a file is no PDF of at most 2 MB, or its number is none (`reason`)."""


async def request(tx: Tx, shopper_id: UUID, order_id: UUID, command: RequestInvoice) -> Invoice:
    """Ask for the invoice of one's own order: what was paid, less what went back."""
    order = await orders.get(tx, order_id)
    code = _checked(command)
    amount = due(order)
    if amount <= 0:
        raise NothingToInvoice(order_id=order_id)
    row = InvoiceRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        shopper_id=shopper_id,
        order_id=order.id,
        order_number=order.number,
        kind=command.kind,
        title_kind=command.title_kind,
        title=command.title.strip(),
        tax_id=code,
        address=command.address.strip(),
        phone=command.phone.strip(),
        bank=command.bank.strip(),
        account=command.account.strip(),
        email=command.email.strip(),
        amount=amount,
        state=InvoiceState.REQUESTED,
        number="",
        refuse_reason="",
        red_number="",
        requested_at=tx.now,
    )
    try:
        async with tx.db.begin_nested():
            tx.db.add(row)
    except IntegrityError:
        raise InvoiceExists(order_id=order_id) from None
    await tx.emit(InvoiceRequested(invoice_id=row.id, order_id=row.order_id))
    return _view(row, order)


async def withdraw(tx: Tx, invoice_id: UUID) -> Invoice:
    """Take one's request back while nothing is issued."""
    row = await _row(tx, invoice_id, for_update=True)
    row.state = move(row.state, InvoiceState.WITHDRAWN)
    row.settled_at = tx.now
    await tx.db.flush()
    return await _one(tx, row)


async def issue(tx: Tx, invoice_id: UUID, number: str, content: bytes) -> Invoice:
    """Enter the number of an issued invoice and keep its PDF; its amount is what is due now.

    Raises `InvoiceFileRefused`, `InvoiceSettled`, or `NothingToInvoice` where all went back.
    """
    require(tx, Can.SERVE_ORDERS)
    row = await _row(tx, invoice_id, for_update=True)
    if not NUMBER.fullmatch(number):
        raise InvoiceFileRefused(reason="number")
    if len(content) > LARGEST:
        raise InvoiceFileRefused(reason="too_large", most=LARGEST)
    if not content.startswith(b"%PDF-"):
        raise InvoiceFileRefused(reason="not_a_pdf")
    row.state = move(row.state, InvoiceState.ISSUED)
    amount = due(await orders.get(tx, row.order_id))
    if amount <= 0:
        raise NothingToInvoice(order_id=row.order_id)
    row.amount, row.number = amount, number
    row.issued_at, row.staff_id = tx.now, tx.actor.user_id
    await tx.db.flush()
    await tx.db.execute(
        insert(InvoiceFileRow)
        .values(invoice_id=row.id, merchant_id=tx.merchant_id, content=content)
        .on_conflict_do_update(
            index_elements=[InvoiceFileRow.invoice_id], set_={"content": content}
        )
    )
    await tx.emit(InvoiceIssued(invoice_id=row.id, order_id=row.order_id, number=number))
    return await _one(tx, row)


async def refuse(tx: Tx, invoice_id: UUID, command: RefuseInvoice) -> Invoice:
    """Refuse to issue it; the shopper reads why, and may ask anew."""
    require(tx, Can.SERVE_ORDERS)
    row = await _row(tx, invoice_id, for_update=True)
    row.state = move(row.state, InvoiceState.REFUSED)
    row.refuse_reason = command.reason.strip()
    row.settled_at, row.staff_id = tx.now, tx.actor.user_id
    await tx.db.flush()
    await tx.emit(
        InvoiceRefused(invoice_id=row.id, order_id=row.order_id, reason=row.refuse_reason)
    )
    return await _one(tx, row)


async def redden(tx: Tx, invoice_id: UUID, command: RedInvoice) -> Invoice:
    """Take an issued invoice back (冲红); on request a new one is asked for over what is left."""
    require(tx, Can.SERVE_ORDERS)
    row = await _row(tx, invoice_id, for_update=True)
    row.state = move(row.state, InvoiceState.RED)
    row.red_number = command.number
    row.settled_at, row.staff_id = tx.now, tx.actor.user_id
    await tx.db.flush()
    order = await orders.get(tx, row.order_id)
    if command.reissue and due(order) > 0:
        tx.db.add(
            InvoiceRow(
                id=new_id(),
                merchant_id=row.merchant_id,
                shopper_id=row.shopper_id,
                order_id=row.order_id,
                order_number=row.order_number,
                kind=row.kind,
                title_kind=row.title_kind,
                title=row.title,
                tax_id=row.tax_id,
                address=row.address,
                phone=row.phone,
                bank=row.bank,
                account=row.account,
                email=row.email,
                amount=due(order),
                state=InvoiceState.REQUESTED,
                number="",
                refuse_reason="",
                red_number="",
                requested_at=tx.now,
            )
        )
        await tx.db.flush()
    await tx.emit(InvoiceReddened(invoice_id=row.id, order_id=row.order_id, number=command.number))
    return _view(row, order)


async def of_order(tx: Tx, order_id: UUID) -> list[Invoice]:
    """List the invoices of an order for whoever may see it, the newest first."""
    order = await orders.get(tx, order_id)
    rows = await tx.db.scalars(
        select(InvoiceRow)
        .where(InvoiceRow.order_id == order_id, _visible(tx.actor))
        .order_by(InvoiceRow.id.desc())
        .execution_options(populate_existing=True)
    )
    return [_view(row, order) for row in rows]


async def mine(tx: Tx, cursor: str | None, limit: int) -> Page[Invoice]:
    """List one's own invoices, the newest first."""
    return await _page(tx, select(InvoiceRow), cursor, limit)


async def console_page(
    tx: Tx, state: InvoiceState | None, cursor: str | None, limit: int
) -> Page[Invoice]:
    """List the merchant's invoices, the newest first."""
    require(tx, Can.SEE_ORDERS)
    query = select(InvoiceRow)
    if state is not None:
        query = query.where(InvoiceRow.state == state)
    return await _page(tx, query, cursor, limit)


async def get(tx: Tx, invoice_id: UUID) -> Invoice:
    """Show one invoice to whoever may see it."""
    return await _one(tx, await _row(tx, invoice_id))


async def file(tx: Tx, invoice_id: UUID) -> bytes:
    """Return the PDF of an issued invoice to whoever may see it."""
    await _row(tx, invoice_id)
    content = await tx.db.scalar(
        select(InvoiceFileRow.content).where(
            InvoiceFileRow.invoice_id == invoice_id, InvoiceFileRow.merchant_id == tx.merchant_id
        )
    )
    if content is None:
        raise InvoiceNotFound(invoice_id=invoice_id)
    return content


async def export(tx: Tx, state: InvoiceState | None) -> bytes:
    """Write the newest invoices (at most 5,000) as XLSX, as a tax clerk types them in."""
    require(tx, Can.SERVE_ORDERS)
    query = select(InvoiceRow).where(_visible(tx.actor)).order_by(InvoiceRow.id.desc())
    if state is not None:
        query = query.where(InvoiceRow.state == state)
    rows = (await tx.db.scalars(query.limit(MOST_EXPORTED))).all()
    return await asyncio.to_thread(sheets.xlsx, "发票", HEADS, [_cells(row) for row in rows])


def due(order: Order) -> int:
    """Say what an invoice of the order is over now: what was paid less what went back, in fen."""
    return 0 if order.status in UNPAID else max(0, order.total - order.refunded)


def _checked(command: RequestInvoice) -> str:
    """Return the tax id as the register writes it, or refuse what is wrong with the title."""
    special = command.kind is InvoiceKind.SPECIAL
    needed: dict[str, str] = {}
    if command.title_kind is TitleKind.COMPANY:
        needed["tax_id"] = command.tax_id
    if special:
        needed |= {
            "tax_id": command.tax_id,
            "address": command.address,
            "phone": command.phone,
            "bank": command.bank,
            "account": command.account,
        }
    missing = [name for name, text in needed.items() if not text.strip()]
    if special and command.title_kind is TitleKind.PERSON:
        missing.append("company")
    if missing:
        raise TitleIncomplete(missing=missing)
    code = tax_id(command.tax_id)
    if code and not valid_tax_id(code):
        raise TaxIdRefused(tax_id=code[:40])
    return code


def _cells(row: InvoiceRow) -> Sequence[sheets.Cell]:
    return (
        row.order_number,
        KINDS[row.kind],
        TITLES[row.title_kind],
        row.title,
        row.tax_id,
        row.address,
        row.phone,
        row.bank,
        row.account,
        row.email,
        Decimal(row.amount) / 100,
        STATES[row.state],
        row.number,
        row.red_number,
        f"{row.requested_at:%Y-%m-%d %H:%M}",
        f"{row.issued_at:%Y-%m-%d %H:%M}" if row.issued_at else "",
    )


async def _page(tx: Tx, query: Select[InvoiceRow], cursor: str | None, limit: int) -> Page[Invoice]:
    query = query.where(_visible(tx.actor)).order_by(InvoiceRow.id.desc()).limit(limit + 1)
    if (last := after(cursor)) is not None:
        query = query.where(InvoiceRow.id < last)
    rows = (await tx.db.scalars(query.execution_options(populate_existing=True))).all()
    found = await orders.by_ids(tx, [row.order_id for row in rows])
    shown = {row.id: _view(row, found.get(row.order_id)) for row in rows[:limit]}
    return page(rows, limit, lambda row: shown[row.id], lambda row: row.id)


async def _one(tx: Tx, row: InvoiceRow) -> Invoice:
    return _view(row, await orders.get(tx, row.order_id))


def _view(row: InvoiceRow, order: Order | None) -> Invoice:
    now = due(order) if order else 0
    return Invoice(
        id=row.id,
        order_id=row.order_id,
        order_number=row.order_number,
        kind=row.kind,
        title_kind=row.title_kind,
        title=row.title,
        tax_id=row.tax_id,
        address=row.address,
        phone=row.phone,
        bank=row.bank,
        account=row.account,
        email=row.email,
        amount=row.amount,
        state=row.state,
        number=row.number,
        has_file=row.issued_at is not None,
        refuse_reason=row.refuse_reason,
        red_number=row.red_number,
        needs_red=row.state is InvoiceState.ISSUED and now != row.amount,
        due=now,
        requested_at=row.requested_at,
        issued_at=row.issued_at,
        settled_at=row.settled_at,
    )


async def _row(tx: Tx, invoice_id: UUID, *, for_update: bool = False) -> InvoiceRow:
    query = select(InvoiceRow).where(InvoiceRow.id == invoice_id, _visible(tx.actor))
    if for_update:
        query = query.with_for_update()
    row = await tx.db.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise InvoiceNotFound(invoice_id=invoice_id)
    return row


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show shoppers their own invoices, the merchant's to the system and staff who see orders."""
    of_the_merchant = InvoiceRow.merchant_id == actor.merchant_id
    if actor.role is Role.SHOPPER:
        return and_(of_the_merchant, InvoiceRow.shopper_id == actor.user_id)
    return of_the_merchant if Can.SEE_ORDERS in allowed(actor.role) else false()
