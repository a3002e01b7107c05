"""HTTP face of the payments room."""

from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from xinbo.commerce import payments
from xinbo.commerce.payments import (
    CallbackRefused,
    ChooseOutcome,
    Method,
    Payment,
    PaymentNotFound,
    PaymentSettled,
    ProviderUnknown,
)
from xinbo.engines.http import Http, SignInRequired, refuses, shopper
from xinbo.engines.tx import Tx


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
