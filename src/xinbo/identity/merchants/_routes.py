"""HTTP face of the merchants room."""

from litestar import Controller, get
from litestar.di import NamedDependency

from xinbo.engines.http import refuses
from xinbo.engines.tx import Tx
from xinbo.identity import merchants
from xinbo.identity.merchants import Merchant, MerchantNotFound


class Merchants(Controller):
    path = "/api/v1/merchants"
    tags = ("merchants",)

    @get("/current", summary="Show the merchant of this shop", responses=refuses(MerchantNotFound))
    async def current_merchant(self, tx: NamedDependency[Tx]) -> Merchant:
        return await merchants.current(tx)
