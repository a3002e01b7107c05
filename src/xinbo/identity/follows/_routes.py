"""HTTP face of the follows room."""

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency

from xinbo.engines.http import SignInRequired, refuses, shopper
from xinbo.engines.tx import Tx
from xinbo.identity import follows
from xinbo.identity.follows import Following


class ShopFollow(Controller):
    path = "/api/v1/follow"
    tags = ("accounts",)

    @get(summary="Say whether one follows the merchant, and how many do")
    async def get_following(self, tx: NamedDependency[Tx]) -> Following:
        return await follows.mine(tx)

    @put(summary="Follow the merchant", responses=refuses(SignInRequired))
    async def follow_merchant(self, tx: NamedDependency[Tx]) -> Following:
        return await follows.follow(tx, shopper(tx))

    @delete(
        status_code=200, summary="Follow the merchant no more", responses=refuses(SignInRequired)
    )
    async def unfollow_merchant(self, tx: NamedDependency[Tx]) -> Following:
        return await follows.unfollow(tx, shopper(tx))
