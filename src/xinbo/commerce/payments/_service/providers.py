"""The port behind which every payment provider stands, and who is behind it now."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from xinbo.commerce.payments._rules.life import RefundStatus
from xinbo.commerce.payments._types import NOTHING, Action, How, Method, Way
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Invalid


class ProviderUnknown(Invalid):
    """Raised when nobody takes payments under that name, or not in this way."""


class CallbackRefused(Invalid):
    """Raised when what claims to come from a provider cannot be believed (`reason`)."""

    status = 400


class Charge(Struct, frozen=True, kw_only=True):
    """A payment as its provider needs to know it. Amounts are in minor units."""

    payment_id: UUID
    order_id: UUID
    amount: int
    currency: str
    created_at: datetime
    expires_at: datetime
    handle: str | None = None
    """What `open` returned."""
    ref: str | None = None
    """The provider's own name for the payment, once it is paid."""
    back: str = ""
    """Where the shopper returns to from its till: a path of our pages."""


class Opened(Struct, frozen=True, kw_only=True):
    """What came of telling the provider that somebody is about to pay."""

    action: Action = NOTHING
    handle: str | None = None


class News(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a provider says of a payment, once its signature is checked."""

    payment_id: UUID
    ref: str
    """The provider's own name for the payment."""
    succeeded: bool
    amount: int
    currency: str


class RefundNews(Struct, frozen=True, kw_only=True):
    """What a provider says of a refund, once its signature is checked."""

    refund_id: UUID
    status: RefundStatus
    why: str = ""


class RefundAsk(Struct, frozen=True, kw_only=True):
    """Send so much of a charge back, once for this id."""

    refund_id: UUID
    amount: int
    reason: str


class Returned(Struct, frozen=True, kw_only=True):
    """How a refund stands with the provider."""

    status: RefundStatus
    """Pending: not yet sent, or not to be known yet; ask again. Failed: for good."""
    why: str = ""


class Answer(Struct, frozen=True, kw_only=True):
    """What a provider wants to hear when it was understood."""

    status: int = 200
    body: bytes = b""
    media_type: str = "text/plain"


class Provider(Protocol):
    """A way to pay. Whatever raises `ThirdPartyAway` may be tried again."""

    @property
    def name(self) -> str:
        """Name in addresses and in the database."""
        ...

    @property
    def sandbox(self) -> bool:
        """Whether no real money moves."""
        ...

    @property
    def ways(self) -> Sequence[Way]:
        """How one comes to its till, the usual way first."""
        ...

    @property
    def heard(self) -> Answer:
        """What it wants to hear when its callback was understood."""
        ...

    @property
    def fee_rate(self) -> int | None:
        """What it keeps of a payment, per 10,000, as agreed; None where that is not known."""
        ...

    async def open(self, tx: Tx, charge: Charge, how: How) -> Opened:
        """Tell the provider that somebody is about to pay."""
        ...

    async def read(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> News | RefundNews | None:
        """Check the signature over the raw body and read it, or raise `CallbackRefused`.

        None where it is genuine and says nothing of the state of a payment or refund.
        """
        ...

    async def look(self, tx: Tx, charge: Charge) -> News | None:
        """Ask how a charge stands; None while that is open."""
        ...

    async def close(self, tx: Tx, charge: Charge) -> None:
        """See that the charge can no longer be paid. Harmless to repeat."""
        ...

    async def refund(self, tx: Tx, charge: Charge, ask: RefundAsk) -> Returned:
        """Send money back. Asked twice under one id, it does so once."""
        ...

    @property
    def gives_statements(self) -> bool:
        """Whether its file of a day can be fetched."""
        ...

    async def statement(self, tx: Tx, day: date) -> bytes | None:
        """Fetch the day's file; None where it has to be brought by hand."""
        ...


_providers: dict[str, Provider] = {}


def use(provider: Provider) -> None:
    """Take payments by this provider in this process."""
    _providers[provider.name] = provider


def only(providers: Sequence[Provider]) -> None:
    """Take payments by these providers in this process, and by no others."""
    _providers.clear()
    for provider in providers:
        use(provider)


def find(name: str) -> Provider:
    """Return the provider of that name, or refuse."""
    if name not in _providers:
        raise ProviderUnknown(provider=name)
    return _providers[name]


def named() -> list[str]:
    """Name the providers of this process."""
    return list(_providers)


def with_statements() -> list[str]:
    """Name the providers of this process whose files can be fetched."""
    return [name for name, provider in _providers.items() if provider.gives_statements]


def methods(tx: Tx) -> list[Method]:
    """List the providers that take payments here, real ones first."""
    del tx
    ordered = sorted(_providers.values(), key=lambda each: (each.sandbox, each.name))
    return [Method(name=each.name, sandbox=each.sandbox, ways=list(each.ways)) for each in ordered]
