"""HTTP face of the bargains room."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from xinbo.commerce import bargains
from xinbo.commerce.bargains import (
    Bargain,
    BargainClosed,
    BargainNotFound,
    HelpsUsedUp,
    OwnBargain,
    StartBargain,
)
from xinbo.commerce.offers import OfferGone
from xinbo.engines.http import SignInRequired, refuses, shopper
from xinbo.engines.tx import Tx
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page


class ShopBargains(Controller):
    path = "/api/v1"
    tags = ("bargains",)

    @post(
        "/bargains",
        status_code=200,
        summary="Begin to bargain; one that is open already is returned",
        responses=refuses(SignInRequired, OfferGone),
    )
    async def start_bargain(self, tx: NamedDependency[Tx], data: JSONBody[StartBargain]) -> Bargain:
        return await bargains.start(tx, shopper(tx), data.offer_id)

    @get(
        "/bargains/{bargain_id:uuid}",
        summary="Show a bargain to whoever has its link",
        responses=refuses(BargainNotFound),
    )
    async def get_bargain(self, tx: NamedDependency[Tx], bargain_id: FromPath[UUID]) -> Bargain:
        return await bargains.get(tx, bargain_id)

    @post(
        "/bargains/{bargain_id:uuid}/help",
        status_code=200,
        summary="Help a bargain along; helping twice changes nothing more",
        responses=refuses(
            SignInRequired, BargainNotFound, OwnBargain, BargainClosed, HelpsUsedUp, OfferGone
        ),
    )
    async def help_bargain(self, tx: NamedDependency[Tx], bargain_id: FromPath[UUID]) -> Bargain:
        return await bargains.help_along(tx, bargain_id, shopper(tx))

    @get("/me/bargains", summary="List one's bargains", responses=refuses(SignInRequired))
    async def list_bargains(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Bargain]:
        return await bargains.page_of(tx, shopper(tx), cursor, limit)
