"""HTTP face of the invoices room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from xinbo.commerce import invoices
from xinbo.commerce.invoices import (
    Invoice,
    InvoiceExists,
    InvoiceFileRefused,
    InvoiceNotFound,
    InvoiceSettled,
    InvoiceState,
    NothingToInvoice,
    RedInvoice,
    RefuseInvoice,
    RequestInvoice,
    TaxIdRefused,
    TitleIncomplete,
)
from xinbo.commerce.orders import OrderNotFound
from xinbo.engines.http import SignInRequired, refuses, shopper
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, NotPermitted, require
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page

LARGEST = 2_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Which = Annotated[InvoiceState | None, QueryParameter(name="state")]
"""Litestar keeps the argument name `state` for its own."""


class ShopInvoices(Controller):
    path = "/api/v1"
    tags = ("orders",)

    @get("/invoices", summary="List one's invoices", responses=refuses(SignInRequired))
    async def list_invoices(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Invoice]:
        shopper(tx)
        return await invoices.mine(tx, cursor, limit)

    @get(
        "/orders/{order_id:uuid}/invoices",
        summary="List the invoices of an order",
        responses=refuses(SignInRequired, OrderNotFound),
    )
    async def list_order_invoices(
        self, tx: NamedDependency[Tx], order_id: FromPath[UUID]
    ) -> list[Invoice]:
        shopper(tx)
        return await invoices.of_order(tx, order_id)

    @post(
        "/orders/{order_id:uuid}/invoices",
        summary="Ask for the invoice of an order",
        responses=refuses(
            SignInRequired,
            OrderNotFound,
            InvoiceExists,
            NothingToInvoice,
            TaxIdRefused,
            TitleIncomplete,
        ),
    )
    async def request_invoice(
        self, tx: NamedDependency[Tx], order_id: FromPath[UUID], data: JSONBody[RequestInvoice]
    ) -> Invoice:
        return await invoices.request(tx, shopper(tx), order_id, data)

    @post(
        "/invoices/{invoice_id:uuid}/withdraw",
        status_code=200,
        summary="Take a request for an invoice back",
        responses=refuses(SignInRequired, InvoiceNotFound, InvoiceSettled),
    )
    async def withdraw_invoice(
        self, tx: NamedDependency[Tx], invoice_id: FromPath[UUID]
    ) -> Invoice:
        shopper(tx)
        return await invoices.withdraw(tx, invoice_id)

    @get(
        "/invoices/{invoice_id:uuid}/file.pdf",
        summary="Fetch the PDF of an issued invoice",
        responses=refuses(SignInRequired, InvoiceNotFound),
    )
    async def get_invoice_file(
        self, tx: NamedDependency[Tx], invoice_id: FromPath[UUID]
    ) -> Response[bytes]:
        shopper(tx)
        return _pdf(await invoices.file(tx, invoice_id))


class ConsoleInvoices(Controller):
    path = "/api/v1/console/invoices"
    tags = ("orders",)

    @get(summary="List invoices", responses=refuses(SignInRequired, NotPermitted))
    async def list_console_invoices(
        self,
        tx: NamedDependency[Tx],
        which: Which = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Invoice]:
        return await invoices.console_page(tx, which, cursor, limit)

    @get(
        "/export.xlsx",
        summary="Export invoices (at most 5,000)",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def export_invoices(
        self, tx: NamedDependency[Tx], which: Which = None
    ) -> Response[bytes]:
        headers = {"Content-Disposition": 'attachment; filename="invoices.xlsx"'}
        return Response(await invoices.export(tx, which), media_type=XLSX, headers=headers)

    @get(
        "/{invoice_id:uuid}",
        summary="Show an invoice to the staff",
        responses=refuses(SignInRequired, NotPermitted, InvoiceNotFound),
    )
    async def get_console_invoice(
        self, tx: NamedDependency[Tx], invoice_id: FromPath[UUID]
    ) -> Invoice:
        require(tx, Can.SEE_ORDERS)
        return await invoices.get(tx, invoice_id)

    @get(
        "/{invoice_id:uuid}/file.pdf",
        summary="Fetch the PDF of an issued invoice, as staff",
        responses=refuses(SignInRequired, NotPermitted, InvoiceNotFound),
    )
    async def get_console_invoice_file(
        self, tx: NamedDependency[Tx], invoice_id: FromPath[UUID]
    ) -> Response[bytes]:
        require(tx, Can.SEE_ORDERS)
        return _pdf(await invoices.file(tx, invoice_id))

    @post(
        "/{invoice_id:uuid}/issue",
        status_code=200,
        summary="Enter an issued invoice: its number and its PDF (at most 2 MB)",
        request_max_body_size=LARGEST + 100_000,
        responses=refuses(
            SignInRequired,
            NotPermitted,
            InvoiceNotFound,
            InvoiceSettled,
            InvoiceFileRefused,
            NothingToInvoice,
        ),
    )
    async def issue_invoice(
        self,
        tx: NamedDependency[Tx],
        invoice_id: FromPath[UUID],
        number: FromQuery[Annotated[str, Meta(max_length=40)]],
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> Invoice:
        return await invoices.issue(tx, invoice_id, number, await data.read())

    @post(
        "/{invoice_id:uuid}/refuse",
        status_code=200,
        summary="Refuse to issue an invoice",
        responses=refuses(SignInRequired, NotPermitted, InvoiceNotFound, InvoiceSettled),
    )
    async def refuse_invoice(
        self, tx: NamedDependency[Tx], invoice_id: FromPath[UUID], data: JSONBody[RefuseInvoice]
    ) -> Invoice:
        return await invoices.refuse(tx, invoice_id, data)

    @post(
        "/{invoice_id:uuid}/red",
        status_code=200,
        summary="Take an issued invoice back by a red one",
        responses=refuses(SignInRequired, NotPermitted, InvoiceNotFound, InvoiceSettled),
    )
    async def redden_invoice(
        self, tx: NamedDependency[Tx], invoice_id: FromPath[UUID], data: JSONBody[RedInvoice]
    ) -> Invoice:
        return await invoices.redden(tx, invoice_id, data)


def _pdf(content: bytes) -> Response[bytes]:
    """Hand it over for keeping: bytes from elsewhere are never shown as a page of ours."""
    headers = {
        "Content-Disposition": 'attachment; filename="invoice.pdf"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type="application/pdf", headers=headers)
