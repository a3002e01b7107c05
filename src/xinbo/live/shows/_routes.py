"""HTTP face of the shows room."""

from typing import Literal
from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page
from xinbo.live import shows
from xinbo.live.shows import (
    CueHasRun,
    IllegalShowTransition,
    LineUpEmpty,
    LineUpLocked,
    LineUpRefused,
    PutCues,
    PutLineUp,
    PutShow,
    Show,
    ShowNotFound,
    ShowPlan,
    ShowStatus,
    StartTimeMissing,
    VersionConflict,
)

type Move = Literal["schedule", "unschedule", "rehearse", "end-rehearsal", "end", "withdraw-replay"]
"""`publish-replay` is the broadcasts room's: it knows whether there is a recording. `start` is
the readiness room's: it knows what stands in the way."""


class ShopShows(Controller):
    path = "/api/v1/shows"
    tags = ("shows",)

    @get(summary="List shows: on air first, then coming, then replays")
    async def list_shows(
        self,
        tx: NamedDependency[Tx],
        status: FromQuery[ShowStatus | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Show]:
        return await shows.page_of(tx, status, cursor, limit)

    @get("/{show_id:uuid}", summary="Show a show", responses=refuses(ShowNotFound))
    async def get_show(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> Show:
        return await shows.get(tx, show_id)


class ConsoleShows(Controller):
    path = "/api/v1/console/shows"
    tags = ("plans",)

    @get(summary="List the merchant's shows", responses=refuses(SignInRequired, NotPermitted))
    async def list_plans(
        self,
        tx: NamedDependency[Tx],
        status: FromQuery[ShowStatus | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Show]:
        return await shows.console_page(tx, status, cursor, limit)

    @post(summary="Plan a show", responses=refuses(SignInRequired, NotPermitted))
    async def add_show(self, tx: NamedDependency[Tx], data: JSONBody[PutShow]) -> ShowPlan:
        return await shows.add(tx, data)

    @get(
        "/{show_id:uuid}",
        summary="Show the plan of a show",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def get_plan(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> ShowPlan:
        return await shows.plan(tx, show_id)

    @put(
        "/{show_id:uuid}",
        summary="Change a show's particulars",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, VersionConflict),
    )
    async def put_show(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[PutShow]
    ) -> ShowPlan:
        return await shows.put(tx, show_id, data)

    @delete(
        "/{show_id:uuid}",
        summary="Delete a draft",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, IllegalShowTransition),
    )
    async def delete_show(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> None:
        await shows.remove(tx, show_id)

    @put(
        "/{show_id:uuid}/line-up",
        summary="Write the line-up",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            ShowNotFound,
            VersionConflict,
            LineUpRefused,
            LineUpLocked,
        ),
    )
    async def put_line_up(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[PutLineUp]
    ) -> ShowPlan:
        return await shows.put_line_up(tx, show_id, data)

    @put(
        "/{show_id:uuid}/cues",
        summary="Write the run-of-show",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            ShowNotFound,
            VersionConflict,
            LineUpRefused,
            LineUpLocked,
            CueHasRun,
        ),
    )
    async def put_cues(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[PutCues]
    ) -> ShowPlan:
        return await shows.put_cues(tx, show_id, data)

    @post(
        "/{show_id:uuid}/{move:str}",
        status_code=200,
        summary="Move a show along: schedule, rehearse, end, …",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            ShowNotFound,
            IllegalShowTransition,
            LineUpEmpty,
            StartTimeMissing,
        ),
    )
    async def move_show(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], move: FromPath[Move]
    ) -> ShowPlan:
        return await shows.MOVES[move](tx, show_id)
