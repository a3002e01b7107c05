"""HTTP face of the rehearsals room."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import CursorRefused, Limit
from xinbo.kit.wire import Page
from xinbo.live import rehearsals
from xinbo.live.rehearsals import (
    Begin,
    DrillNow,
    PastShowRefused,
    Rehearsal,
    RehearsalNotFound,
    RehearsalOver,
    RehearsalReport,
    RehearsalRunning,
)
from xinbo.live.shows import IllegalShowTransition, LineUpEmpty, ShowNotFound
from xinbo.live.stage import NotOnLineUp


class ShowRehearsals(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}/rehearsals"
    tags = ("rehearsals",)

    @get(
        summary="List a show's rehearsals, the last one first",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, CursorRefused),
    )
    async def list_rehearsals(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Rehearsal]:
        return await rehearsals.page_of(tx, show_id, cursor, limit)

    @post(
        summary="Rehearse a show before a simulated audience",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            ShowNotFound,
            IllegalShowTransition,
            LineUpEmpty,
            NotOnLineUp,
            RehearsalRunning,
            PastShowRefused,
        ),
    )
    async def begin_rehearsal(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[Begin]
    ) -> Rehearsal:
        return await rehearsals.begin(tx, show_id, data)


class Rehearsals(Controller):
    path = "/api/v1/console/rehearsals/{rehearsal_id:uuid}"
    tags = ("rehearsals",)

    @get(
        summary="Show a rehearsal with all that happened in it",
        responses=refuses(SignInRequired, NotPermitted, RehearsalNotFound),
    )
    async def get_rehearsal(
        self, tx: NamedDependency[Tx], rehearsal_id: FromPath[UUID]
    ) -> RehearsalReport:
        return await rehearsals.report(tx, rehearsal_id)

    @post(
        "/drills",
        summary="Let something go wrong at once",
        responses=refuses(
            SignInRequired, NotPermitted, RehearsalNotFound, RehearsalOver, NotOnLineUp
        ),
    )
    async def drill_now(
        self,
        tx: NamedDependency[Tx],
        rehearsal_id: FromPath[UUID],
        data: JSONBody[DrillNow],
    ) -> RehearsalReport:
        return await rehearsals.drill_now(tx, rehearsal_id, data)

    @post(
        "/end",
        status_code=200,
        summary="End a rehearsal, and judge it",
        responses=refuses(SignInRequired, NotPermitted, RehearsalNotFound, RehearsalOver),
    )
    async def end_rehearsal(
        self, tx: NamedDependency[Tx], rehearsal_id: FromPath[UUID]
    ) -> RehearsalReport:
        return await rehearsals.end(tx, rehearsal_id)
