"""HTTP face of the complaints room."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from xinbo.commerce import complaints
from xinbo.commerce.aftersales import CaseNotFound, EvidenceNotFound, IllegalStep
from xinbo.commerce.complaints import (
    ClaimRefused,
    Complaint,
    ComplaintMessage,
    ComplaintNotFound,
    ComplaintOpen,
    ComplaintState,
    Decide,
    IllegalAct,
    NothingToComplainAbout,
    OpenComplaint,
    SayIt,
    TooManyMessages,
)
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
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page

ACT = (SignInRequired, IdempotencyKeyRequired, ComplaintNotFound, IllegalAct)
STAFF = (SignInRequired, NotPermitted)
SAY = (EvidenceNotFound, TooManyMessages)


class OrderComplaints(Controller):
    path = "/api/v1/orders/{order_id:uuid}/complaints"
    tags = ("complaints",)

    @post(
        summary="Complain about an order or its case (header `Idempotency-Key`)",
        responses=refuses(
            SignInRequired,
            IdempotencyKeyRequired,
            IdempotencyKeyReused,
            OrderNotFound,
            CaseNotFound,
            IllegalStep,
            ComplaintOpen,
            NothingToComplainAbout,
            ClaimRefused,
            *SAY,
        ),
    )
    async def open_complaint(
        self,
        tx: NamedDependency[Tx],
        order_id: FromPath[UUID],
        data: JSONBody[OpenComplaint],
        request: Http,
    ) -> Complaint:
        shopper(tx)
        return await complaints.open_complaint(tx, order_id, data, idempotency_key(request))


class ShopComplaints(Controller):
    path = "/api/v1/complaints"
    tags = ("complaints",)

    @get(summary="List one's complaints", responses=refuses(SignInRequired))
    async def list_complaints(
        self,
        tx: NamedDependency[Tx],
        order: FromQuery[UUID | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Complaint]:
        shopper(tx)
        return await complaints.page_of(tx, order, cursor, limit)

    @get(
        "/{complaint_id:uuid}",
        summary="Show one complaint",
        responses=refuses(SignInRequired, ComplaintNotFound),
    )
    async def get_complaint(
        self, tx: NamedDependency[Tx], complaint_id: FromPath[UUID]
    ) -> Complaint:
        shopper(tx)
        return await complaints.get(tx, complaint_id)

    @get(
        "/{complaint_id:uuid}/messages",
        summary="List what was said, newest first",
        responses=refuses(SignInRequired, ComplaintNotFound),
    )
    async def list_complaint_messages(
        self,
        tx: NamedDependency[Tx],
        complaint_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[ComplaintMessage]:
        shopper(tx)
        return await complaints.messages(tx, complaint_id, cursor, limit)

    @post(
        "/{complaint_id:uuid}/messages",
        status_code=200,
        summary="Say something (header `Idempotency-Key`)",
        responses=refuses(*ACT, *SAY),
    )
    async def say_in_complaint(
        self,
        tx: NamedDependency[Tx],
        complaint_id: FromPath[UUID],
        data: JSONBody[SayIt],
        request: Http,
    ) -> Complaint:
        shopper(tx)
        return await complaints.say(tx, complaint_id, data, idempotency_key(request))

    @post(
        "/{complaint_id:uuid}/ask-decision",
        status_code=200,
        summary="Ask for a decision (header `Idempotency-Key`)",
        responses=refuses(*ACT),
    )
    async def ask_decision(
        self, tx: NamedDependency[Tx], complaint_id: FromPath[UUID], request: Http
    ) -> Complaint:
        shopper(tx)
        return await complaints.ask_decision(tx, complaint_id, idempotency_key(request))

    @post(
        "/{complaint_id:uuid}/withdraw",
        status_code=200,
        summary="Take a complaint back (header `Idempotency-Key`)",
        responses=refuses(*ACT),
    )
    async def withdraw_complaint(
        self, tx: NamedDependency[Tx], complaint_id: FromPath[UUID], request: Http
    ) -> Complaint:
        shopper(tx)
        return await complaints.withdraw(tx, complaint_id, idempotency_key(request))


class ConsoleComplaints(Controller):
    path = "/api/v1/console/complaints"
    tags = ("complaints",)

    @get(
        summary="List complaints, the most urgent first; with `over`, those decided, newest first",
        responses=refuses(*STAFF),
    )
    async def list_console_complaints(  # Litestar reads the query here
        self,
        tx: NamedDependency[Tx],
        complaint_state: FromQuery[ComplaintState | None] = None,
        over: FromQuery[bool | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Complaint]:
        return await complaints.desk(tx, complaint_state, cursor, limit, over=bool(over))

    @get(
        "/{complaint_id:uuid}",
        summary="Show one complaint to the staff",
        responses=refuses(*STAFF, ComplaintNotFound),
    )
    async def get_console_complaint(
        self, tx: NamedDependency[Tx], complaint_id: FromPath[UUID]
    ) -> Complaint:
        return await complaints.console_get(tx, complaint_id)

    @get(
        "/{complaint_id:uuid}/messages",
        summary="List what was said, newest first, to the staff",
        responses=refuses(*STAFF, ComplaintNotFound),
    )
    async def list_console_complaint_messages(
        self,
        tx: NamedDependency[Tx],
        complaint_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[ComplaintMessage]:
        await complaints.console_get(tx, complaint_id)
        return await complaints.messages(tx, complaint_id, cursor, limit)

    @post(
        "/{complaint_id:uuid}/messages",
        status_code=200,
        summary="Say something as the merchant or the arbiter (header `Idempotency-Key`)",
        responses=refuses(*ACT, *SAY, NotPermitted),
    )
    async def say_in_console_complaint(
        self,
        tx: NamedDependency[Tx],
        complaint_id: FromPath[UUID],
        data: JSONBody[SayIt],
        request: Http,
    ) -> Complaint:
        await complaints.console_get(tx, complaint_id)
        return await complaints.say(tx, complaint_id, data, idempotency_key(request))

    @post(
        "/{complaint_id:uuid}/ask-decision",
        status_code=200,
        summary="Ask for a decision as the merchant (header `Idempotency-Key`)",
        responses=refuses(*ACT, NotPermitted),
    )
    async def ask_console_decision(
        self, tx: NamedDependency[Tx], complaint_id: FromPath[UUID], request: Http
    ) -> Complaint:
        await complaints.console_get(tx, complaint_id)
        return await complaints.ask_decision(tx, complaint_id, idempotency_key(request))

    @post(
        "/{complaint_id:uuid}/admit",
        status_code=200,
        summary="Take a complaint up as the arbiter (header `Idempotency-Key`)",
        responses=refuses(*ACT, NotPermitted),
    )
    async def admit_complaint(
        self, tx: NamedDependency[Tx], complaint_id: FromPath[UUID], request: Http
    ) -> Complaint:
        return await complaints.admit(tx, complaint_id, idempotency_key(request))

    @post(
        "/{complaint_id:uuid}/decide",
        status_code=200,
        summary="Decide a complaint as the arbiter (header `Idempotency-Key`)",
        responses=refuses(*ACT, NotPermitted, ClaimRefused),
    )
    async def decide_complaint(
        self,
        tx: NamedDependency[Tx],
        complaint_id: FromPath[UUID],
        data: JSONBody[Decide],
        request: Http,
    ) -> Complaint:
        return await complaints.decide(tx, complaint_id, data, idempotency_key(request))
