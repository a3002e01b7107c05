"""HTTP face of the edge room: tickets."""

from uuid import UUID

from litestar import Controller, Response, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath

from xinbo.engines.http import Http, SignInRequired, refuses
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.live import edge
from xinbo.live.edge import Places, RoomClosed, SentOut, Ticket
from xinbo.live.shows import ShowNotFound


class ShopTickets(Controller):
    path = "/api/v1/shows/{show_id:uuid}/ticket"
    tags = ("shows",)

    @post(
        status_code=200,
        summary="Get a ticket to a live room, as a shopper or as a guest",
        responses=refuses(ShowNotFound, RoomClosed, SentOut),
    )
    async def get_ticket(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], request: Http
    ) -> Response[Ticket]:
        ticket = await edge.ticket(tx, show_id, _places(request), _key(request))
        cookie = Cookie(
            key=accounts.GUEST_COOKIE,
            value=str(ticket.viewer_id),
            max_age=31_536_000,
            path="/",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        fresh = tx.actor.viewer_id is None
        return Response(ticket, cookies=[cookie] if fresh else [])


class ConsoleTickets(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}/ticket"
    tags = ("stage",)

    @post(
        status_code=200,
        summary="Get a ticket to a room's staff side",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def get_staff_ticket(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], request: Http
    ) -> Ticket:
        return await edge.staff_ticket(tx, show_id, _places(request), _key(request))


def _key(request: Http) -> bytes:
    settings: Settings = request.app.state.settings
    return settings.key("tickets")


def _places(request: Http) -> Places:
    """Say where edge and media are, seen from this caller: same host unless a setting says."""
    settings: Settings = request.app.state.settings
    host = request.url.hostname or "127.0.0.1"
    name = f"[{host}]" if ":" in host else host
    secure = "s" if request.url.scheme == "https" else ""
    if settings.edge_urls:
        edge_url = settings.edge_urls.split(",")[0].rstrip("/")
    else:
        edge_url = f"ws{secure}://{name}:{settings.edge_port}"
    return Places(
        edge=f"{edge_url}/room",
        media=settings.media_url or f"http{secure}://{name}:{settings.media_port}",
    )
