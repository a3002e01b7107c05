"""A shop on a real socket, and jobs that a test works off by hand."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, override
from uuid import UUID

import msgspec
import pytest
import uvicorn
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.commerce.orders.shop import Buyer, Shop
from xinbo.app import create_app
from xinbo.commerce import orders, payments
from xinbo.commerce.orders import REACTIONS, Order
from xinbo.commerce.payments import Outcome, Payment, Sandbox
from xinbo.engines.db import EventRow
from xinbo.engines.embedded import free_port
from xinbo.engines.events import Fact, handle
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database, job_name, system
from xinbo.kit.ids import new_id

JOBS: dict[str, Callable[..., Awaitable[None]]] = {job_name(job): job for job in payments.JOBS}


class HandJobs(RecordedJobs):
    """A queue that is worked off when the test says so, once a key."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[str, timedelta, tuple[Any, ...]]] = []

    @override
    def enqueue(
        self, session: Session, name: str, key: str, delay: timedelta, args: tuple[object, ...]
    ) -> None:
        if key not in self.started:
            self.waiting.append((name, delay, args))
        super().enqueue(session, name, key, delay, args)

    async def work_off(self, database: Database) -> list[timedelta]:
        """Do what waits now, each at its time; return the delays."""
        todo, self.waiting = self.waiting, []
        for name, delay, (merchant_id, *args) in todo:
            now = datetime.now(UTC) + delay
            async with database.begin(system(UUID(merchant_id)), now) as tx:
                await JOBS[name](tx, *args)
        return [delay for _, delay, _ in todo]


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
        (reaction,) = REACTIONS
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
