"""HTTP face of the timeline room."""

from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import CursorRefused, Limit
from xinbo.kit.wire import Page
from xinbo.live import timeline
from xinbo.live.shows import ShowNotFound
from xinbo.live.timeline import Moment


class ConsoleTimeline(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}/timeline"
    tags = ("stage",)

    @get(
        summary="List what happened in a show, the last first",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, CursorRefused),
    )
    async def list_moments(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[Moment]:
        return await timeline.page_of(tx, show_id, cursor, limit)
