"""HTTP face of the aftersales room: the shopper's side."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody

from xinbo.commerce import aftersales
from xinbo.commerce.aftersales import (
    AmountRefused,
    AskAgain,
    AskCase,
    Case,
    CaseDetail,
    CaseNotFound,
    CaseOptions,
    CaseQuote,
    CaseRefused,
    DeclineProposal,
    EvidenceNotFound,
    EvidencePicture,
    IllegalStep,
    NothingCheaper,
    PriceChecks,
    SendParcel,
    TooMuchAsked,
    VariantRefused,
)
from xinbo.commerce.catalog import PictureRefused
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.orders import OrderNotFound
from xinbo.commerce.payments import IdempotencyKeyReused
from xinbo.engines.http import (
    Http,
    IdempotencyKeyRequired,
    SignInRequired,
    idempotency_key,
    refuses,
    shopper,
)
from xinbo.engines.tx import Tx
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page

STEP = (SignInRequired, IdempotencyKeyRequired, CaseNotFound, IllegalStep)
ASKING = (SignInRequired, OrderNotFound, CaseRefused, TooMuchAsked)


class OrderAftersales(Controller):
    """What may be asked for about an order, and the asking."""

    path = "/api/v1/orders/{order_id:uuid}"
    tags = ("after-sales",)

    @get(
        "/aftersales",
        summary="Say what may be asked for about an order's lines",
        responses=refuses(SignInRequired, OrderNotFound),
    )
    async def get_case_options(
        self, tx: NamedDependency[Tx], order_id: FromPath[UUID]
    ) -> CaseOptions:
        shopper(tx)
        return await aftersales.options(tx, order_id)

    @post(
        "/aftersales/quote",
        status_code=200,
        summary="Say what would come back, changing nothing",
        responses=refuses(*ASKING),
    )
    async def quote_case(
        self, tx: NamedDependency[Tx], order_id: FromPath[UUID], data: JSONBody[AskCase]
    ) -> CaseQuote:
        shopper(tx)
        return await aftersales.quote(tx, order_id, data)

    @post(
        "/aftersales",
        summary="Ask for something to be put right (header `Idempotency-Key`)",
        responses=refuses(
            *ASKING,
            IdempotencyKeyRequired,
            IdempotencyKeyReused,
            VariantRefused,
            EvidenceNotFound,
            OutOfStock,
        ),
    )
    async def open_case(
        self,
        tx: NamedDependency[Tx],
        order_id: FromPath[UUID],
        data: JSONBody[AskCase],
        request: Http,
    ) -> CaseDetail:
        shopper(tx)
        return await aftersales.open_case(tx, order_id, data, idempotency_key(request))

    @get(
        "/price-protection",
        summary="Say whether prices fell since the order was paid",
        responses=refuses(SignInRequired, OrderNotFound),
    )
    async def check_prices(self, tx: NamedDependency[Tx], order_id: FromPath[UUID]) -> PriceChecks:
        shopper(tx)
        return await aftersales.check_prices(tx, order_id)

    @post(
        "/price-protection",
        summary="Get the difference back (header `Idempotency-Key`)",
        responses=refuses(
            SignInRequired,
            OrderNotFound,
            IdempotencyKeyRequired,
            IdempotencyKeyReused,
            NothingCheaper,
        ),
    )
    async def protect_price(
        self, tx: NamedDependency[Tx], order_id: FromPath[UUID], request: Http
    ) -> CaseDetail:
        shopper(tx)
        return await aftersales.protect_price(tx, order_id, idempotency_key(request))


def private_picture(content: bytes) -> Response[bytes]:
    """Send a picture that only this reader's browser may keep."""
    headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="image/webp", headers=headers)


class ShopAftersales(Controller):
    """A shopper's cases."""

    path = "/api/v1/aftersales"
    tags = ("after-sales",)

    @get(summary="List one's cases", responses=refuses(SignInRequired))
    async def list_cases(  # Litestar reads the query from the parameters
        self,
        tx: NamedDependency[Tx],
        order: FromQuery[UUID | None] = None,
        open_only: FromQuery[bool | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Case]:
        shopper(tx)
        return await aftersales.page_of(tx, order, cursor, limit, open_only=bool(open_only))

    @post(
        "/evidence",
        summary="Upload a picture: JPEG, PNG or WebP, at most 5 MB, seen by both sides alone",
        request_max_body_size=6_000_000,
        responses=refuses(SignInRequired, PictureRefused),
    )
    async def add_evidence(
        self,
        tx: NamedDependency[Tx],
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> EvidencePicture:
        shopper(tx)
        return await aftersales.add_evidence(tx, await data.read())

    @get(
        "/evidence/{evidence_id:uuid}",
        media_type="image/webp",
        summary="Show a picture",
        responses=refuses(SignInRequired, EvidenceNotFound),
    )
    async def get_evidence(
        self, tx: NamedDependency[Tx], evidence_id: FromPath[UUID]
    ) -> Response[bytes]:
        shopper(tx)
        return private_picture(await aftersales.evidence(tx, evidence_id))

    @get(
        "/{case_id:uuid}",
        summary="Show one case",
        responses=refuses(SignInRequired, CaseNotFound),
    )
    async def get_case(self, tx: NamedDependency[Tx], case_id: FromPath[UUID]) -> CaseDetail:
        shopper(tx)
        return await aftersales.get(tx, case_id)

    @post(
        "/{case_id:uuid}/accept",
        status_code=200,
        summary="Accept the merchant's proposal (header `Idempotency-Key`)",
        responses=refuses(*STEP, OutOfStock),
    )
    async def accept_proposal(
        self, tx: NamedDependency[Tx], case_id: FromPath[UUID], request: Http
    ) -> CaseDetail:
        shopper(tx)
        return await aftersales.accept(tx, case_id, idempotency_key(request))

    @post(
        "/{case_id:uuid}/decline",
        status_code=200,
        summary="Decline the merchant's proposal (header `Idempotency-Key`)",
        responses=refuses(*STEP),
    )
    async def decline_proposal(
        self,
        tx: NamedDependency[Tx],
        case_id: FromPath[UUID],
        data: JSONBody[DeclineProposal],
        request: Http,
    ) -> CaseDetail:
        shopper(tx)
        return await aftersales.decline(tx, case_id, data.words, idempotency_key(request))

    @post(
        "/{case_id:uuid}/again",
        status_code=200,
        summary="Ask again after a refusal (header `Idempotency-Key`)",
        responses=refuses(*STEP, AmountRefused, EvidenceNotFound),
    )
    async def ask_again(
        self,
        tx: NamedDependency[Tx],
        case_id: FromPath[UUID],
        data: JSONBody[AskAgain],
        request: Http,
    ) -> CaseDetail:
        shopper(tx)
        return await aftersales.apply_again(tx, case_id, data, idempotency_key(request))

    @post(
        "/{case_id:uuid}/send-back",
        status_code=200,
        summary="Say how the goods were sent back (header `Idempotency-Key`)",
        responses=refuses(*STEP),
    )
    async def send_back(
        self,
        tx: NamedDependency[Tx],
        case_id: FromPath[UUID],
        data: JSONBody[SendParcel],
        request: Http,
    ) -> CaseDetail:
        shopper(tx)
        return await aftersales.send_back(tx, case_id, data, idempotency_key(request))

    @post(
        "/{case_id:uuid}/confirm",
        status_code=200,
        summary="Say that the new or repaired goods are there (header `Idempotency-Key`)",
        responses=refuses(*STEP),
    )
    async def confirm_replacement(
        self, tx: NamedDependency[Tx], case_id: FromPath[UUID], request: Http
    ) -> CaseDetail:
        shopper(tx)
        return await aftersales.confirm(tx, case_id, idempotency_key(request))

    @post(
        "/{case_id:uuid}/withdraw",
        status_code=200,
        summary="Take a case back (header `Idempotency-Key`)",
        responses=refuses(*STEP),
    )
    async def withdraw_case(
        self, tx: NamedDependency[Tx], case_id: FromPath[UUID], request: Http
    ) -> CaseDetail:
        shopper(tx)
        return await aftersales.withdraw(tx, case_id, idempotency_key(request))
