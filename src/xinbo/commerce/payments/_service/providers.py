"""The port behind which every payment provider stands, and who is behind it now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from xinbo.commerce.payments._types import Payment
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Invalid


class ProviderUnknown(Invalid):
    """Raised when nobody takes payments under that name, or not in this way."""


class CallbackRefused(Invalid):
    """Raised when what claims to come from a provider cannot be believed (`reason`)."""

    status = 400


class News(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a provider says of a payment, once its signature is checked."""

    payment_id: UUID
    ref: str
    """The provider's own name for the payment."""
    succeeded: bool
    amount: int
    currency: str


class Provider(Protocol):
    """A way to pay. Amounts are in minor units."""

    @property
    def name(self) -> str:
        """Name in addresses and in the database."""
        ...

    @property
    def sandbox(self) -> bool:
        """Whether no real money moves."""
        ...

    async def open(self, tx: Tx, payment: Payment) -> None:
        """Tell the provider that somebody is about to pay."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> News:
        """Check the signature over the raw body and read it, or raise `CallbackRefused`."""
        ...

    async def refund(self, tx: Tx, payment: Payment) -> None:
        """Send the whole amount back. Asked twice for one payment, it does so once."""
        ...


_providers: dict[str, Provider] = {}


def use(provider: Provider) -> None:
    """Take payments by this provider in this process."""
    _providers[provider.name] = provider


def find(name: str) -> Provider:
    """Return the provider of that name, or refuse."""
    if name not in _providers:
        raise ProviderUnknown(provider=name)
    return _providers[name]
