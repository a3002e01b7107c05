"""HTTP face of the templates room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody

from xinbo.commerce.promotions import PromotionRefused
from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.sheets import SheetRefused
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import CursorRefused, Limit
from xinbo.kit.wire import Page
from xinbo.live import templates
from xinbo.live.games import GameRefused
from xinbo.live.shows import LineUpRefused, ShowNotFound, ShowPlan, VersionConflict
from xinbo.live.templates import (
    LARGEST,
    ApplyTemplate,
    PlanApplied,
    PlanChangeNotFound,
    PlanLanguage,
    PlanTemplate,
    SaveTemplate,
    SheetRead,
    ShowBegun,
    SlotRefused,
    TakeBack,
    TemplateCard,
    TemplateNotFound,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ConsoleTemplates(Controller):
    path = "/api/v1/console/templates"
    tags = ("plans",)

    @get(
        summary="List templates of a run-of-show",
        responses=refuses(SignInRequired, NotPermitted, CursorRefused),
    )
    async def list_templates(
        self,
        tx: NamedDependency[Tx],
        language: FromQuery[PlanLanguage] = PlanLanguage.SIMPLIFIED,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[TemplateCard]:
        return await templates.page_of(tx, language, cursor, limit)

    @post(
        summary="Keep a show's run-of-show as a template",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def save_template(
        self, tx: NamedDependency[Tx], data: JSONBody[SaveTemplate]
    ) -> PlanTemplate:
        return await templates.save(tx, data)

    @get(
        "/{template_id:uuid}",
        summary="Show a template",
        responses=refuses(SignInRequired, NotPermitted, TemplateNotFound),
    )
    async def get_template(
        self,
        tx: NamedDependency[Tx],
        template_id: FromPath[UUID],
        language: FromQuery[PlanLanguage] = PlanLanguage.SIMPLIFIED,
    ) -> PlanTemplate:
        return await templates.get(tx, template_id, language)

    @delete(
        "/{template_id:uuid}",
        summary="Delete a saved template",
        responses=refuses(SignInRequired, NotPermitted, TemplateNotFound),
    )
    async def delete_template(self, tx: NamedDependency[Tx], template_id: FromPath[UUID]) -> None:
        await templates.remove(tx, template_id)


class ConsolePlans(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}/plan"
    tags = ("plans",)

    @get(
        "/template",
        summary="Read a show's plan as a template, to copy it",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def plan_as_template(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID]
    ) -> PlanTemplate:
        return await templates.of_show(tx, show_id)

    @post(
        "/template",
        status_code=200,
        summary="Write a show's plan from a template or another show",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            ShowNotFound,
            TemplateNotFound,
            VersionConflict,
            ShowBegun,
            SlotRefused,
            LineUpRefused,
            GameRefused,
            PromotionRefused,
        ),
    )
    async def apply_template(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[ApplyTemplate]
    ) -> PlanApplied:
        return await templates.apply(tx, show_id, data)

    @post(
        "/changes/{change_id:uuid}/take-back",
        status_code=200,
        summary="Take back what a template changed",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            ShowNotFound,
            PlanChangeNotFound,
            VersionConflict,
            ShowBegun,
        ),
    )
    async def take_back(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        change_id: FromPath[UUID],
        data: JSONBody[TakeBack],
    ) -> ShowPlan:
        return await templates.take_back(tx, show_id, change_id, data)

    @get(
        "/run.xlsx",
        summary="Export the run-of-show as XLSX",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def export_run(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> Response[bytes]:
        headers = {"Content-Disposition": 'attachment; filename="run-of-show.xlsx"'}
        content = await templates.export(tx, show_id)
        return Response(content, media_type=XLSX, headers=headers)

    @post(
        "/sheet",
        status_code=200,
        summary="Read a run-of-show from an XLSX file (at most 2 MB); changes nothing",
        request_max_body_size=LARGEST + 100_000,
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, SheetRefused),
    )
    async def read_sheet(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> SheetRead:
        return await templates.read(tx, show_id, await data.read())
