"""What a merchant sells: products, their variants (SKUs) and their pictures.

Owns `product`, `sku` and `product_picture`. Everyone sees what is on sale, the merchant's staff
sees the rest. A variant is retired, never deleted, so that whoever holds its id (a cart, an
offer, an order) can always ask `skus` what it was. Prices here are list prices; what somebody
pays is for offers to say, and how many are left for inventory.
"""

from xinbo.commerce.catalog._rules import clean, handle_of, mismatch, paragraph
from xinbo.commerce.catalog._service.pictures import (
    PictureNotFound,
    add_picture,
    owned,
    remove_picture,
)
from xinbo.commerce.catalog._service.reads import (
    ProductNotFound,
    every,
    get,
    matching,
    on_sale,
    products,
    search,
    skus,
)
from xinbo.commerce.catalog._service.shrinking import PictureRefused
from xinbo.commerce.catalog._service.writes import (
    HandleTaken,
    OptionsMismatch,
    SkuCodeTaken,
    SkuNotFound,
    add,
    put,
    upsert_many,
)
from xinbo.commerce.catalog._types import (
    Handle,
    Picture,
    Product,
    ProductChanged,
    ProductStatus,
    PutPicture,
    PutProduct,
    PutSku,
    Sku,
    SkuCard,
    SkuCode,
    Title,
    Upsert,
)

__all__ = [
    "Handle",
    "HandleTaken",
    "OptionsMismatch",
    "Picture",
    "PictureNotFound",
    "PictureRefused",
    "Product",
    "ProductChanged",
    "ProductNotFound",
    "ProductStatus",
    "PutPicture",
    "PutProduct",
    "PutSku",
    "Sku",
    "SkuCard",
    "SkuCode",
    "SkuCodeTaken",
    "SkuNotFound",
    "Title",
    "Upsert",
    "add",
    "add_picture",
    "clean",
    "every",
    "get",
    "handle_of",
    "matching",
    "mismatch",
    "on_sale",
    "owned",
    "paragraph",
    "products",
    "put",
    "remove_picture",
    "search",
    "skus",
    "upsert_many",
]
