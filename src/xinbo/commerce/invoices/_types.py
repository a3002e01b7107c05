"""Structs of the invoices room."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.invoices._rules import InvoiceKind, InvoiceState, TitleKind
from xinbo.kit.wire import Command, Event, View

type Line = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]
type Named = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]


class RequestInvoice(Command, frozen=True):
    """Ask for the invoice of an order."""

    kind: InvoiceKind
    title_kind: TitleKind
    title: Named
    """The buyer's name as it stands on the invoice: 发票抬头."""
    tax_id: Line = ""
    """纳税人识别号; needed of companies."""
    address: Line = ""
    phone: Line = ""
    bank: Line = ""
    account: Line = ""
    """Registered address, phone, bank and account: needed for a special invoice."""
    email: Annotated[str, Meta(max_length=254, pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""
    """Where it is sent as well; the shop sends it from its own mailbox."""


class Invoice(View, frozen=True):
    """An invoice: asked for, issued, refused, or taken back."""

    id: UUID
    order_id: UUID
    order_number: str
    kind: InvoiceKind
    title_kind: TitleKind
    title: str
    tax_id: str
    address: str
    phone: str
    bank: str
    account: str
    email: str
    amount: int
    """What was paid less what went back, when it was asked for or issued."""
    state: InvoiceState
    number: str
    has_file: bool
    refuse_reason: str
    red_number: str
    needs_red: bool
    """Whether money went back after it was issued, so that it says too much."""
    due: int
    """What an invoice of the order would say now."""
    requested_at: datetime
    issued_at: datetime | None
    settled_at: datetime | None
    """When it was refused, taken back or withdrawn."""


class RefuseInvoice(Command, frozen=True):
    """Refuse to issue it, and say why."""

    reason: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]


class RedInvoice(Command, frozen=True):
    """Take an issued invoice back by a red one."""

    number: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]
    """The red invoice's own number."""
    reissue: bool = False
    """Whether a new one over what is left is asked for at once."""


class InvoiceRequested(Event, frozen=True):
    """A shopper asked for an invoice."""

    name = "invoices.requested"
    about = "order_id"
    invoice_id: UUID
    order_id: UUID


class InvoiceIssued(Event, frozen=True):
    """An invoice can be fetched."""

    name = "invoices.issued"
    about = "order_id"
    invoice_id: UUID
    order_id: UUID
    number: str


class InvoiceRefused(Event, frozen=True):
    """An invoice was refused."""

    name = "invoices.refused"
    about = "order_id"
    invoice_id: UUID
    order_id: UUID
    reason: str


class InvoiceReddened(Event, frozen=True):
    """An invoice was taken back by a red one."""

    name = "invoices.reddened"
    about = "order_id"
    invoice_id: UUID
    order_id: UUID
    number: str
