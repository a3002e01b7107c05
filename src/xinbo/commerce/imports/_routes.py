"""HTTP face of the imports room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, QueryParameter

from xinbo.commerce import imports
from xinbo.commerce.imports import (
    FileRefused,
    HeaderSet,
    ImportNotFound,
    ImportNotReady,
    ProductImport,
    UpsertKey,
)
from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page

Headers = Annotated[HeaderSet, QueryParameter(name="headers")]
"""Litestar keeps the argument name `headers` for the request's own."""

LARGEST = 20_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Imports(Controller):
    path = "/api/v1/console/imports"
    tags = ("goods",)

    @post(
        summary="Upload a product file (CSV or XLSX, at most 20 MB) and check it: a dry run",
        status_code=202,
        request_max_body_size=LARGEST + 100_000,
        responses=refuses(SignInRequired, NotPermitted, FileRefused),
    )
    async def upload_import(
        self,
        tx: NamedDependency[Tx],
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
        upsert_key: Annotated[UpsertKey, QueryParameter(name="upsertKey")] = UpsertKey.SKU,
    ) -> ProductImport:
        return await imports.upload(tx, data.filename, await data.read(), upsert_key)

    @get(summary="List imports", responses=refuses(SignInRequired, NotPermitted))
    async def list_imports(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[ProductImport]:
        return await imports.recent(tx, cursor, limit)

    @get(
        "/{import_id:uuid}",
        summary="Show how far an import is",
        responses=refuses(SignInRequired, NotPermitted, ImportNotFound),
    )
    async def get_import(self, tx: NamedDependency[Tx], import_id: FromPath[UUID]) -> ProductImport:
        return await imports.get(tx, import_id)

    @post(
        "/{import_id:uuid}/apply",
        summary="Apply a checked import: every row, or none",
        status_code=202,
        responses=refuses(SignInRequired, NotPermitted, ImportNotFound, ImportNotReady),
    )
    async def apply_import(
        self, tx: NamedDependency[Tx], import_id: FromPath[UUID]
    ) -> ProductImport:
        return await imports.apply(tx, import_id)


class Exports(Controller):
    path = "/api/v1/console/exports"
    tags = ("goods",)

    @get(
        "/products.csv",
        summary="Export goods as CSV",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def export_csv(
        self, tx: NamedDependency[Tx], header_set: Headers = HeaderSet.SHOPIFY
    ) -> Response[bytes]:
        return _file(await imports.export_csv(tx, header_set), "products.csv", "text/csv")

    @get(
        "/products.xlsx",
        summary="Export goods as XLSX",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def export_xlsx(
        self, tx: NamedDependency[Tx], header_set: Headers = HeaderSet.CHINESE
    ) -> Response[bytes]:
        return _file(await imports.export_xlsx(tx, header_set), "products.xlsx", XLSX)


def _file(content: bytes, name: str, media_type: str) -> Response[bytes]:
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
