"""Stripe's API and events."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import UUID

import msgspec

from tests.commerce.payments.far.base import (
    MOODS,
    STRAIGHT,
    Ask,
    Books,
    Callback,
    Reply,
    Twist,
    now,
    path_of,
)
from xinbo.commerce.payments import Payment
from xinbo.commerce.payments._service.adapters.account import Account
from xinbo.commerce.payments._service.adapters.stripe import Stripe
from xinbo.engines.tx import Tx

SECRET, HOOK = "sk_test_1", "whsec_1"


class FarStripe(Books):
    """The API."""

    name = "stripe"
    stale = timedelta(minutes=6)
    foreign = True

    def connect(self, url: str) -> None:
        """Set the account up."""
        values = {"secret_key": SECRET, "webhook_secret": HOOK, "url": url}
        self.provider = Stripe(Account("stripe", values, "https://shop.example"))

    async def pay(self, _tx: Tx, payment: Payment, mood: str = "") -> None:
        """Pay at the session's page."""
        assert payment.action.url == f"https://checkout.stripe.com/c/{payment.id}"
        asked = self.opened[str(payment.id)]
        assert asked["line_items[0][price_data][unit_amount]"] == str(payment.amount)
        assert asked["line_items[0][price_data][currency]"] == payment.currency.lower()
        self.paid[str(payment.id)] = payment.amount
        self.moods[str(payment.id)] = list(MOODS[mood])

    async def aclose(self) -> None:
        """Hang up."""
        await self.provider.aclose()

    def callback(self, payment: Payment, twist: Twist = STRAIGHT) -> Callback:
        """Write an event."""
        named = str(UUID(twist.payment)) if twist.payment else str(payment.id)
        said = self._session(named) | {
            "payment_status": "paid" if twist.succeeded else "unpaid",
            "payment_intent": f"pi_{named}" if twist.succeeded else None,
            "amount_total": payment.amount if twist.amount is None else twist.amount,
            "currency": (twist.currency or "CNY").lower(),
        }
        kind = "checkout.session.completed" if twist.succeeded else "checkout.session.expired"
        return self._event(kind, said, twist)

    def refund_callback(self, refund: UUID, status: str) -> Callback:
        """Write an event of a refund."""
        status = {"SUCCESS": "succeeded", "ABNORMAL": "failed"}[status]
        said = {"id": "re_1", "status": status, "metadata": {"refund_id": str(refund)}}
        return self._event("refund.updated", said, STRAIGHT)

    async def sent(self, _tx: Tx, payment: Payment) -> int:
        """Say how much went back."""
        return self.sent_of(str(payment.id))

    async def answer(self, ask: Ask) -> Reply:
        """Serve the API."""
        if self.away:
            return Reply(502, b"<html>bad gateway</html>")
        assert ask.headers["authorization"] == f"Bearer {SECRET}"
        path = path_of(ask)
        asked = dict(parse_qsl(ask.body.decode(), keep_blank_values=True))
        if path == "/v1/refunds" and ask.method == "GET":
            return said_of(200, self._refunds(parse_qs(urlsplit(ask.path).query)))
        if path == "/v1/refunds":
            return self._refund(asked, ask.headers["idempotency-key"])
        if path == "/v1/checkout/sessions":
            named = asked["client_reference_id"]
            assert int(asked["expires_at"]) > datetime.now(UTC).timestamp() + 30 * 60
            self.opened[named] = asked
            return said_of(200, self._session(named))
        _, _, _, _, session, *rest = path.split("/")
        named = session.removeprefix("cs_")
        if rest == ["expire"]:
            if named in self.paid:
                return said_of(400, refused("session_not_open"))
            self.closed.add(named)
        return said_of(200, self._session(named))

    def _session(self, named: str) -> dict[str, Any]:
        paid = named in self.paid
        asked = self.opened.get(named, {})
        return {
            "id": f"cs_{named}",
            "object": "checkout.session",
            "url": f"https://checkout.stripe.com/c/{named}",
            "client_reference_id": named,
            "amount_total": int(asked.get("line_items[0][price_data][unit_amount]", "0")),
            "currency": asked.get("line_items[0][price_data][currency]", "cny"),
            "payment_status": "paid" if paid else "unpaid",
            "status": "complete" if paid else "expired" if named in self.closed else "open",
            "payment_intent": f"pi_{named}" if paid else None,
        }

    def _refunds(self, query: dict[str, list[str]]) -> dict[str, Any]:
        (intent,) = query["payment_intent"]
        made = [
            {"id": f"re_{name}", "object": "refund", "status": "succeeded", "amount": amount}
            | {"metadata": {"refund_id": name}}
            for name, (of, amount) in self.refunds.items()
            if f"pi_{of}" == intent
        ]
        return {"object": "list", "data": made, "has_more": False, "url": "/v1/refunds"}

    def _refund(self, asked: dict[str, str], idempotency_key: str) -> Reply:
        named, refund = asked["payment_intent"].removeprefix("pi_"), asked["metadata[refund_id]"]
        assert idempotency_key == f"refund-{refund}"
        mood = self.mood(named)
        if mood == "busy":
            return said_of(429, refused("rate_limit"))
        if mood == "refuse":
            return said_of(400, refused("charge_disputed"))
        made = {"id": f"re_{refund}", "object": "refund", "metadata": {"refund_id": refund}}
        if mood == "slow":
            return said_of(200, made | {"status": "pending"})
        self.refund(named, refund, int(asked["amount"]))
        return (
            Reply(500, b"lost") if mood == "lost" else said_of(200, made | {"status": "succeeded"})
        )

    def _event(self, kind: str, said: dict[str, Any], twist: Twist) -> Callback:
        event = {"id": "evt_1", "object": "event", "type": kind, "data": {"object": said}}
        body = msgspec.json.encode(event)
        stamp = str(int(now(twist).timestamp()))
        secret = "whsec_of_another_account" if twist.forged or not twist.ours else HOOK
        digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
        return {"stripe-signature": f"t={stamp},v1={digest}"}, body


def refused(code: str) -> dict[str, Any]:
    """Refuse as the API does."""
    return {"error": {"type": "invalid_request_error", "code": code, "message": "…"}}


def said_of(status: int, said: dict[str, Any]) -> Reply:
    """Answer in JSON."""
    return Reply(status, msgspec.json.encode(said), {"content-type": "application/json"})
