"""HTTP face of the metrics room."""

from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from xinbo.analytics import metrics
from xinbo.analytics.metrics import Chart, LiveNumbers, ProductNumbers
from xinbo.engines.bus import Bus, BusAway
from xinbo.engines.http import Http, SignInRequired, refuses
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.live.shows import ShowNotFound

REFUSALS = (SignInRequired, NotPermitted, ShowNotFound, BusAway)


class ShowNumbers(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}/numbers"
    tags = ("numbers",)

    @get(summary="Show a show's numbers", responses=refuses(*REFUSALS))
    async def get_numbers(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], request: Http
    ) -> LiveNumbers:
        return await metrics.numbers(tx, _bus(request), show_id)

    @get("/chart", summary="Show the last hour of a show", responses=refuses(*REFUSALS))
    async def get_chart(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], request: Http
    ) -> Chart:
        return await metrics.chart(tx, _bus(request), show_id)

    @get("/products", summary="Show how each product does", responses=refuses(*REFUSALS))
    async def get_product_numbers(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], request: Http
    ) -> list[ProductNumbers]:
        return await metrics.products(tx, _bus(request), show_id)


def _bus(request: Http) -> Bus:
    return request.app.state.bus
