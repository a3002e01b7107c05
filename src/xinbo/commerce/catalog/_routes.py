"""HTTP face of the catalog room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from xinbo.commerce import catalog
from xinbo.commerce.catalog import (
    AttributeRefused,
    Category,
    CategoryInUse,
    CategoryNameTaken,
    CategoryNotFound,
    CategoryRefused,
    Facets,
    HandleTaken,
    OptionsMismatch,
    Picture,
    PictureNotFound,
    PictureRefused,
    Product,
    ProductCard,
    ProductNotFound,
    ProductStatus,
    PutCategory,
    PutProduct,
    Search,
    SkuCodeTaken,
    SkuNotFound,
    Sort,
    Suggestion,
)
from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page

STAFF_REFUSALS = (SignInRequired, NotPermitted)
GOODS_REFUSALS = (SkuCodeTaken, HandleTaken, OptionsMismatch, AttributeRefused, CategoryNotFound)
WRITE_REFUSALS = (*STAFF_REFUSALS, *GOODS_REFUSALS)
TREE_REFUSALS = (*STAFF_REFUSALS, CategoryNotFound, CategoryNameTaken, CategoryRefused)

# Not `type` statements: Litestar would not see what is behind the names.
Amount = Annotated[int, Meta(ge=0, le=10_000_000_000)]
Words = Annotated[str, Meta(max_length=100)]
# Of lists in a query Litestar heeds no other bound than this.
Said = Annotated[list[Annotated[str, Meta(max_length=250)]] | None, QueryParameter(max_items=20)]


class ShopProducts(Controller):
    path = "/api/v1/products"
    tags = ("products",)

    @get(
        summary="Find what is on sale: words in Chinese, pinyin or initials; category, brand, price"
    )
    async def list_products(  # noqa: PLR0913, PLR0917 one for each filter
        self,
        tx: NamedDependency[Tx],
        q: FromQuery[Words] = "",
        category: FromQuery[UUID | None] = None,
        brand: FromQuery[Words | None] = None,
        attribute: Said = None,
        price_from: Annotated[Amount | None, QueryParameter(name="priceFrom")] = None,
        price_to: Annotated[Amount | None, QueryParameter(name="priceTo")] = None,
        in_stock: Annotated[bool, QueryParameter(name="inStock")] = False,  # noqa: FBT002
        sort: FromQuery[Sort] = Sort.RELEVANCE,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[ProductCard]:
        search = Search(
            q=q,
            category_id=category,
            brand=brand,
            attributes=attribute or [],
            price_from=price_from,
            price_to=price_to,
            in_stock=in_stock,
            sort=sort,
        )
        return await catalog.find(tx, search, cursor, limit)

    @get("/facets", summary="Count what the products found have in common")
    async def show_facets(  # noqa: PLR0913, PLR0917 one for each filter
        self,
        tx: NamedDependency[Tx],
        q: FromQuery[Words] = "",
        category: FromQuery[UUID | None] = None,
        brand: FromQuery[Words | None] = None,
        attribute: Said = None,
        price_from: Annotated[Amount | None, QueryParameter(name="priceFrom")] = None,
        price_to: Annotated[Amount | None, QueryParameter(name="priceTo")] = None,
        in_stock: Annotated[bool, QueryParameter(name="inStock")] = False,  # noqa: FBT002
    ) -> Facets:
        search = Search(
            q=q,
            category_id=category,
            brand=brand,
            attributes=attribute or [],
            price_from=price_from,
            price_to=price_to,
            in_stock=in_stock,
        )
        return await catalog.facets(tx, search)

    @get("/suggest", summary="Say what somebody may be about to type")
    async def suggest(self, tx: NamedDependency[Tx], q: FromQuery[Words] = "") -> list[Suggestion]:
        return await catalog.suggest(tx, q)

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


class ShopCategories(Controller):
    path = "/api/v1/categories"
    tags = ("products",)

    @get(summary="Show the tree of categories")
    async def list_categories(self, tx: NamedDependency[Tx]) -> list[Category]:
        return await catalog.categories(tx)


class ConsoleCategories(Controller):
    path = "/api/v1/console/categories"
    tags = ("goods",)

    @post(summary="Add a category", responses=refuses(*TREE_REFUSALS))
    async def add_category(self, tx: NamedDependency[Tx], data: JSONBody[PutCategory]) -> Category:
        return await catalog.add_category(tx, data)

    @put(
        "/{category_id:uuid}",
        summary="Change a category, or move it with all that is below it",
        responses=refuses(*TREE_REFUSALS),
    )
    async def put_category(
        self, tx: NamedDependency[Tx], category_id: FromPath[UUID], data: JSONBody[PutCategory]
    ) -> Category:
        return await catalog.put_category(tx, category_id, data)

    @delete(
        "/{category_id:uuid}",
        summary="Remove a category that nothing is in",
        responses=refuses(*STAFF_REFUSALS, CategoryNotFound, CategoryInUse),
    )
    async def remove_category(self, tx: NamedDependency[Tx], category_id: FromPath[UUID]) -> None:
        await catalog.remove_category(tx, category_id)
