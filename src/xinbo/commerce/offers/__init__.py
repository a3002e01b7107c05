"""What an SKU costs here and now, and which stock serves it: the one seam of all prices.

Owns `offer`. A venue (a show, for one) publishes its prices; everybody who sells asks `quote`.
Later kinds of offer (group buying, pre-sale, vouchers) answer behind the same question.
"""

from xinbo.commerce.offers._service import NotOnSale, close, publish, quote
from xinbo.commerce.offers._types import Offer, OffersChanged, Quote

__all__ = ["NotOnSale", "Offer", "OffersChanged", "Quote", "close", "publish", "quote"]
