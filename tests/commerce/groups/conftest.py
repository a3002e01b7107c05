"""Groups on a database that commits, with shoppers who exist and orders that need not."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.commerce.orders.shop import stocked
from xinbo.commerce import groups
from xinbo.commerce.groups import Booking, Group
from xinbo.engines.db import EventRow
from xinbo.engines.tx import Actor, Database, Role, system
from xinbo.identity import accounts
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import new_id

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)


class Room:
    """A merchant's groups, for one offer."""

    def __init__(self, database: Database, merchant_id: UUID, sku_id: UUID) -> None:
        self.database = database
        self.merchant_id = merchant_id
        self.sku_id = sku_id
        self.offer_id = new_id()
        self.system = system(merchant_id)

    async def shopper(self) -> UUID:
        """Sign somebody up."""
        async with self.database.begin(self.system) as tx:
            return await accounts.join(tx, f"+86{new_id().int % 10**11:011}")

    def booking(
        self, shopper_id: UUID, group_id: UUID | None = None, *, size: int = 3, hours: int = 24
    ) -> Booking:
        """Make an order that wants a seat."""
        return Booking(
            order_id=new_id(),
            shopper_id=shopper_id,
            offer_id=self.offer_id,
            sku_id=self.sku_id,
            group_id=group_id,
            size=size,
            hours=hours,
        )

    async def take(self, *bookings: Booking, at: datetime = NOON) -> list[XinboError | None]:
        """Take seats in a transaction of its own."""
        async with self.database.begin(self.system, at) as tx:
            return await groups.take_seats(tx, bookings)

    async def pay(self, booking: Booking, at: datetime = NOON) -> bool:
        """Pay for a seat."""
        async with self.database.begin(self.system, at) as tx:
            return await groups.paid(tx, booking.order_id)

    async def leave(self, booking: Booking) -> None:
        """Give a seat back."""
        async with self.database.begin(self.system, NOON) as tx:
            await groups.leave(tx, booking.order_id)

    async def fail(self, group_id: UUID, at: datetime) -> list[UUID]:
        """End a group, as a sweep does."""
        async with self.database.begin(self.system, at) as tx:
            return await groups.fail(tx, group_id)

    async def group_of(self, booking: Booking) -> UUID:
        """Say in which group the order has a seat."""
        async with self.database.begin(self.system) as tx:
            return (await groups.of_orders(tx, [booking.order_id]))[booking.order_id]

    async def show(
        self, group_id: UUID, shopper_id: UUID | None = None, at: datetime = NOON
    ) -> Group:
        """Show a group to a shopper, or to a guest."""
        role = Role.SHOPPER if shopper_id else Role.GUEST
        async with self.database.begin(Actor(self.merchant_id, role, shopper_id), at) as tx:
            return await groups.get(tx, group_id)

    async def opened(self, *, size: int = 3) -> tuple[Booking, UUID]:
        """Open a group and pay for its first seat."""
        first = self.booking(await self.shopper(), size=size)
        assert await self.take(first) == [None]
        await self.pay(first)
        return first, await self.group_of(first)

    async def facts(self, name: str) -> list[dict[str, object]]:
        """List what was recorded under that name."""
        async with self.database.begin(self.system) as tx:
            rows = await tx.db.scalars(
                select(EventRow.payload).where(
                    EventRow.merchant_id == self.merchant_id, EventRow.type == name
                )
            )
            return list(rows)


LATER = NOON + timedelta(hours=24)


@pytest.fixture
async def room(database: Database, merchant_id: UUID) -> Room:
    async with database.begin(system(merchant_id)) as tx:
        (sku_id,) = await stocked(tx, 100)
    return Room(database, merchant_id, sku_id)
