"""HTTP face of the aftersales room: the desk of the merchant's staff."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody, QueryParameter

from xinbo.commerce import aftersales
from xinbo.commerce.aftersales import (
    AmountRefused,
    ApproveCase,
    Case,
    CaseDetail,
    CaseKind,
    CaseNotFound,
    CaseState,
    DeskCount,
    DeskQuery,
    EvidenceNotFound,
    EvidencePicture,
    ExtendCase,
    IllegalStep,
    KindRefused,
    ProposeCase,
    ReceiveGoods,
    RefuseCase,
    ReturnAddress,
    ReturnTo,
    SendParcel,
    TooManyProposals,
)
from xinbo.commerce.aftersales._routes.shop import private_picture
from xinbo.commerce.catalog import PictureRefused
from xinbo.commerce.inventory import OutOfStock
from xinbo.engines.http import (
    Http,
    IdempotencyKeyRequired,
    SignInRequired,
    idempotency_key,
    refuses,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, NotPermitted, require
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page

STAFF = (SignInRequired, NotPermitted)
STEP = (*STAFF, IdempotencyKeyRequired, CaseNotFound, IllegalStep)


class ConsoleAftersales(Controller):
    """The desk: cases by deadline, and what the staff does about them."""

    path = "/api/v1/console/aftersales"
    tags = ("after-sales",)

    @get(
        summary="List cases, the most urgent first; with `over`, those that are done, newest first",
        responses=refuses(*STAFF),
    )
    async def list_console_cases(  # noqa: PLR0913, PLR0917 # Litestar reads the query from them
        self,
        tx: NamedDependency[Tx],
        words: Annotated[str | None, QueryParameter(name="query")] = None,
        case_state: FromQuery[CaseState | None] = None,
        kind: FromQuery[CaseKind | None] = None,
        order: FromQuery[UUID | None] = None,
        over: FromQuery[bool | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Case]:
        asked = DeskQuery(state=case_state, kind=kind, words=words, order_id=order, over=bool(over))
        return await aftersales.desk(tx, asked, cursor, limit)

    @get("/counts", summary="Count open cases by state", responses=refuses(*STAFF))
    async def count_console_cases(self, tx: NamedDependency[Tx]) -> list[DeskCount]:
        return await aftersales.counts(tx)

    @get("/return-address", summary="Show where returns go", responses=refuses(*STAFF))
    async def get_return_address(self, tx: NamedDependency[Tx]) -> ReturnAddress:
        return await aftersales.return_address(tx)

    @put("/return-address", summary="Write where returns go", responses=refuses(*STAFF))
    async def put_return_address(
        self, tx: NamedDependency[Tx], data: JSONBody[ReturnTo]
    ) -> ReturnAddress:
        return await aftersales.put_return_address(tx, data)

    @post(
        "/evidence",
        summary="Upload a picture: JPEG, PNG or WebP, at most 5 MB",
        request_max_body_size=6_000_000,
        responses=refuses(*STAFF, PictureRefused),
    )
    async def add_console_evidence(
        self,
        tx: NamedDependency[Tx],
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> EvidencePicture:
        require(tx, Can.SEE_ORDERS)
        return await aftersales.add_evidence(tx, await data.read())

    @get(
        "/evidence/{evidence_id:uuid}",
        media_type="image/webp",
        summary="Show a picture to the staff",
        responses=refuses(*STAFF, EvidenceNotFound),
    )
    async def get_console_evidence(
        self, tx: NamedDependency[Tx], evidence_id: FromPath[UUID]
    ) -> Response[bytes]:
        require(tx, Can.SEE_ORDERS)
        return private_picture(await aftersales.evidence(tx, evidence_id))

    @get(
        "/{case_id:uuid}",
        summary="Show one case to the staff",
        responses=refuses(*STAFF, CaseNotFound),
    )
    async def get_console_case(
        self, tx: NamedDependency[Tx], case_id: FromPath[UUID]
    ) -> CaseDetail:
        return await aftersales.console_get(tx, case_id)

    @post(
        "/{case_id:uuid}/approve",
        status_code=200,
        summary="Approve what is asked for (header `Idempotency-Key`)",
        responses=refuses(*STEP, OutOfStock),
    )
    async def approve_case(
        self,
        tx: NamedDependency[Tx],
        case_id: FromPath[UUID],
        data: JSONBody[ApproveCase],
        request: Http,
    ) -> CaseDetail:
        return await aftersales.approve(tx, case_id, data, idempotency_key(request))

    @post(
        "/{case_id:uuid}/refuse",
        status_code=200,
        summary="Refuse, with a reason (header `Idempotency-Key`)",
        responses=refuses(*STEP, EvidenceNotFound),
    )
    async def refuse_case(
        self,
        tx: NamedDependency[Tx],
        case_id: FromPath[UUID],
        data: JSONBody[RefuseCase],
        request: Http,
    ) -> CaseDetail:
        return await aftersales.refuse(tx, case_id, data, idempotency_key(request))

    @post(
        "/{case_id:uuid}/propose",
        status_code=200,
        summary="Propose something else (header `Idempotency-Key`)",
        responses=refuses(*STEP, AmountRefused, KindRefused, TooManyProposals),
    )
    async def propose_case(
        self,
        tx: NamedDependency[Tx],
        case_id: FromPath[UUID],
        data: JSONBody[ProposeCase],
        request: Http,
    ) -> CaseDetail:
        return await aftersales.propose(tx, case_id, data, idempotency_key(request))

    @post(
        "/{case_id:uuid}/receive",
        status_code=200,
        summary="Say that the goods are back (header `Idempotency-Key`)",
        responses=refuses(*STEP),
    )
    async def receive_goods(
        self,
        tx: NamedDependency[Tx],
        case_id: FromPath[UUID],
        data: JSONBody[ReceiveGoods],
        request: Http,
    ) -> CaseDetail:
        return await aftersales.receive(tx, case_id, data, idempotency_key(request))

    @post(
        "/{case_id:uuid}/reject-goods",
        status_code=200,
        summary="Say that what came back is not what was sent (header `Idempotency-Key`)",
        responses=refuses(*STEP, EvidenceNotFound),
    )
    async def reject_goods(
        self,
        tx: NamedDependency[Tx],
        case_id: FromPath[UUID],
        data: JSONBody[RefuseCase],
        request: Http,
    ) -> CaseDetail:
        return await aftersales.reject_goods(tx, case_id, data, idempotency_key(request))

    @post(
        "/{case_id:uuid}/send-replacement",
        status_code=200,
        summary="Say how the new or repaired goods were sent (header `Idempotency-Key`)",
        responses=refuses(*STEP),
    )
    async def send_replacement(
        self,
        tx: NamedDependency[Tx],
        case_id: FromPath[UUID],
        data: JSONBody[SendParcel],
        request: Http,
    ) -> CaseDetail:
        return await aftersales.send_replacement(tx, case_id, data, idempotency_key(request))

    @post(
        "/{case_id:uuid}/extend",
        status_code=200,
        summary="Give three days more, once (header `Idempotency-Key`)",
        responses=refuses(*STEP),
    )
    async def extend_case(
        self,
        tx: NamedDependency[Tx],
        case_id: FromPath[UUID],
        data: JSONBody[ExtendCase],
        request: Http,
    ) -> CaseDetail:
        return await aftersales.extend_once(tx, case_id, data, idempotency_key(request))
