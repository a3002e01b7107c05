"""HTTP face of the offers room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from xinbo.commerce import offers
from xinbo.commerce.offers import OffersHere
from xinbo.engines.tx import Tx

# Of lists in a query Litestar heeds no other bounds than these, and none behind a `type` name.
SkuIds = Annotated[list[UUID], QueryParameter(min_items=1, max_items=200)]


class ShopOffers(Controller):
    path = "/api/v1/offers"
    tags = ("products",)

    @get(summary="Say what SKUs cost here and now, and in which other ways they can be bought")
    async def list_offers(
        self,
        tx: NamedDependency[Tx],
        sku: SkuIds,
        venue: FromQuery[UUID | None] = None,
    ) -> OffersHere:
        return await offers.here(tx, sku, venue)
