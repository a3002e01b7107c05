"""What an SKU costs here and now, and which stock serves it: the one seam of all prices.

Owns `offer` and `offer_bought`. A source (a show, a promotion) publishes its prices; everybody
who sells asks `quote` and gets the lowest that holds for this shopper at this moment. Ways that
a shopper chooses (group buying, pre-sale, bargaining) are asked for by id: `special`. How many
pieces one person takes of an offer is counted here (`take`, `give_back`).
"""

from xinbo.commerce.offers._rules import LOCKED, SPECIAL, OfferKind
from xinbo.commerce.offers._service.limits import PerPersonLimit, Taking, give_back, take
from xinbo.commerce.offers._service.publishing import close, publish
from xinbo.commerce.offers._service.quoting import (
    NotOnSale,
    OfferGone,
    quote,
    quote_special,
    specials,
)
from xinbo.commerce.offers._service.showing import here
from xinbo.commerce.offers._types import (
    BargainTerms,
    GroupTerms,
    MembersPay,
    Offer,
    OffersChanged,
    OffersHere,
    PresaleTerms,
    PriceHere,
    Quote,
    Special,
    Terms,
)

__all__ = [
    "LOCKED",
    "SPECIAL",
    "BargainTerms",
    "GroupTerms",
    "MembersPay",
    "NotOnSale",
    "Offer",
    "OfferGone",
    "OfferKind",
    "OffersChanged",
    "OffersHere",
    "PerPersonLimit",
    "PresaleTerms",
    "PriceHere",
    "Quote",
    "Special",
    "Taking",
    "Terms",
    "close",
    "give_back",
    "here",
    "publish",
    "quote",
    "quote_special",
    "specials",
    "take",
]
