"""The sandbox's side: our own, behind the same port."""

from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from tests.commerce.payments.far.base import OUTCOMES, STRAIGHT, Callback, Twist, now
from xinbo.commerce import payments
from xinbo.commerce.payments import News, Payment, Sandbox
from xinbo.commerce.payments._models import SandboxMoneyRow
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Tx


class FarSandbox:
    """The sandbox."""

    name = "sandbox"
    stale = timedelta(minutes=6)
    foreign = True

    def __init__(self, settings: Settings) -> None:
        self.provider = Sandbox(settings)
        elsewhere = msgspec.structs.replace(settings, secret="another installation's")
        self._elsewhere = Sandbox(elsewhere)

    async def pay(self, tx: Tx, payment: Payment, mood: str = "") -> None:
        """Tap pay."""
        await payments.confirm_sandbox(tx, payment.id, OUTCOMES[mood])

    def callback(self, payment: Payment, twist: Twist = STRAIGHT) -> Callback:
        """Write a callback."""
        news = News(
            payment_id=UUID(twist.payment) if twist.payment else payment.id,
            ref=f"sbx-{payment.id.hex}",
            succeeded=twist.succeeded,
            amount=payment.amount if twist.amount is None else twist.amount,
            currency=twist.currency or payment.currency,
        )
        body = msgspec.json.encode(news)
        signer = self.provider if twist.ours else self._elsewhere
        return signer.signed(body, now(twist), lie=twist.forged), body

    async def sent(self, tx: Tx, payment: Payment) -> int:
        """Say how much went back."""
        found = await tx.db.scalar(
            select(func.coalesce(-func.sum(SandboxMoneyRow.amount), 0)).where(
                SandboxMoneyRow.payment_id == payment.id, SandboxMoneyRow.amount < 0
            )
        )
        return int(found or 0)
