"""Structs of the follows room."""

from uuid import UUID

from xinbo.kit.wire import Event, View


class Following(View, frozen=True):
    """Whether the reader follows the merchant, and how many do."""

    following: bool
    followers: int


class Followed(Event, frozen=True):
    """A shopper follows the merchant from now on."""

    name = "shoppers.followed"
    shopper_id: UUID


class Unfollowed(Event, frozen=True):
    """A shopper follows the merchant no more."""

    name = "shoppers.unfollowed"
    shopper_id: UUID
