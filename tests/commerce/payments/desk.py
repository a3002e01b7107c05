"""A merchant's payments without a shop around them: what is owed is any order's."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.commerce.payments.far.alipay import FarAlipay
from tests.commerce.payments.far.base import STRAIGHT, Books, Callback, Far, Twist, served
from tests.commerce.payments.far.sandbox import FarSandbox
from tests.commerce.payments.far.stripe import FarStripe
from tests.commerce.payments.far.wechatpay import FarWeChatPay
from tests.commerce.payments.hand import HandJobs
from xinbo.commerce import books, payments
from xinbo.commerce.payments import (
    Answer,
    Bill,
    CallbackRefused,
    How,
    Payment,
    Refund,
    RefundStatus,
)
from xinbo.engines.db import EventRow
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Actor, Database, Role, system
from xinbo.kit.ids import NIL, new_id

AMOUNT = 12_345
FARS = ("sandbox", "alipay", "wechatpay by key", "wechatpay by certificate", "stripe")


class Desk:
    """Where payments are opened, heard of and sent back."""

    def __init__(self, database: Database, merchant_id: UUID, jobs: HandJobs, far: Far) -> None:
        self.database = database
        self.merchant_id = merchant_id
        self.jobs = jobs
        self.far = far
        self.shopper = Actor(merchant_id, Role.SHOPPER, new_id(), address="203.0.113.7")

    def begin(self, now: datetime | None = None) -> Any:
        """Act as the merchant's system."""
        return self.database.begin(system(self.merchant_id), now)

    def bill(self, amount: int = AMOUNT, minutes: int = 15) -> Bill:
        """Owe something."""
        assert self.shopper.user_id is not None
        return Bill(
            order_id=new_id(),
            shopper_id=self.shopper.user_id,
            amount=amount,
            currency="CNY",
            expires_at=datetime.now(UTC) + timedelta(minutes=minutes),
        )

    async def open(self, bill: Bill | None = None, how: How | None = None) -> Payment:
        """Open a payment."""
        async with self.database.begin(self.shopper) as tx:
            return await payments.open_for(
                tx, bill or self.bill(), self.far.name, str(new_id()), how
            )

    async def pay(self, payment: Payment, mood: str = "") -> None:
        """Have the shopper pay; nobody tells us of it."""
        async with self.database.begin(self.shopper) as tx:
            await self.far.pay(tx, payment, mood)
        self.jobs.waiting = []

    async def paid(self, mood: str = "", amount: int = AMOUNT) -> Payment:
        """Open a payment, have it paid and told of."""
        payment = await self.open(self.bill(amount))
        await self.pay(payment, mood)
        await self.hear(self.far.callback(payment))
        return payment

    async def hear(self, callback: Callback) -> Answer:
        """Have the provider call back."""
        async with self.database.begin(Actor(NIL, Role.GUEST)) as tx:
            return await payments.hear(tx, self.far.name, *callback)

    async def told(self, payment: Payment, twist: Twist = STRAIGHT) -> str:
        """Have the provider call back; say why it was refused, if it was."""
        try:
            await self.hear(self.far.callback(payment, twist))
        except CallbackRefused as refusal:
            return str(refusal.facts["reason"])
        return ""

    async def refund(
        self, payment: Payment, amount: int | None = None, key: str | None = None
    ) -> Refund | None:
        """Ask for money back."""
        async with self.begin() as tx:
            return await payments.refund(tx, payment.id, amount, key, "changed_mind")

    async def work_off(self, rounds: int = 1) -> None:
        """Do the jobs that wait, and those that they start."""
        for _ in range(rounds):
            await self.jobs.work_off(self.database)

    async def get(self, payment: Payment) -> Payment:
        """Show how the payment stands."""
        async with self.begin() as tx:
            return await payments.get(tx, payment.id)

    async def refunds(self, payment: Payment) -> list[Refund]:
        """Show its refunds."""
        async with self.begin() as tx:
            return await payments.refunds_of(tx, payment.id)

    async def statuses(self, payment: Payment) -> list[RefundStatus]:
        """Show how its refunds stand."""
        return [refund.status for refund in await self.refunds(payment)]

    async def sent(self, payment: Payment) -> int:
        """Ask the provider how much went back."""
        async with self.begin() as tx:
            return await self.far.sent(tx, payment)

    async def facts(self, name: str) -> list[dict[str, object]]:
        """List what was told of."""
        async with self.begin() as tx:
            rows = await tx.db.scalars(
                select(EventRow)
                .where(EventRow.merchant_id == self.merchant_id, EventRow.type == name)
                .order_by(EventRow.seq)
            )
            return [row.payload for row in rows]

    async def clearing(self) -> int:
        """Say what the books hold with the provider."""
        async with self.begin() as tx:
            return await books.balance(tx, f"clearing:{self.far.name}", NIL, "CNY")

    async def check(self, payment: Payment, later: timedelta = timedelta(minutes=1)) -> bool:
        """Ask for a payment that is not told of, some time later."""
        if isinstance(self.far, Books):
            self.far.ahead = later
        async with self.begin(datetime.now(UTC) + later) as tx:
            return await payments.check(tx, payment.id)


class Bench:
    """Where a test finds what a desk is made of."""

    def __init__(
        self, database: Database, merchant_id: UUID, jobs: HandJobs, settings: Settings
    ) -> None:
        self._database = database
        self._merchant_id = merchant_id
        self._jobs = jobs
        self._settings = settings

    @asynccontextmanager
    async def desk(self, which: str) -> AsyncGenerator[Desk]:
        """Start a provider's side, offer it, and open a desk there."""
        async with AsyncExitStack() as stack:
            folder = self._settings.data
            if which == "sandbox":
                far: Far = FarSandbox(self._settings)
            else:
                side = {
                    "alipay": lambda: FarAlipay(folder),
                    "wechatpay by key": lambda: FarWeChatPay(folder, certificates=False),
                    "wechatpay by certificate": lambda: FarWeChatPay(folder, certificates=True),
                    "stripe": FarStripe,
                }[which]()
                side.connect(await stack.enter_async_context(served(side.answer)))
                stack.push_async_callback(side.aclose)
                far = side
            payments.use(far.provider)
            yield Desk(self._database, self._merchant_id, self._jobs, far)
