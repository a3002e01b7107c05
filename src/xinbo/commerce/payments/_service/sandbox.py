"""A payment provider that moves no money and otherwise behaves like the real ones.

It calls back over HTTP with a signature, some time later, again and again until it is heard;
twice, late or never if that is what was chosen. It keeps books of its own of what it paid back.
"""

import csv
import io
import logging
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce.payments._models import SandboxMoneyRow
from xinbo.commerce.payments._rules.life import BEIJING, PaymentStatus, RefundStatus
from xinbo.commerce.payments._rules.statements import EntryKind
from xinbo.commerce.payments._service.providers import (
    Answer,
    CallbackRefused,
    Charge,
    News,
    Opened,
    ProviderUnknown,
    RefundAsk,
    Returned,
    find,
    use,
)
from xinbo.commerce.payments._service.rows import locked, shown
from xinbo.commerce.payments._types import Action, ActionKind, How, Outcome, Payment, Way
from xinbo.engines import web_client
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict
from xinbo.kit.signatures import genuine, sign

NAME = "sandbox"
HEADER = "x-sandbox-signature"
PATH = "/api/v1/hooks/payments/sandbox"
HEARD = 200
COLUMNS = ("type", "id", "payment_id", "ref", "amount", "fee", "currency", "status", "at")
FEE = 60
"""What it keeps of a payment, per 10,000: rounded up, and not given back."""
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
    ways = (Way.HERE,)
    gives_statements = True
    heard = Answer(body=b'{"result":"ok"}', media_type="application/json")
    fee_rate = FEE

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

    async def open(self, tx: Tx, charge: Charge, how: How) -> Opened:
        """Need nothing: the page asks for an outcome instead of money."""
        del tx, charge, how
        return Opened(action=Action(kind=ActionKind.SANDBOX, url=None, params={}))

    async def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> News:
        """Check the signature over the raw body, then read it."""
        if not genuine(self._key, body, headers.get(HEADER, ""), now):
            raise CallbackRefused(reason="signature")
        try:
            return msgspec.json.decode(body, type=News)
        except msgspec.DecodeError:
            raise CallbackRefused(reason="body") from None

    async def look(self, tx: Tx, charge: Charge) -> News | None:
        """Look into its own books."""
        async with tx.aside() as own:
            row = await own.db.get(SandboxMoneyRow, charge.payment_id)
        if row is None or row.at > tx.now:
            return None
        return _news(charge.payment_id, row.amount, row.currency)

    async def close(self, tx: Tx, charge: Charge) -> None:
        """Need nothing: who has not chosen an outcome has not paid."""

    async def refund(self, tx: Tx, charge: Charge, ask: RefundAsk) -> Returned:
        """Note in its own books that money went back, once a refund, or misbehave as chosen.

        Its books are kept aside: what it did, it did, whatever becomes of the asker.
        """
        async with tx.aside() as own:
            paid = await own.db.scalar(
                select(SandboxMoneyRow)
                .where(SandboxMoneyRow.id == charge.payment_id)
                .with_for_update()
            )
            chosen = None if paid is None else paid.outcome
            if chosen == Outcome.REFUND_NEVER:
                return Returned(status=RefundStatus.FAILED, why="refused")
            if paid is not None and chosen == Outcome.REFUND_LATER and not paid.refusals:
                paid.refusals += 1
                return Returned(status=RefundStatus.PENDING, why="busy")
            await own.db.execute(
                insert(SandboxMoneyRow)
                .values(
                    id=ask.refund_id,
                    merchant_id=tx.merchant_id,
                    payment_id=charge.payment_id,
                    amount=-ask.amount,
                    fee=0,
                    currency=charge.currency,
                    outcome=Outcome.SUCCEED,
                    at=tx.now,
                    refusals=0,
                )
                .on_conflict_do_nothing()
            )
        return Returned(status=RefundStatus.SENT)

    async def statement(self, tx: Tx, day: date) -> bytes | None:
        """Write the merchant's day, in China, from its own books."""
        start = datetime(day.year, day.month, day.day, tzinfo=BEIJING)
        rows = await tx.db.scalars(
            select(SandboxMoneyRow)
            .where(
                SandboxMoneyRow.merchant_id == tx.merchant_id,
                SandboxMoneyRow.at >= start,
                SandboxMoneyRow.at < min(start + timedelta(days=1), tx.now),
            )
            .order_by(SandboxMoneyRow.at, SandboxMoneyRow.id)
        )
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for row in rows:
            kind = EntryKind.PAYMENT if row.amount > 0 else EntryKind.REFUND
            ref = f"sbx-{row.payment_id.hex}"
            what = (kind, row.id.hex, row.payment_id.hex, ref)
            money = (abs(row.amount), row.fee, row.currency, "done", row.at.isoformat())
            writer.writerow([*what, *money])
        return out.getvalue().encode()


use(Sandbox())


async def confirm_sandbox(tx: Tx, payment_id: UUID, outcome: Outcome) -> Payment:
    """Pay, choosing what the provider will do. A second tap does nothing more."""
    row = await locked(tx, payment_id)
    payment = shown(row)
    if payment.provider != NAME:
        raise ProviderUnknown(provider=payment.provider)
    if payment.status is not PaymentStatus.PENDING:
        raise PaymentSettled(status=payment.status)
    late = max(row.expires_at - tx.now, timedelta()) + LATE_BY
    delays = {
        Outcome.DELAY: [timedelta(seconds=5)],
        Outcome.TWICE: [timedelta(), timedelta(seconds=1)],
        Outcome.LATE: [late],
        Outcome.LOST: [],
    }.get(outcome, [timedelta()])
    if outcome not in {Outcome.FAIL, Outcome.LIE}:
        await _take(tx, payment, outcome, tx.now + max(delays, default=timedelta()))
    news = _news(
        payment.id,
        payment.amount - (outcome is Outcome.TAMPER),
        payment.currency,
        succeeded=outcome is not Outcome.FAIL,
    )
    body = msgspec.json.encode(news).decode()
    for copy, delay in enumerate(delays):
        name = f"sandbox-{payment.id}-{outcome}-{copy}"
        lie = outcome is Outcome.LIE
        await tx.start(call_back, name, body, lie, 0, key=f"{name}-0", delay=delay)
    return payment


async def _take(tx: Tx, payment: Payment, outcome: Outcome, at: datetime) -> None:
    """Take the money, once a payment; the first choice that pays stands."""
    await tx.db.execute(
        insert(SandboxMoneyRow)
        .values(
            id=payment.id,
            merchant_id=tx.merchant_id,
            payment_id=payment.id,
            amount=payment.amount,
            fee=-(-payment.amount * FEE // 10_000),
            currency=payment.currency,
            outcome=outcome,
            at=at,
            refusals=0,
        )
        .on_conflict_do_nothing()
    )


def _news(payment_id: UUID, amount: int, currency: str, *, succeeded: bool = True) -> News:
    return News(
        payment_id=payment_id,
        ref=f"sbx-{payment_id.hex}",
        succeeded=succeeded,
        amount=amount,
        currency=currency,
    )


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
