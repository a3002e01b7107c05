"""Electronic VAT invoices: 增值税普通发票 and 专用发票, asked for, issued, taken back.

Owns `invoice` and `invoice_file`. A shopper asks for the invoice of an order; its amount is what
was paid less what went back. The merchant issues it with its own tax software and enters number
and PDF here, or refuses and says why. When money goes back later the invoice says too much and
is marked for a red one (冲红). Of each order at most one is alive.
"""

from xinbo.commerce.invoices._rules import (
    InvoiceKind,
    InvoiceSettled,
    InvoiceState,
    TitleKind,
    valid_tax_id,
)
from xinbo.commerce.invoices._service import (
    InvoiceExists,
    InvoiceFileRefused,
    InvoiceNotFound,
    NothingToInvoice,
    TaxIdRefused,
    TitleIncomplete,
    console_page,
    due,
    export,
    file,
    get,
    issue,
    mine,
    of_order,
    redden,
    refuse,
    request,
    withdraw,
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

__all__ = [
    "Invoice",
    "InvoiceExists",
    "InvoiceFileRefused",
    "InvoiceIssued",
    "InvoiceKind",
    "InvoiceNotFound",
    "InvoiceReddened",
    "InvoiceRefused",
    "InvoiceRequested",
    "InvoiceSettled",
    "InvoiceState",
    "NothingToInvoice",
    "RedInvoice",
    "RefuseInvoice",
    "RequestInvoice",
    "TaxIdRefused",
    "TitleIncomplete",
    "TitleKind",
    "console_page",
    "due",
    "export",
    "file",
    "get",
    "issue",
    "mine",
    "of_order",
    "redden",
    "refuse",
    "request",
    "valid_tax_id",
    "withdraw",
]
