"""HTTP face of the collect room."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from xinbo.analytics import collect
from xinbo.analytics.collect import Collect, KindRefused
from xinbo.engines.bus import Bus
from xinbo.engines.http import Http, refuses
from xinbo.engines.tx import Tx


class Collector(Controller):
    path = "/api/v1/collect"
    tags = ("collect",)

    @post(
        status_code=202,
        summary="Report what a viewer did on a page",
        responses=refuses(KindRefused),
    )
    async def collect_behaviour(
        self, tx: NamedDependency[Tx], data: JSONBody[Collect], request: Http
    ) -> None:
        bus: Bus = request.app.state.bus
        await collect.take(bus, tx.actor, data, now=tx.now)
