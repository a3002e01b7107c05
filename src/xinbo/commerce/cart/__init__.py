"""What a shopper means to buy: at most 100 lines, always shown at today's price and stock.

Owns `cart_line`. A cart holds no stock and no price; an order does.
"""

from xinbo.commerce.cart._service import CartFull, put, remove, show, take_out
from xinbo.commerce.cart._types import Cart, CartLine, PutCartLine

__all__ = ["Cart", "CartFull", "CartLine", "PutCartLine", "put", "remove", "show", "take_out"]
