"""HTTP face of the catalog room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody, QueryParameter

from xinbo.commerce import catalog
from xinbo.commerce.catalog import (
    HandleTaken,
    OptionsMismatch,
    Picture,
    PictureNotFound,
    PictureRefused,
    Product,
    ProductNotFound,
    ProductStatus,
    PutProduct,
    SkuCodeTaken,
    SkuNotFound,
)
from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page

STAFF_REFUSALS = (SignInRequired, NotPermitted)
WRITE_REFUSALS = (*STAFF_REFUSALS, SkuCodeTaken, HandleTaken, OptionsMismatch)


class ShopProducts(Controller):
    path = "/api/v1/products"
    tags = ("products",)

    @get(summary="List what is on sale")
    async def list_products(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Product]:
        return await catalog.on_sale(tx, cursor, limit)

    @get("/{product_id:uuid}", summary="Show a product", responses=refuses(ProductNotFound))
    async def get_product(self, tx: NamedDependency[Tx], product_id: FromPath[UUID]) -> Product:
        return await catalog.get(tx, product_id)


class ConsoleProducts(Controller):
    path = "/api/v1/console/products"
    tags = ("goods",)

    @get(summary="List goods", responses=refuses(*STAFF_REFUSALS))
    async def list_goods(
        self,
        tx: NamedDependency[Tx],
        words: Annotated[str | None, QueryParameter(name="query")] = None,
        status: FromQuery[ProductStatus | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Product]:
        return await catalog.search(tx, words, status, cursor, limit)

    @post(summary="Add a product", responses=refuses(*WRITE_REFUSALS, PictureNotFound))
    async def add_product(self, tx: NamedDependency[Tx], data: JSONBody[PutProduct]) -> Product:
        return await catalog.add(tx, data)

    @get(
        "/{product_id:uuid}",
        summary="Show a product to the staff",
        responses=refuses(*STAFF_REFUSALS, ProductNotFound),
    )
    async def get_goods(self, tx: NamedDependency[Tx], product_id: FromPath[UUID]) -> Product:
        return await catalog.get(tx, product_id)

    @put(
        "/{product_id:uuid}",
        summary="Change a product",
        responses=refuses(*WRITE_REFUSALS, ProductNotFound, SkuNotFound, PictureNotFound),
    )
    async def put_product(
        self, tx: NamedDependency[Tx], product_id: FromPath[UUID], data: JSONBody[PutProduct]
    ) -> Product:
        return await catalog.put(tx, product_id, data)

    @post(
        "/{product_id:uuid}/pictures",
        summary="Add a picture: JPEG, PNG or WebP, at most 8 MB",
        request_max_body_size=9_000_000,
        responses=refuses(*STAFF_REFUSALS, ProductNotFound, PictureRefused),
    )
    async def add_picture(
        self,
        tx: NamedDependency[Tx],
        product_id: FromPath[UUID],
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> Picture:
        return await catalog.add_picture(tx, product_id, await data.read())

    @delete(
        "/{product_id:uuid}/pictures/{picture_id:uuid}",
        summary="Remove a picture",
        responses=refuses(*STAFF_REFUSALS, ProductNotFound, PictureNotFound),
    )
    async def remove_picture(
        self, tx: NamedDependency[Tx], product_id: FromPath[UUID], picture_id: FromPath[UUID]
    ) -> None:
        await catalog.remove_picture(tx, product_id, picture_id)
