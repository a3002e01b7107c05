"""A shop on a real socket, and jobs that a test works off by hand."""

import asyncio
import warnings
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
import uvicorn
from sqlalchemy import select

from tests.commerce.orders.shop import Buyer, Shop
from tests.commerce.payments.desk import Bench
from tests.commerce.payments.hand import HandJobs
from xinbo.app import create_app
from xinbo.commerce import orders, payments
from xinbo.commerce.orders import REACTIONS, Order
from xinbo.commerce.payments import Outcome, Payment, Sandbox
from xinbo.engines.db import EventRow
from xinbo.engines.embedded import free_port
from xinbo.engines.events import Fact, handle
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database
from xinbo.kit.ids import new_id


class Till(Shop):
    """A shop whose payments go over real HTTP."""

    jobs: HandJobs

    async def order(self) -> tuple[Buyer, Order]:
        """Sell one piece to a new shopper, unpaid."""
        sku_id, who = await self.stock(5), await self.buyer()
        return who, await self.place(who, who.basket(sku_id))

    async def open(self, who: Buyer, order: Order, key: str | None = None) -> Payment:
        """Open a payment as the shopper does."""
        async with self.database.begin(who.actor) as tx:
            return await orders.open_payment(tx, order.id, "sandbox", key or str(new_id()))

    async def confirm(self, who: Buyer, payment: Payment, outcome: Outcome) -> None:
        """Tap pay."""
        async with self.database.begin(who.actor) as tx:
            await payments.confirm_sandbox(tx, payment.id, outcome)

    async def pay(self, who: Buyer, order: Order, outcome: Outcome) -> Payment:
        """Open a payment, tap pay, and let the provider call back."""
        payment = await self.open(who, order)
        await self.confirm(who, payment, outcome)
        await self.work_off()
        return payment

    async def work_off(self) -> list[timedelta]:
        """Do the jobs that wait."""
        return await self.jobs.work_off(self.database)

    async def react(self) -> None:
        """Let the orders room hear of every payment so far, each twice."""
        reaction = next(each for each in REACTIONS if each.event is payments.PaymentSucceeded)
        for row in await self.facts(reaction.event.name):
            fact = Fact(
                id=row.id,
                seq=row.seq,
                type=row.type,
                merchant_id=row.merchant_id,
                actor_id=row.actor_id,
                at=row.at,
                payload=row.payload,
            )
            for _ in range(2):
                assert await handle(self.database, reaction, msgspec.json.encode(fact))

    async def facts(self, name: str) -> list[EventRow]:
        """List the merchant's facts of that name."""
        async with self.database.begin(self.system) as tx:
            rows = await tx.db.scalars(
                select(EventRow)
                .where(EventRow.merchant_id == self.merchant_id, EventRow.type == name)
                .order_by(EventRow.seq)
            )
            return list(rows)

    async def now(self, order: Order) -> Order:
        """Show the order as it stands."""
        async with self.database.begin(self.system) as tx:
            return await orders.get(tx, order.id)

    async def state(self, payment: Payment) -> payments.PaymentStatus:
        """Show how the payment stands."""
        async with self.database.begin(self.system) as tx:
            return (await payments.get(tx, payment.id)).status


@pytest.fixture
def jobs() -> HandJobs:
    return HandJobs()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return msgspec.structs.replace(
        Settings.load(), data=tmp_path, secret="a secret of the tests", web_port=free_port()
    )


@pytest.fixture
async def web(database: Database, settings: Settings) -> AsyncIterator[None]:
    """The application on a socket, where the sandbox calls back."""
    with warnings.catch_warnings(action="ignore"):
        app = create_app(database, settings)
    config = uvicorn.Config(app, port=settings.web_port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 # uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield
    server.should_exit = True
    await serving


@pytest.fixture
def till(
    database: Database, merchant_id: UUID, jobs: HandJobs, settings: Settings, web: None
) -> Till:
    payments.use(Sandbox(settings))
    till = Till(database, merchant_id)
    till.jobs = jobs
    return till


@pytest.fixture
def bench(database: Database, merchant_id: UUID, jobs: HandJobs, settings: Settings) -> Bench:
    return Bench(database, merchant_id, jobs, settings)
