"""HTTP face of the stage room."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from xinbo.commerce.promotions import (
    ClaimLimit,
    Coupon,
    CouponNotOnOffer,
    CouponsGone,
    DropCoupon,
    IllegalPromotionMove,
    NotForYou,
    PromotionNotFound,
    PromotionRefused,
)
from xinbo.engines.http import (
    Http,
    IdempotencyKeyRequired,
    SignInRequired,
    idempotency_key,
    refuses,
    shopper,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.live import stage
from xinbo.live.shows import ShowNotFound
from xinbo.live.stage import CueNotFound, NotOnAir, NotOnLineUp, Pin, StageView, StartCue


class ShopStage(Controller):
    path = "/api/v1/shows/{show_id:uuid}/stage"
    tags = ("shows",)

    @get(summary="Show the stage as it is now", responses=refuses(ShowNotFound))
    async def get_stage(self, tx: NamedDependency[Tx], show_id: FromPath[UUID]) -> StageView:
        return await stage.snapshot(tx, show_id)


class RoomDrops(Controller):
    path = "/api/v1/shows/{show_id:uuid}/drops"
    tags = ("shows",)

    @post(
        "/{coupon_id:uuid}/claim",
        status_code=200,
        summary="Claim a coupon that was dropped in the room (header `Idempotency-Key`)",
        responses=refuses(
            SignInRequired,
            IdempotencyKeyRequired,
            ShowNotFound,
            NotOnAir,
            CouponNotOnOffer,
            CouponsGone,
            ClaimLimit,
            NotForYou,
        ),
    )
    async def claim_drop(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        coupon_id: FromPath[UUID],
        request: Http,
    ) -> Coupon:
        return await stage.claim(tx, show_id, shopper(tx), coupon_id, idempotency_key(request))


class ConsoleStage(Controller):
    path = "/api/v1/console/shows/{show_id:uuid}/stage"
    tags = ("stage",)

    @get(
        summary="Show the stage to the staff",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound),
    )
    async def get_console_stage(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID]
    ) -> StageView:
        return await stage.console_snapshot(tx, show_id)

    @post(
        "/pin",
        status_code=200,
        summary="Pin a product on every phone",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, NotOnAir, NotOnLineUp),
    )
    async def pin(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[Pin]
    ) -> StageView:
        return await stage.pin(tx, show_id, data.product_id)

    @post(
        "/cue",
        status_code=200,
        summary="Start a cue",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, NotOnAir, CueNotFound),
    )
    async def start_cue(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[StartCue]
    ) -> StageView:
        return await stage.start_cue(tx, show_id, data.cue_id)

    @post(
        "/drops",
        status_code=200,
        summary="Drop a coupon in the room (header `Idempotency-Key`)",
        responses=refuses(
            SignInRequired,
            IdempotencyKeyRequired,
            NotPermitted,
            ShowNotFound,
            NotOnAir,
            PromotionNotFound,
            PromotionRefused,
            IllegalPromotionMove,
        ),
    )
    async def drop_coupon(
        self,
        tx: NamedDependency[Tx],
        show_id: FromPath[UUID],
        data: JSONBody[DropCoupon],
        request: Http,
    ) -> StageView:
        return await stage.drop(tx, show_id, data, idempotency_key(request))
