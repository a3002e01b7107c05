"""HTTP face of the payments room."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody

from xinbo.commerce import payments
from xinbo.commerce.payments import (
    LARGEST_STATEMENT,
    CallbackRefused,
    ChooseOutcome,
    Finding,
    Method,
    Payment,
    PaymentNotFound,
    PaymentSettled,
    ProviderUnknown,
    Reconciliation,
    ReconciliationLine,
    Refund,
    RefundNotFailed,
    RefundNotFound,
    RefundStatus,
    RefundTooLarge,
    ReportNotFound,
    RunReconciliation,
    StatementRefused,
)
from xinbo.engines.http import Http, SignInRequired, refuses, shopper
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, NotPermitted, require
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page


class ShopPayments(Controller):
    path = "/api/v1/payments"
    tags = ("payments",)

    @get("/methods", summary="List the ways to pay")
    async def list_payment_methods(self, tx: NamedDependency[Tx]) -> list[Method]:
        return payments.methods(tx)

    @get(
        "/{payment_id:uuid}",
        summary="Show how a payment stands",
        responses=refuses(SignInRequired, PaymentNotFound),
    )
    async def get_payment(self, tx: NamedDependency[Tx], payment_id: FromPath[UUID]) -> Payment:
        shopper(tx)
        return await payments.get(tx, payment_id)

    @post(
        "/{payment_id:uuid}/sandbox",
        status_code=200,
        summary="Confirm a sandbox payment",
        responses=refuses(SignInRequired, PaymentNotFound, PaymentSettled, ProviderUnknown),
    )
    async def confirm_sandbox(
        self, tx: NamedDependency[Tx], payment_id: FromPath[UUID], data: JSONBody[ChooseOutcome]
    ) -> Payment:
        shopper(tx)
        return await payments.confirm_sandbox(tx, payment_id, data.outcome)


class PaymentCallbacks(Controller):
    path = "/api/v1/hooks/payments"
    tags = ("hooks",)

    @post(
        "/{provider:str}",
        status_code=200,
        summary="Hear from a payment provider (signature over the raw body)",
        responses=refuses(CallbackRefused, ProviderUnknown),
    )
    async def payment_callback(
        self, tx: NamedDependency[Tx], provider: FromPath[str], request: Http
    ) -> Response[bytes]:
        headers, body = dict(request.headers), await request.body()
        answer = await payments.hear(tx, provider, headers, body)
        return Response(answer.body, status_code=answer.status, media_type=answer.media_type)


class ConsolePayments(Controller):
    path = "/api/v1/console/refunds"
    tags = ("money",)

    @get(summary="List refunds, newest first", responses=refuses(SignInRequired, NotPermitted))
    async def list_refunds(
        self,
        tx: NamedDependency[Tx],
        status: FromQuery[RefundStatus | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Refund]:
        return await payments.refund_page(tx, status, cursor, limit)

    @post(
        "/{refund_id:uuid}/retry",
        status_code=200,
        summary="Ask the provider once more for a refund that failed",
        responses=refuses(
            SignInRequired, NotPermitted, RefundNotFound, RefundNotFailed, RefundTooLarge
        ),
    )
    async def retry_refund(self, tx: NamedDependency[Tx], refund_id: FromPath[UUID]) -> Refund:
        return await payments.try_again(tx, refund_id)


class Reconciliations(Controller):
    path = "/api/v1/console/reconciliations"
    tags = ("money",)

    @get(
        summary="List comparisons with providers' files, newest first",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def list_reconciliations(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Reconciliation]:
        return await payments.reports(tx, cursor, limit)

    @post(
        "/{provider:str}",
        summary="Fetch a provider's file of a day, and compare",
        responses=refuses(SignInRequired, NotPermitted, ProviderUnknown, StatementRefused),
    )
    async def run_reconciliation(
        self,
        tx: NamedDependency[Tx],
        provider: FromPath[str],
        data: JSONBody[RunReconciliation],
    ) -> Reconciliation:
        return await payments.reconcile_day(tx, provider, data.day)

    @post(
        "/{provider:str}/file",
        summary="Upload a provider's file of a day (CSV, at most 5 MB), and compare",
        request_max_body_size=LARGEST_STATEMENT + 100_000,
        responses=refuses(SignInRequired, NotPermitted, ProviderUnknown, StatementRefused),
    )
    async def upload_statement(
        self,
        tx: NamedDependency[Tx],
        provider: FromPath[str],
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
        day: FromQuery[date | None] = None,
    ) -> Reconciliation:
        require(tx, Can.SEE_MONEY)
        content = await data.read()
        return await payments.reconcile_file(tx, provider, day, data.filename, content)

    @get(
        "/{report_id:uuid}",
        summary="Show one comparison",
        responses=refuses(SignInRequired, NotPermitted, ReportNotFound),
    )
    async def get_reconciliation(
        self, tx: NamedDependency[Tx], report_id: FromPath[UUID]
    ) -> Reconciliation:
        return await payments.report(tx, report_id)

    @get(
        "/{report_id:uuid}/lines",
        summary="List a comparison's lines in the file's order",
        responses=refuses(SignInRequired, NotPermitted, ReportNotFound),
    )
    async def list_reconciliation_lines(
        self,
        tx: NamedDependency[Tx],
        report_id: FromPath[UUID],
        finding: FromQuery[Finding | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[ReconciliationLine]:
        return await payments.report_lines(tx, report_id, finding, cursor, limit)

    @get(
        "/{report_id:uuid}/lines.csv",
        summary="Export a comparison as CSV",
        responses=refuses(SignInRequired, NotPermitted, ReportNotFound),
    )
    async def export_reconciliation(
        self, tx: NamedDependency[Tx], report_id: FromPath[UUID]
    ) -> Response[bytes]:
        return Response(
            await payments.report_csv(tx, report_id),
            media_type="text/csv",
            headers={"Content-Disposition": 'attachment; filename="reconciliation.csv"'},
        )
