"""Structs of the merchants room."""

from uuid import UUID

from xinbo.kit.wire import View


class Merchant(View, frozen=True):
    """A merchant as the public sees it. Order 117, art. 26: who really sells, one tap away."""

    id: UUID
    slug: str
    name: str
    tagline: str
    avatar_url: str | None
    seller_name: str
    """The actual seller's registered name."""
    seller_address: str
    seller_contact: str
    licence_number: str
