"""A shop whose orders are paid and can be sent, and whose sandbox carrier speaks over HTTP."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, override
from uuid import UUID

import msgspec
import pytest
import uvicorn
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.commerce.orders.shop import Buyer, Shop, buyer
from xinbo.app import create_app
from xinbo.commerce import fulfilment, orders
from xinbo.commerce.fulfilment import (
    JOBS,
    CarrierCode,
    Sandbox,
    Ship,
    ShipItem,
    Shipment,
)
from xinbo.commerce.orders import Order
from xinbo.engines.db import EventRow
from xinbo.engines.embedded import free_port
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Actor, Database, Role, job_name, system
from xinbo.identity import accounts
from xinbo.identity.accounts import PutAddress
from xinbo.kit.ids import new_id

KNOWN: dict[str, Callable[..., Awaitable[None]]] = {job_name(job): job for job in JOBS}
NUMBER = "SF1234567890123"


class HandJobs(RecordedJobs):
    """A queue that is worked off when the test says so, once a key."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[str, timedelta, tuple[Any, ...]]] = []

    @override
    def enqueue(
        self, session: Session, name: str, key: str, delay: timedelta, args: tuple[object, ...]
    ) -> None:
        if key not in self.started and name in KNOWN:
            self.waiting.append((name, delay, args))
        super().enqueue(session, name, key, delay, args)

    async def work_off(self, database: Database) -> list[timedelta]:
        """Do what waits now, in the order of its time; return the delays."""
        todo, self.waiting = self.waiting, []
        todo.sort(key=lambda job: job[1])
        for name, _, (merchant_id, *args) in todo:
            async with database.begin(system(UUID(merchant_id))) as tx:
                await KNOWN[name](tx, *args)
        return [delay for _, delay, _ in todo]


class Depot(Shop):
    """A shop that sends what it sells."""

    jobs: HandJobs

    def __init__(self, database: Database, merchant_id: UUID, jobs: HandJobs) -> None:
        super().__init__(database, merchant_id)
        self.jobs = jobs
        self.clerk = Actor(merchant_id, Role.SERVICE, new_id())

    async def sold(
        self, *sku_ids: UUID, who: Buyer | None = None, quantity: int = 1, note: str = ""
    ) -> tuple[Buyer, Order]:
        """Sell these SKUs and take the money."""
        who = who or await self.buyer()
        sku_ids = sku_ids or (await self.stock(20),)
        placed = await self.place(who, who.basket(*sku_ids, quantity=quantity, note=note))
        async with self.database.begin(self.system) as tx:
            await orders.mark_paid(tx, placed.id, new_id(), placed.total)
        return who, await self.order(placed.id)

    async def order(self, order_id: UUID) -> Order:
        """Fetch an order as the system sees it."""
        async with self.database.begin(self.system) as tx:
            return await orders.get(tx, order_id)

    async def ship(
        self,
        *pieces: tuple[Order, int, int],
        number: str = NUMBER,
        carrier: CarrierCode = CarrierCode.SF,
        key: str | None = None,
        now: datetime | None = None,
    ) -> Shipment:
        """Send (order, position, quantity) in one parcel, in a transaction of its own."""
        command = Ship(
            carrier=carrier,
            number=number,
            items=[
                ShipItem(order_id=order.id, position=position, quantity=quantity)
                for order, position, quantity in pieces
            ],
        )
        async with self.database.begin(self.clerk, now) as tx:
            return await fulfilment.ship(tx, command, key or str(new_id()))

    async def show(self, shipment_id: UUID) -> Shipment:
        """Show a parcel to the staff."""
        async with self.database.begin(self.clerk) as tx:
            return await fulfilment.get(tx, shipment_id)

    async def work_off(self) -> list[timedelta]:
        """Do the jobs that wait."""
        return await self.jobs.work_off(self.database)

    async def facts(self, name: str, about: UUID) -> list[dict[str, Any]]:
        """List what was recorded of an order under that name."""
        async with self.database.begin(self.system) as tx:
            rows = await tx.db.scalars(
                select(EventRow.payload).where(
                    EventRow.merchant_id == self.merchant_id,
                    EventRow.type == name,
                    EventRow.about_id == about,
                )
            )
            return list(rows)


async def elsewhere(depot: Depot) -> Buyer:
    """Sign somebody up who lives elsewhere."""
    async with depot.database.begin(depot.system) as tx:
        who = await buyer(tx)
        moved = PutAddress(
            name="韩梅梅",
            phone="13900000000",
            region=["江苏省", "南京市", "玄武区"],
            street="中山路 2 号",
            is_default=True,
        )
        address = await accounts.add_address(tx, who.id, moved)
    return Buyer(depot.merchant_id, who.id, address.id)


@pytest.fixture
def jobs() -> HandJobs:
    return HandJobs()


@pytest.fixture
def depot(database: Database, merchant_id: UUID, jobs: HandJobs) -> Depot:
    return Depot(database, merchant_id, jobs)


@pytest.fixture
async def street(depot: Depot, tmp_path: Path) -> AsyncIterator[Sandbox]:
    """The sandbox carrier, which reaches the shop over a real socket."""
    settings = msgspec.structs.replace(
        Settings.load(), data=tmp_path, secret="a secret of the tests", web_port=free_port()
    )
    carrier = Sandbox(settings)
    fulfilment.use(carrier)
    with warnings.catch_warnings(action="ignore"):
        app = create_app(depot.database, settings)
    config = uvicorn.Config(app, port=settings.web_port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 # uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield carrier
    server.should_exit = True
    await serving
