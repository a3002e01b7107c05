"""HTTP face of the cast room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, Parameter

from xinbo.engines.http import Http, SignInRequired, refuses
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.live import cast
from xinbo.live.broadcasts import SourceSilent
from xinbo.live.cast import (
    AssignSeat,
    Calling,
    Cast,
    CastMoved,
    ConsoleHere,
    GuestAnswer,
    GuestLinkRefused,
    GuestMove,
    GuestMoveRefused,
    GuestNotFound,
    GuestOffer,
    GuestSeat,
    HandShow,
    InviteGuest,
    NoHostSeat,
    RoundOver,
    SeatKind,
    SeatNotFound,
    SetLayout,
    ShowGuest,
    StaffNotHere,
    TooManyGuests,
)
from xinbo.live.shows import ShowNotFound

STAFF_ONLY = (SignInRequired, NotPermitted, ShowNotFound)

type Token = Annotated[str, Parameter(max_length=100)]


class ConsoleCast(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}/cast"
    tags = ("cast",)

    @get(summary="Show who is on which seat", responses=refuses(*STAFF_ONLY))
    async def get_cast(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], request: Http
    ) -> Cast:
        return await cast.get(tx, show_id, _calling(request))

    @post(
        "/here",
        status_code=200,
        summary="Say that this console is open, and what it publishes",
        responses=refuses(*STAFF_ONLY),
    )
    async def say_here(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        data: JSONBody[ConsoleHere],
        request: Http,
    ) -> Cast:
        return await cast.here(tx, show_id, data.source, _calling(request))

    @put(
        "/seats",
        summary="Give a member of the staff a seat",
        responses=refuses(*STAFF_ONLY, StaffNotHere),
    )
    async def assign_seat(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        data: JSONBody[AssignSeat],
        request: Http,
    ) -> Cast:
        return await cast.assign(tx, show_id, data, _calling(request))

    @delete(
        "/seats/{seat_kind:str}/{staff_id:uuid}",
        status_code=200,
        summary="Take a seat away",
        responses=refuses(*STAFF_ONLY, SeatNotFound),
    )
    async def free_seat(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        seat_kind: FromPath[SeatKind],
        staff_id: FromPath[UUID],
        request: Http,
    ) -> Cast:
        return await cast.free(tx, show_id, seat_kind, staff_id, _calling(request))

    @post(
        "/hand-over",
        status_code=200,
        summary="Let somebody else hold the show: name and pictures together",
        responses=refuses(*STAFF_ONLY, NoHostSeat, CastMoved, SourceSilent),
    )
    async def hand_over(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        data: JSONBody[HandShow],
        request: Http,
    ) -> Cast:
        return await cast.hand_over(tx, show_id, data, _calling(request))

    @put("/layout", summary="Arrange host and guests", responses=refuses(*STAFF_ONLY))
    async def set_layout(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        data: JSONBody[SetLayout],
        request: Http,
    ) -> Cast:
        return await cast.arrange(tx, show_id, data.layout, _calling(request))

    @post(
        "/guests",
        summary="Make a link for a guest",
        responses=refuses(*STAFF_ONLY, TooManyGuests),
    )
    async def invite_guest(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        data: JSONBody[InviteGuest],
        request: Http,
    ) -> ShowGuest:
        return await cast.invite(tx, show_id, data, _calling(request).key)

    @post(
        "/guests/{guest_id:uuid}/answer",
        status_code=200,
        summary="Answer a guest's offer to connect",
        responses=refuses(*STAFF_ONLY, GuestNotFound, GuestMoveRefused, RoundOver),
    )
    async def answer_guest(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        guest_id: FromPath[UUID],
        data: JSONBody[GuestAnswer],
        request: Http,
    ) -> ShowGuest:
        return await cast.answer(tx, show_id, guest_id, data, _calling(request).key)

    @post(
        "/guests/{guest_id:uuid}/moves/{guest_step:str}",
        status_code=200,
        summary="Let a guest in, connect anew, or remove them",
        responses=refuses(*STAFF_ONLY, GuestNotFound, GuestMoveRefused),
    )
    async def move_guest(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        guest_id: FromPath[UUID],
        guest_step: FromPath[GuestMove],
        request: Http,
    ) -> ShowGuest:
        return await cast.move(tx, show_id, guest_id, guest_step, _calling(request).key)


class GuestLinks(Controller):
    path = "/api/v1/guests/{guest_token:str}"
    tags = ("guests",)

    @get(summary="Show a guest where they stand", responses=refuses(GuestLinkRefused))
    async def get_guest_seat(
        self, tx: NamedDependency[Tx], guest_token: FromPath[Token], request: Http
    ) -> GuestSeat:
        calling = _calling(request)
        return await cast.look(tx, guest_token, calling.key, calling.ice_servers)

    @post(
        "/here",
        status_code=200,
        summary="Say that the guest's page is open",
        responses=refuses(GuestLinkRefused),
    )
    async def guest_here(
        self, tx: NamedDependency[Tx], guest_token: FromPath[Token], request: Http
    ) -> GuestSeat:
        calling = _calling(request)
        return await cast.guest_here(tx, guest_token, calling.key, calling.ice_servers)

    @post(
        "/ask",
        status_code=200,
        summary="Ask to be let in",
        responses=refuses(GuestLinkRefused, GuestMoveRefused),
    )
    async def guest_ask(
        self, tx: NamedDependency[Tx], guest_token: FromPath[Token], request: Http
    ) -> GuestSeat:
        calling = _calling(request)
        return await cast.ask(tx, guest_token, calling.key, calling.ice_servers)

    @post(
        "/offer",
        status_code=200,
        summary="Offer the camera to the host's page",
        responses=refuses(GuestLinkRefused, GuestMoveRefused, RoundOver),
    )
    async def guest_offer(
        self,
        tx: NamedDependency[Tx],
        guest_token: FromPath[Token],
        data: JSONBody[GuestOffer],
        request: Http,
    ) -> GuestSeat:
        calling = _calling(request)
        return await cast.offer(tx, guest_token, data, calling.key, calling.ice_servers)

    @post(
        "/leave",
        status_code=200,
        summary="Leave the picture",
        responses=refuses(GuestLinkRefused, GuestMoveRefused),
    )
    async def guest_leave(
        self, tx: NamedDependency[Tx], guest_token: FromPath[Token], request: Http
    ) -> GuestSeat:
        calling = _calling(request)
        return await cast.leave(tx, guest_token, calling.key, calling.ice_servers)


def _calling(request: Http) -> Calling:
    settings: Settings = request.app.state.settings
    servers = [each.strip() for each in settings.ice_servers.split(",")]
    return Calling(key=settings.key("guests"), ice_servers=[each for each in servers if each])
