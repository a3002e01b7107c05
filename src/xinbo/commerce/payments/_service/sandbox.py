"""A payment provider that moves no money and otherwise behaves like the real ones.

It calls back over HTTP with a signature, some time later, again and again until it is heard;
twice, late or never if that is what was chosen. It keeps books of its own of what it paid back.
"""

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce.payments._models import SandboxRefundRow
from xinbo.commerce.payments._rules import PaymentStatus, genuine, sign
from xinbo.commerce.payments._service.money import locked
from xinbo.commerce.payments._service.providers import (
    CallbackRefused,
    News,
    ProviderUnknown,
    find,
    use,
)
from xinbo.commerce.payments._types import Outcome, Payment
from xinbo.engines import web_client
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict

NAME = "sandbox"
HEADER = "x-sandbox-signature"
PATH = "/api/v1/hooks/payments/sandbox"
HEARD = 200
AGAIN_AFTER = (1, 1, 2, 3, 5, 10, 20, 30, 60, 180, 600, 1800, 3600, 7200)
"""Seconds between two tries to be heard."""
LATE_BY = timedelta(seconds=5)
"""How long after the payment window a late callback comes: the order is surely over by then."""

log = logging.getLogger("xinbo.sandbox")


class PaymentSettled(Conflict):
    """Raised when a payment is no longer pending (`status`)."""


class Sandbox:
    """The provider. Web and worker share its key, and its way to the web process, by settings."""

    name = NAME
    sandbox = True

    def __init__(self, settings: Settings | None = None) -> None:
        self._given = settings

    @cached_property
    def _settings(self) -> Settings:
        """Read the settings of this process at first use, unless others were given."""
        return self._given or Settings.load()

    @cached_property
    def url(self) -> str:
        """Where it reaches us."""
        return self._settings.web_url + PATH

    @cached_property
    def _key(self) -> bytes:
        return self._settings.key("payments-sandbox")

    def signed(self, body: bytes, now: datetime, *, lie: bool = False) -> dict[str, str]:
        """Return the headers that go with a callback; a lie is signed with another key."""
        key = bytes(32) if lie else self._key
        return {
            "content-type": "application/json",
            HEADER: sign(key, body, now, secrets.token_hex(8)),
        }

    async def open(self, tx: Tx, payment: Payment) -> None:
        """Need nothing: the page asks for an outcome instead of money."""

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> News:
        """Check the signature over the raw body, then read it."""
        if not genuine(self._key, body, headers.get(HEADER, ""), now):
            raise CallbackRefused(reason="signature")
        try:
            return msgspec.json.decode(body, type=News)
        except msgspec.DecodeError:
            raise CallbackRefused(reason="body") from None

    async def refund(self, tx: Tx, payment: Payment) -> None:
        """Note in its own books that the money went back, once a payment."""
        await tx.db.execute(
            insert(SandboxRefundRow)
            .values(
                payment_id=payment.id,
                merchant_id=tx.merchant_id,
                amount=payment.amount,
                at=tx.now,
            )
            .on_conflict_do_nothing()
        )


use(Sandbox())


async def confirm_sandbox(tx: Tx, payment_id: UUID, outcome: Outcome) -> Payment:
    """Pay, choosing what the provider will do. A second tap does nothing more."""
    row = await locked(tx, payment_id)
    payment = Payment.of(row)
    if payment.provider != NAME:
        raise ProviderUnknown(provider=payment.provider)
    if payment.status is not PaymentStatus.PENDING:
        raise PaymentSettled(status=payment.status)
    news = News(
        payment_id=payment.id,
        ref=f"sbx-{payment.id.hex}",
        succeeded=outcome is not Outcome.FAIL,
        amount=payment.amount,
        currency=payment.currency,
    )
    late = max(row.expires_at - tx.now, timedelta()) + LATE_BY
    delays = {
        Outcome.DELAY: [timedelta(seconds=5)],
        Outcome.TWICE: [timedelta(), timedelta(seconds=1)],
        Outcome.LATE: [late],
    }.get(outcome, [timedelta()])
    body = msgspec.json.encode(news).decode()
    for copy, delay in enumerate(delays):
        name = f"sandbox-{payment.id}-{outcome}-{copy}"
        lie = outcome is Outcome.LIE
        await tx.start(call_back, name, body, lie, 0, key=f"{name}-0", delay=delay)
    return payment


async def call_back(tx: Tx, name: str, body: str, lie: bool, tries: int) -> None:  # noqa: FBT001 # a job's arguments are positional
    """POST the news to the shop, and once more after a while unless it was heard. A job."""
    provider = find(NAME)
    if not isinstance(provider, Sandbox):
        raise ProviderUnknown(provider=NAME)
    message = body.encode()
    try:
        headers = provider.signed(message, tx.now, lie=lie)
        status = await web_client.post(provider.url, message, headers)
    except web_client.ThirdPartyAway:
        status = 0
    if status == HEARD:
        return
    if lie or tries >= len(AGAIN_AFTER):
        log.warning("%s was not heard (%s) and gives up", name, status)
        return
    again = tries + 1
    delay = timedelta(seconds=AGAIN_AFTER[tries])
    await tx.start(call_back, name, body, lie, again, key=f"{name}-{again}", delay=delay)
