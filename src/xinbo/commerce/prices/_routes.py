"""HTTP face of the prices room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Meta

from xinbo.commerce import prices
from xinbo.commerce.prices import Market, PriceHistory, PriceNotFound
from xinbo.engines.http import SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL

type Days = Annotated[int, Meta(ge=1, le=365)]


class ShopPrices(Controller):
    path = "/api/v1/prices"
    tags = ("products",)

    @get(
        "/{sku_id:uuid}",
        summary="Show how a price moved, and what it may be compared with",
        responses=refuses(PriceNotFound),
    )
    async def get_price_history(
        self,
        tx: NamedDependency[Tx],
        sku_id: FromPath[UUID],
        venue_id: Annotated[UUID | None, QueryParameter(name="venue")] = None,
        days: FromQuery[Days] = 30,
        market: FromQuery[Market] = "CN",
    ) -> PriceHistory:
        return await prices.history(tx, sku_id, venue_id or NIL, days, market)


class ConsolePrices(Controller):
    path = "/api/v1/console/prices.csv"
    tags = ("goods",)

    @get(summary="Export every price shown", responses=refuses(SignInRequired, NotPermitted))
    async def export_prices(
        self,
        tx: NamedDependency[Tx],
        sku_id: Annotated[UUID | None, QueryParameter(name="sku")] = None,
        days: FromQuery[Days] = 90,
    ) -> Response[bytes]:
        content = await prices.export_csv(tx, sku_id, days)
        disposition = 'attachment; filename="prices.csv"'
        headers = {"Content-Disposition": disposition}
        return Response(content, media_type="text/csv", headers=headers)
