"""Stripe: hosted Checkout, so that no card number comes near us, on Stripe's own SDK.

Source: docs.stripe.com/api: checkout/sessions, refunds, idempotent_requests; docs.stripe.com/
webhooks (signatures), docs.stripe.com/payments/checkout/fulfill-orders.
"""

from collections.abc import Coroutine, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from xinbo.commerce.payments._rules.life import RefundStatus
from xinbo.commerce.payments._service.adapters.account import PATIENCE, Account
from xinbo.commerce.payments._service.providers import (
    Answer,
    CallbackRefused,
    Charge,
    News,
    Opened,
    RefundAsk,
    RefundNews,
    Returned,
)
from xinbo.commerce.payments._types import Action, ActionKind, How, Way
from xinbo.engines.tx import Tx
from xinbo.engines.web_client import ThirdPartyAway
from xinbo.kit.signatures import CLOCKS_DIFFER

if TYPE_CHECKING:
    from stripe import HTTPXClient, StripeClient

URL = "https://api.stripe.com"
SHORTEST = timedelta(minutes=31)
"""A session must be open for 30 minutes at least; we close it before, when ours is over."""
REFUNDS = {
    "succeeded": RefundStatus.SENT,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}
PAID = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded"})
OVER = frozenset({"checkout.session.expired", "checkout.session.async_payment_failed"})
REFUND = frozenset({"refund.updated", "refund.failed", "charge.refund.updated"})
MANY = 100


class Stripe:
    """Stripe Checkout. Its SDK loads slowly, so only when it is first needed."""

    name = "stripe"
    sandbox = False
    ways = (Way.PAGE,)
    gives_statements = False
    heard = Answer()

    def __init__(self, account: Account) -> None:
        self._account = account
        self.fee_rate = account.fee_rate
        self._api_key = account.need("secret_key")
        self._hook_secret = account.need("webhook_secret")
        self._url = account.values.get("url", URL)

    @cached_property
    def _client(self) -> "StripeClient":
        import stripe  # noqa: PLC0415

        return stripe.StripeClient(
            self._api_key,
            base_addresses={"api": self._url},
            http_client=self._http,
            max_network_retries=0,
        )

    @cached_property
    def _http(self) -> "HTTPXClient":
        import stripe  # noqa: PLC0415

        return stripe.HTTPXClient(timeout=PATIENCE)

    async def open(self, tx: Tx, charge: Charge, how: How) -> Opened:
        """Open a Checkout session."""
        del how
        ends = max(charge.expires_at, tx.now + SHORTEST)
        back = self._account.public_url + charge.back
        named = {"payment_id": str(charge.payment_id)}
        session = await self._try(
            self._client.v1.checkout.sessions.create_async(
                {
                    "mode": "payment",
                    "client_reference_id": str(charge.payment_id),
                    "metadata": named,
                    "payment_intent_data": {"metadata": named},
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": charge.currency.lower(),
                                "unit_amount": charge.amount,
                                "product_data": {"name": f"Order {charge.order_id.hex[-12:]}"},
                            },
                        }
                    ],
                    "success_url": back,
                    "cancel_url": back,
                    "expires_at": int(ends.timestamp()),
                },
                {"idempotency_key": f"open-{charge.payment_id}"},
            )
        )
        action = Action(kind=ActionKind.REDIRECT, url=session.url, params={})
        return Opened(action=action, handle=session.id)

    async def read(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> News | RefundNews | None:
        """Check `Stripe-Signature` over the raw body by the SDK, and the time by our clock."""
        import stripe  # noqa: PLC0415

        header = headers.get("stripe-signature", "")
        try:
            stripe.WebhookSignature.verify_header(body, header, self._hook_secret)
            stamp = int(dict(part.split("=", 1) for part in header.split(","))["t"])
        except (stripe.SignatureVerificationError, UnicodeDecodeError, KeyError, ValueError):
            raise CallbackRefused(reason="signature") from None
        if abs(now.timestamp() - stamp) > CLOCKS_DIFFER.total_seconds():
            raise CallbackRefused(reason="stale")
        try:
            event = msgspec.json.decode(body, type=_Event)
            if event.type in REFUND:
                return msgspec.json.decode(event.data.object, type=_Refund).news()
            if event.type not in PAID | OVER:
                return None
            session = msgspec.json.decode(event.data.object, type=_Session)
            if event.type in PAID and session.payment_status != "paid":
                return None  # a slow way of paying: another event tells the end
            return session.news(succeeded=event.type in PAID)
        except (ValueError, msgspec.DecodeError):
            raise CallbackRefused(reason="body") from None

    async def look(self, tx: Tx, charge: Charge) -> News | None:
        """Ask how a session stands."""
        del tx
        if charge.handle is None:
            return None
        found = await self._try(self._client.v1.checkout.sessions.retrieve_async(charge.handle))
        if found.payment_status != "paid" and found.status != "expired":
            return None
        intent = found.payment_intent
        session = _Session(
            client_reference_id=charge.payment_id,
            amount_total=found.amount_total or 0,
            currency=found.currency or "",
            payment_status=found.payment_status,
            payment_intent=intent if isinstance(intent, str) or intent is None else intent.id,
        )
        return session.news(succeeded=session.payment_status == "paid")

    async def close(self, tx: Tx, charge: Charge) -> None:
        """Expire the session; one that is complete stays so."""
        import stripe  # noqa: PLC0415

        del tx
        if charge.handle is not None:
            try:
                await self._try(self._client.v1.checkout.sessions.expire_async(charge.handle))
            except stripe.InvalidRequestError:
                return

    async def refund(self, tx: Tx, charge: Charge, ask: RefundAsk) -> Returned:
        """Refund, once: Stripe forgets idempotency keys after a day, so look for it first."""
        import stripe  # noqa: PLC0415

        del tx
        if charge.ref is None:
            return Returned(status=RefundStatus.FAILED, why="not paid here")
        refunds = self._client.v1.refunds
        named = str(ask.refund_id)
        try:
            found = await self._try(
                refunds.list_async({"payment_intent": charge.ref, "limit": MANY})
            )
            ours = [
                each for each in found.data if getattr(each.metadata, "refund_id", None) == named
            ]
            made = ours[0] if ours else None
            if made is None:
                made = await self._try(
                    refunds.create_async(
                        {
                            "payment_intent": charge.ref,
                            "amount": ask.amount,
                            "metadata": {"refund_id": named, "reason": ask.reason[:200]},
                        },
                        {"idempotency_key": f"refund-{named}"},
                    )
                )
        except stripe.InvalidRequestError as refusal:
            return Returned(status=RefundStatus.FAILED, why=refusal.code or "refused")
        status = REFUNDS.get(made.status or "", RefundStatus.PENDING)
        return Returned(status=status, why="" if status is RefundStatus.SENT else made.status or "")

    async def statement(self, tx: Tx, day: date) -> bytes | None:
        """Leave it to be brought by hand."""
        del tx, day

    async def aclose(self) -> None:
        """Hang up."""
        if "_client" in self.__dict__:
            await self._http.close_async()

    async def _try[T](self, call: Coroutine[Any, Any, T]) -> T:
        """Await a call; what may go well later is raised as `ThirdPartyAway`."""
        import stripe  # noqa: PLC0415

        try:
            return await call
        except stripe.InvalidRequestError:
            raise
        except stripe.StripeError as fault:
            raise ThirdPartyAway(fault=f"stripe: {type(fault).__name__}") from fault


class _Session(msgspec.Struct):
    """What we read of a Checkout session."""

    client_reference_id: UUID
    amount_total: int
    currency: str
    payment_status: str
    payment_intent: str | None

    def news(self, *, succeeded: bool) -> News:
        """Say what it says of our payment."""
        return News(
            payment_id=self.client_reference_id,
            ref=self.payment_intent or "",
            succeeded=succeeded,
            amount=self.amount_total,
            currency=self.currency.upper(),
        )


class _Refund(msgspec.Struct):
    """What we read of a refund."""

    status: str
    metadata: dict[str, str] | None = None

    def news(self) -> RefundNews | None:
        """Say what it says of our refund; of one made by hand there, reconciliation tells."""
        named = (self.metadata or {}).get("refund_id")
        if named is None:
            return None
        return RefundNews(
            refund_id=UUID(named),
            status=REFUNDS.get(self.status, RefundStatus.PENDING),
            why=self.status if self.status in {"failed", "canceled"} else "",
        )


class _Data(msgspec.Struct):
    object: msgspec.Raw


class _Event(msgspec.Struct):
    """What we read of an event."""

    type: str
    data: _Data
