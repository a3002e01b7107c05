"""HTTP face of the cart room."""

from uuid import UUID

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from xinbo.commerce import cart
from xinbo.commerce.cart import Cart, CartFull, PutCartLine
from xinbo.commerce.offers import NotOnSale
from xinbo.engines.http import SignInRequired, refuses, shopper
from xinbo.engines.tx import Tx


class ShopCart(Controller):
    path = "/api/v1/cart"
    tags = ("cart",)

    @get(summary="Show the cart", responses=refuses(SignInRequired))
    async def get_cart(self, tx: NamedDependency[Tx]) -> Cart:
        return await cart.show(tx, shopper(tx))

    @put(
        "/lines/{sku_id:uuid}",
        summary="Put an SKU in the cart",
        responses=refuses(SignInRequired, NotOnSale, CartFull),
    )
    async def put_cart_line(
        self, tx: NamedDependency[Tx], sku_id: FromPath[UUID], data: JSONBody[PutCartLine]
    ) -> Cart:
        return await cart.put(tx, shopper(tx), sku_id, data)

    @delete(
        "/lines/{sku_id:uuid}",
        status_code=200,
        summary="Take an SKU out of the cart",
        responses=refuses(SignInRequired),
    )
    async def remove_cart_line(self, tx: NamedDependency[Tx], sku_id: FromPath[UUID]) -> Cart:
        return await cart.remove(tx, shopper(tx), sku_id)
