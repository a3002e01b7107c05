"""HTTP face of the broadcasts room."""

import hmac
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from xinbo.engines.http import Http, SignInRequired, refuses
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.live import broadcasts
from xinbo.live.broadcasts import (
    Broadcast,
    Granted,
    Hook,
    HookRefused,
    NoRecording,
    Replay,
    SourceName,
    Sources,
    SourceSilent,
    SourcesMoved,
    StreamKeyRefused,
    Switch,
    WhipToken,
)
from xinbo.live.shows import IllegalShowTransition, ShowNotFound, ShowPlan


class ConsoleBroadcasts(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}/broadcast"
    tags = ("broadcasts",)

    @get(
        summary="Show how to publish, and whether someone does",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def get_broadcast(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], request: Http
    ) -> Broadcast:
        return await broadcasts.get(tx, show_id, _addresses(request))

    @post(
        "/rotate",
        status_code=200,
        summary="Make a source's stream key new; the old one stops working at once",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def rotate_key(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        request: Http,
        source: FromQuery[SourceName] = SourceName.MAIN,
    ) -> Broadcast:
        return await broadcasts.rotate(tx, show_id, _addresses(request), source)

    @get(
        "/sources",
        summary="Show both sources, and which is on air",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def get_sources(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> Sources:
        return await broadcasts.sources(tx, show_id)

    @post(
        "/switch",
        status_code=200,
        summary="Put a source on air",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, SourceSilent, SourcesMoved),
    )
    async def switch_source(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[Switch]
    ) -> Sources:
        return await broadcasts.switch(tx, show_id, data.source, data.seen)

    @post(
        "/whip-tokens",
        summary="Let this page publish its camera",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def whip_token(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        request: Http,
        source: FromQuery[SourceName] = SourceName.MAIN,
    ) -> WhipToken:
        return await broadcasts.whip_token(tx, show_id, _addresses(request), source)

    @post(
        "/publish-replay",
        status_code=200,
        summary="Put the recording up for shoppers",
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, NoRecording, IllegalShowTransition
        ),
    )
    async def publish_replay(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> ShowPlan:
        return await broadcasts.publish_replay(tx, show_id)


class Replays(Controller):
    path = "/api/v1/shows/{show_id:uuid}/replay"
    tags = ("shows",)

    @get(summary="Find a show's recording", responses=refuses(ShowNotFound, NoRecording))
    async def get_replay(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], request: Http
    ) -> Replay:
        return await broadcasts.replay(tx, show_id, _addresses(request))


class MediaHooks(Controller):
    path = "/api/v1/hooks/media"
    tags = ("hooks",)

    @post(
        status_code=200,
        summary="Hear from the media engine (bearer token)",
        responses=refuses(HookRefused, StreamKeyRefused),
    )
    async def media_hook(
        self, tx: NamedDependency[Tx], data: JSONBody[Hook], request: Http
    ) -> Response[Granted | None]:
        settings: Settings = request.app.state.settings
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {settings.hook_token}".encode()):
            raise HookRefused
        return Response(await broadcasts.hear(tx, data, settings.key("whip")))


def _addresses(request: Http) -> broadcasts.Addresses:
    """Say where the media engine is, seen from this caller: same host unless a setting says."""
    settings: Settings = request.app.state.settings
    host = request.url.hostname or "127.0.0.1"
    name = f"[{host}]" if ":" in host else host
    return broadcasts.Addresses(
        http=settings.media_url or f"{request.url.scheme}://{name}:{settings.media_port}",
        rtmp=f"rtmp://{name}:{settings.rtmp_port}/live",
        key=settings.key("whip"),
    )
