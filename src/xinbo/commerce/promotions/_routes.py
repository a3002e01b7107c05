"""HTTP face of the promotions room."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta

from xinbo.commerce import promotions
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.promotions import (
    AddStock,
    ClaimLimit,
    Coupon,
    CouponNotOnOffer,
    CouponOffer,
    CouponsGone,
    CouponState,
    CouponStats,
    Extend,
    IllegalPromotionMove,
    NotForYou,
    Promotion,
    PromotionItemNotFound,
    PromotionKind,
    PromotionLocked,
    PromotionNotFound,
    PromotionRefused,
    PromotionState,
    PromotionVersionConflict,
    PutPromotion,
    Running,
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
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page

type Ahead = Annotated[int, Meta(ge=0, le=48)]
type PromotionMove = Literal["schedule", "unschedule", "end"]


class ShopPromotions(Controller):
    path = "/api/v1"
    tags = ("promotions",)

    @get(
        "/promotions",
        summary="List what is on now, or within so many hours, the newest first; coupons apart",
    )
    async def list_running(  # noqa: PLR0913, PLR0917 # each is a query parameter
        self,
        tx: NamedDependency[Tx],
        kind: FromQuery[PromotionKind | None] = None,
        show: FromQuery[UUID | None] = None,
        hours: FromQuery[Ahead] = 0,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Running]:
        soon = tx.now + timedelta(hours=hours)
        return await promotions.running(tx, cursor, limit, kind=kind, venue_id=show, soon=soon)

    @get("/coupons", summary="List the coupons that can be claimed here")
    async def list_coupon_offers(
        self,
        tx: NamedDependency[Tx],
        show: FromQuery[UUID | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[CouponOffer]:
        return await promotions.claimable(tx, show, cursor, limit)

    @post(
        "/coupons/{coupon_id:uuid}/claim",
        status_code=200,
        summary="Claim a coupon (header `Idempotency-Key`)",
        responses=refuses(
            SignInRequired,
            IdempotencyKeyRequired,
            CouponNotOnOffer,
            CouponsGone,
            ClaimLimit,
            NotForYou,
        ),
    )
    async def claim_coupon(
        self, tx: NamedDependency[Tx], coupon_id: FromPath[UUID], request: Http
    ) -> Coupon:
        return await promotions.claim(tx, shopper(tx), coupon_id, None, idempotency_key(request))

    @get("/me/coupons", summary="List one's coupons", responses=refuses(SignInRequired))
    async def list_my_coupons(
        self,
        tx: NamedDependency[Tx],
        status: FromQuery[CouponState] = CouponState.UNUSED,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Coupon]:
        return await promotions.page_of_coupons(tx, shopper(tx), status, cursor, limit)


class ConsolePromotions(Controller):
    path = "/api/v1/console/promotions"
    tags = ("promotions",)

    @get(summary="List the merchant's promotions", responses=refuses(SignInRequired, NotPermitted))
    async def list_promotions(  # noqa: PLR0913, PLR0917 # each is a query parameter
        self,
        tx: NamedDependency[Tx],
        status: FromQuery[PromotionState | None] = None,
        kind: FromQuery[PromotionKind | None] = None,
        show: FromQuery[UUID | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Promotion]:
        return await promotions.page_of(tx, cursor, limit, state=status, kind=kind, venue_id=show)

    @post(
        summary="Write a draft",
        responses=refuses(SignInRequired, NotPermitted, PromotionRefused),
    )
    async def add_promotion(
        self, tx: NamedDependency[Tx], data: JSONBody[PutPromotion]
    ) -> Promotion:
        return await promotions.add(tx, data)

    @get(
        "/{promotion_id:uuid}",
        summary="Show a promotion",
        responses=refuses(SignInRequired, NotPermitted, PromotionNotFound),
    )
    async def get_promotion(
        self, tx: NamedDependency[Tx], promotion_id: FromPath[UUID]
    ) -> Promotion:
        return await promotions.get(tx, promotion_id)

    @put(
        "/{promotion_id:uuid}",
        summary="Rewrite a draft",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            PromotionNotFound,
            PromotionRefused,
            PromotionLocked,
            PromotionVersionConflict,
        ),
    )
    async def put_promotion(
        self,
        tx: NamedDependency[Tx],
        promotion_id: FromPath[UUID],
        data: JSONBody[PutPromotion],
    ) -> Promotion:
        return await promotions.put(tx, promotion_id, data)

    @delete(
        "/{promotion_id:uuid}",
        summary="Delete a draft",
        responses=refuses(SignInRequired, NotPermitted, PromotionNotFound, PromotionLocked),
    )
    async def delete_promotion(self, tx: NamedDependency[Tx], promotion_id: FromPath[UUID]) -> None:
        await promotions.remove(tx, promotion_id)

    @post(
        "/{promotion_id:uuid}/extend",
        status_code=200,
        summary="Let a promotion run longer",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            PromotionNotFound,
            PromotionRefused,
            PromotionLocked,
            PromotionVersionConflict,
        ),
    )
    async def extend_promotion(
        self, tx: NamedDependency[Tx], promotion_id: FromPath[UUID], data: JSONBody[Extend]
    ) -> Promotion:
        return await promotions.extend(tx, promotion_id, data)

    @post(
        "/{promotion_id:uuid}/items/{sku_id:uuid}/stock",
        status_code=200,
        summary="Set more pieces of an SKU aside; the version makes a repetition harmless",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            PromotionNotFound,
            PromotionItemNotFound,
            PromotionLocked,
            PromotionVersionConflict,
            OutOfStock,
        ),
    )
    async def add_promotion_stock(
        self,
        tx: NamedDependency[Tx],
        promotion_id: FromPath[UUID],
        sku_id: FromPath[UUID],
        data: JSONBody[AddStock],
    ) -> Promotion:
        return await promotions.add_stock(tx, promotion_id, sku_id, data)

    @get(
        "/{promotion_id:uuid}/stats",
        summary="Say what became of a coupon",
        responses=refuses(SignInRequired, NotPermitted, PromotionNotFound),
    )
    async def get_coupon_stats(
        self, tx: NamedDependency[Tx], promotion_id: FromPath[UUID]
    ) -> CouponStats:
        return await promotions.stats(tx, promotion_id)

    @post(
        "/{promotion_id:uuid}/{move:str}",
        status_code=200,
        summary="Move a promotion along: schedule, unschedule, end",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            PromotionNotFound,
            PromotionRefused,
            IllegalPromotionMove,
        ),
    )
    async def move_promotion(
        self,
        tx: NamedDependency[Tx],
        promotion_id: FromPath[UUID],
        move: FromPath[PromotionMove],
    ) -> Promotion:
        return await promotions.MOVES[move](tx, promotion_id)
