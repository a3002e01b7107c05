"""The merchants of this installation: each one's name, seller of record and address.

Owns `merchant`. A merchant is the tenant: every row of every other room belongs to one, and
nobody of one merchant sees the rows of another.
"""

from xinbo.identity.merchants._service import (
    MerchantNotFound,
    SlugTaken,
    current,
    find,
    open_merchant,
)
from xinbo.identity.merchants._types import Merchant

__all__ = ["Merchant", "MerchantNotFound", "SlugTaken", "current", "find", "open_merchant"]
