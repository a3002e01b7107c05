"""A shop with an after-sales counter: orders that arrive, and cases about them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from tests.commerce.orders.shop import Buyer
from tests.commerce.orders.till import Till
from xinbo.commerce import aftersales, orders
from xinbo.commerce.aftersales import (
    AskCase,
    Case,
    CaseDetail,
    CaseKind,
    CasePart,
    Reason,
    SendParcel,
)
from xinbo.commerce.orders import Order
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.kit.ids import new_id

BACK = SendParcel(carrier="顺丰速运", number="SF1234567890")
OUT = SendParcel(carrier="中通快递", number="ZT1234567890")
DAY = timedelta(days=1)


def ask(
    kind: CaseKind = CaseKind.RETURN_REFUND,
    reason: Reason = Reason.CHANGED_MIND,
    *,
    pieces: int = 1,
    position: int = 0,
    amount: int | None = None,
) -> AskCase:
    """Ask about pieces of one line."""
    return AskCase(
        kind=kind,
        reason=reason,
        parts=[CasePart(position=position, quantity=pieces)],
        amount=amount,
    )


class Counter(Till):
    """A shop whose orders are sent and arrive, and whose shoppers ask for things."""

    @property
    def service(self) -> Actor:
        """Somebody of the customer service."""
        return Actor(self.merchant_id, Role.SERVICE, UUID(int=7))

    async def sent(self, order: Order, now: datetime | None = None) -> Order:
        """Send everything of an order."""
        parts = [(line.position, line.quantity) for line in order.lines]
        async with self.database.begin(self.service, now) as tx:
            return await orders.ship(tx, order.id, parts, "parcel")

    async def received(self, who: Buyer, order: Order, now: datetime | None = None) -> Order:
        """Send everything, and have the shopper say that it is there."""
        await self.sent(order, now)
        async with self.database.begin(who.actor, now) as tx:
            return await orders.confirm_receipt(tx, order.id)

    async def had(
        self, who: Buyer, *, quantity: int = 1, price: int = 10_000, stock: int = 20
    ) -> Order:
        """Sell, send and deliver pieces of one SKU."""
        sku_id = await self.stock(stock, price=price)
        order = await self.bought(who, who.basket(sku_id, quantity=quantity, price=price))
        return await self.received(who, order)

    async def ask(
        self, who: Buyer, order: Order, command: AskCase, *, key: str | None = None
    ) -> Case:
        """Open a case."""
        async with self.database.begin(who.actor) as tx:
            opened = await aftersales.open_case(tx, order.id, command, key or str(new_id()))
        return opened.case

    async def act(
        self,
        actor: Actor,
        step: Callable[..., Awaitable[CaseDetail]],
        case: Case,
        *command: object,
        now: datetime | None = None,
        key: str | None = None,
    ) -> Case:
        """Take a step as somebody."""
        async with self.database.begin(actor, now) as tx:
            return (await step(tx, case.id, *command, key or str(new_id()))).case

    async def case(self, case: Case, who: Actor | None = None) -> Case:
        """Show the case as it is now."""
        async with self.database.begin(who or self.system) as tx:
            return (await aftersales.get(tx, case.id)).case

    async def wait(self, later: timedelta) -> int:
        """Let that much time pass, and the sweep run."""
        return await aftersales.sweep(self.database, self.now(later))

    async def run(self, who: Actor, work: Callable[[Tx], Awaitable[object]]) -> None:
        """Do some work in a transaction of its own."""
        async with self.database.begin(who) as tx:
            await work(tx)
