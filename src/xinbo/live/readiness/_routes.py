"""HTTP face of the readiness room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta

from xinbo.commerce.inventory import OutOfStock
from xinbo.engines.http import Http, SignInRequired, refuses
from xinbo.engines.tx import TooManyAttempts, Tx
from xinbo.identity.access import Can, NotPermitted, require
from xinbo.kit.paging import CursorRefused, Limit
from xinbo.kit.wire import Page
from xinbo.live import readiness
from xinbo.live.readiness import (
    PROBE_BYTES,
    Checklist,
    ChecklistRefused,
    CheckNotFound,
    Echo,
    ItemNotFound,
    KeepKitTest,
    KitTest,
    NotReady,
    PutChecklist,
    Readiness,
    Received,
    TickItem,
    Waive,
)
from xinbo.live.shows import (
    IllegalShowTransition,
    LineUpEmpty,
    ShowNotFound,
    ShowPlan,
    VersionConflict,
)

type Key = Annotated[str, Meta(max_length=160)]


class ShowReadiness(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}"
    tags = ("readiness",)

    @post(
        "/start",
        status_code=200,
        summary="Put a show on air, unless its checks stand in the way",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            ShowNotFound,
            IllegalShowTransition,
            LineUpEmpty,
            NotReady,
            OutOfStock,
        ),
    )
    async def go_live(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> ShowPlan:
        return await readiness.go_live(tx, show_id)

    @get(
        "/readiness",
        summary="Say whether a show may go on air, and why not",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def get_readiness(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> Readiness:
        return await readiness.check(tx, show_id)

    @post(
        "/readiness/waivers",
        status_code=200,
        summary="Waive a check that is not met: an owner, with a reason, on record",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, CheckNotFound),
    )
    async def waive_check(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[Waive]
    ) -> Readiness:
        return await readiness.waive(tx, show_id, data)

    @delete(
        "/readiness/waivers/{check_key:str}",
        status_code=200,
        summary="Take a waiver back",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def withdraw_waiver(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], check_key: FromPath[Key]
    ) -> Readiness:
        return await readiness.withdraw(tx, show_id, check_key)

    @get(
        "/kit-tests",
        summary="List the tests of kit made for a show, the newest first",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, CursorRefused),
    )
    async def list_kit_tests(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[KitTest]:
        return await readiness.kit_tests(tx, show_id, cursor, limit)

    @post(
        "/kit-tests",
        summary="Keep what a browser measured of camera, microphone, line and screen",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def keep_kit_test(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[KeepKitTest]
    ) -> KitTest:
        return await readiness.keep_kit_test(tx, show_id, data)

    @get(
        "/checklist",
        summary="Show a show's checklist",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def get_checklist(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> Checklist:
        return await readiness.checklist(tx, show_id)

    @put(
        "/checklist",
        summary="Write a show's checklist, in order",
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, VersionConflict, ChecklistRefused
        ),
    )
    async def put_checklist(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[PutChecklist]
    ) -> Checklist:
        return await readiness.put_checklist(tx, show_id, data)

    @put(
        "/checklist/{item_id:uuid}",
        summary="Tick an item of a show's checklist, or take the tick back",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, ItemNotFound),
    )
    async def tick_item(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        item_id: FromPath[UUID],
        data: JSONBody[TickItem],
    ) -> Checklist:
        return await readiness.tick_item(tx, show_id, item_id, data)


class KitProbes(Controller):
    path = "/api/v1/console/kit"
    tags = ("readiness",)

    @get(
        "/echo",
        summary="Answer at once, so that a page can measure how long it takes",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def echo(self, tx: NamedDependency[Tx]) -> Echo:
        require(tx, Can.SEE_CONSOLE)
        return Echo(at=tx.now)

    @post(
        "/upload",
        status_code=200,
        request_max_body_size=PROBE_BYTES,
        summary="Count the bytes of the body and forget them, so that a page can measure its line",
        responses=refuses(SignInRequired, NotPermitted, TooManyAttempts),
    )
    async def take_upload(self, tx: NamedDependency[Tx], request: Http) -> Received:
        await readiness.probe(tx)
        count = 0
        async for chunk in request.stream():
            count += len(chunk)
        return Received(bytes=count)
