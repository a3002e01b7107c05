"""Who calls: what a request says of its sender, and the ways to insist on someone."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import msgspec

from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.kit.errors import NotAllowed


class SignInRequired(NotAllowed):
    """Raised when the caller is nobody in particular."""

    status = 401


class Caller(msgspec.Struct, frozen=True):
    """What a request says of who sends it; the accounts room makes an actor of it."""

    path: str
    cookies: Mapping[str, str]
    merchant: str | None
    """The merchant's slug, from the `X-Merchant` header."""
    address: str


type Authenticate = Callable[[Database, Caller], Awaitable[Actor]]


def signed_in(tx: Tx) -> UUID:
    """Return the caller's id, or refuse."""
    if tx.actor.user_id is None:
        raise SignInRequired
    return tx.actor.user_id


def shopper(tx: Tx) -> UUID:
    """Return the id of the shopper who calls, or refuse."""
    if tx.actor.role is not Role.SHOPPER:
        raise SignInRequired
    return signed_in(tx)
