"""Tables of the invoices room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.commerce.invoices._rules import InvoiceKind, InvoiceState, TitleKind
from xinbo.engines.db import Model


class InvoiceRow(Model):
    """One invoice, or the request for one."""

    __tablename__ = "invoice"
    __table_args__ = (
        Index("invoice_list", "merchant_id", "id"),
        Index("invoice_of_shopper", "merchant_id", "shopper_id", "id"),
        Index(
            "invoice_one_live",
            "order_id",
            unique=True,
            postgresql_where=text("state in ('requested', 'issued')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    shopper_id: Mapped[UUID]
    order_id: Mapped[UUID] = mapped_column(index=True)
    order_number: Mapped[str]
    kind: Mapped[InvoiceKind]
    title_kind: Mapped[TitleKind]
    title: Mapped[str]
    tax_id: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]
    bank: Mapped[str]
    account: Mapped[str]
    email: Mapped[str]
    amount: Mapped[int]
    state: Mapped[InvoiceState]
    number: Mapped[str]
    refuse_reason: Mapped[str]
    red_number: Mapped[str]
    requested_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    staff_id: Mapped[UUID | None]
    """Who issued it, refused it or took it back, last."""


class InvoiceFileRow(Model):
    """The PDF of an invoice: kept here, where only those it concerns get it."""

    __tablename__ = "invoice_file"

    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoice.id"), primary_key=True)
    merchant_id: Mapped[UUID]
    content: Mapped[bytes]
