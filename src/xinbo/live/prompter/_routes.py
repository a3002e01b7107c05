"""HTTP face of the prompter room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from xinbo.engines.http import Http, SignInRequired, refuses
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.live import prompter
from xinbo.live.prompter import Prompter, PrompterToken, TokenRefused
from xinbo.live.shows import ShowNotFound

type Token = Annotated[str, Meta(min_length=1, max_length=200)]


class ShowPrompter(Controller):
    """The console's side: give out a token."""

    path = "/api/v1/console/shows/{show_id:uuid}/prompter"
    tags = ("prompter",)

    @post(
        status_code=200,
        summary="Get a token for the prompter's page, to be opened on another screen",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def make_prompter_token(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], request: Http
    ) -> PrompterToken:
        return await prompter.token(tx, show_id, _key(request))


class PrompterReading(Controller):
    """The second screen's side: the token is all it has."""

    path = "/api/v1/console/prompter"
    tags = ("prompter",)

    @get(
        "/{prompter_token:str}",
        summary="Show the prompter to whoever holds its token",
        responses=refuses(TokenRefused, ShowNotFound),
    )
    async def read_prompter(
        self, tx: NamedDependency[Tx], prompter_token: FromPath[Token], request: Http
    ) -> Prompter:
        return await prompter.read(tx, prompter_token, _key(request))


def _key(request: Http) -> bytes:
    settings: Settings = request.app.state.settings
    return settings.key("prompter")
