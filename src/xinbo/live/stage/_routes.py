"""HTTP face of the stage room."""

from uuid import UUID

from litestar import Controller, delete, get, post
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
from xinbo.live.stage import (
    CueNotFound,
    Explain,
    MarkSoldOut,
    MoveItem,
    NoticeNotFound,
    NotOnAir,
    NotOnLineUp,
    Pin,
    PutNotice,
    SetRoom,
    StageMoved,
    StageView,
    StartCue,
)


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
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, NotOnAir, NotOnLineUp, StageMoved
        ),
    )
    async def pin(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[Pin]
    ) -> StageView:
        return await stage.pin(tx, show_id, data.product_id, seen=data.seen)

    @post(
        "/explain",
        status_code=200,
        summary="Begin to explain a product, or end it",
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, NotOnAir, NotOnLineUp, StageMoved
        ),
    )
    async def explain(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[Explain]
    ) -> StageView:
        return await stage.explain(tx, show_id, data.product_id, seen=data.seen)

    @post(
        "/cue",
        status_code=200,
        summary="Start a cue",
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, NotOnAir, CueNotFound, StageMoved
        ),
    )
    async def start_cue(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[StartCue]
    ) -> StageView:
        return await stage.start_cue(tx, show_id, data.cue_id, seen=data.seen)

    @post(
        "/sold-out",
        status_code=200,
        summary="Say that a product is sold out in the show, or on sale again",
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, NotOnAir, NotOnLineUp, StageMoved
        ),
    )
    async def mark_sold_out(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[MarkSoldOut]
    ) -> StageView:
        return await stage.mark_sold_out(
            tx, show_id, data.product_id, sold_out=data.sold_out, seen=data.seen
        )

    @post(
        "/shelf",
        status_code=200,
        summary="Put a product at another place of the shelf",
        responses=refuses(
            SignInRequired, NotPermitted, ShowNotFound, NotOnAir, NotOnLineUp, StageMoved
        ),
    )
    async def move_item(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[MoveItem]
    ) -> StageView:
        return await stage.move_item(tx, show_id, data.product_id, data.to, seen=data.seen)

    @post(
        "/room",
        status_code=200,
        summary="Make the room a text room, or one with pictures again",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, NotOnAir, StageMoved),
    )
    async def set_room(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[SetRoom]
    ) -> StageView:
        return await stage.set_text_room(tx, show_id, on=data.text_room, seen=data.seen)

    @post(
        "/notices",
        status_code=200,
        summary="Tell everyone in the room something",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, NotOnAir, NotOnLineUp),
    )
    async def post_notice(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], data: JSONBody[PutNotice]
    ) -> StageView:
        return await stage.notice(tx, show_id, data)

    @delete(
        "/notices/{notice_id:uuid}",
        status_code=200,
        summary="Take a notice down",
        responses=refuses(SignInRequired, NotPermitted, ShowNotFound, NotOnAir, NoticeNotFound),
    )
    async def withdraw_notice(
        self, tx: NamedDependency[Tx], show_id: FromPath[UUID], notice_id: FromPath[UUID]
    ) -> StageView:
        return await stage.withdraw_notice(tx, show_id, notice_id)

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
