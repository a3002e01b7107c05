"""A shop whose orders are paid: the sandbox calls back, and what happens is reacted to by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from tests.commerce.orders.shop import PRICE, Buyer, Shop
from tests.commerce.promotions.shop import EVERYTHING
from xinbo.commerce import books, members, orders, payments, promotions
from xinbo.commerce.orders import (
    AskCheckout,
    Checkout,
    CheckoutItem,
    Chosen,
    Order,
    OrderItem,
    PlaceOrder,
    RefundAsk,
    Refunded,
    RefundPart,
)
from xinbo.commerce.payments import News, Payment, PaymentStatus, Sandbox
from xinbo.commerce.payments._models import PaymentRow
from xinbo.commerce.promotions import (
    Audience,
    CouponRule,
    FullReduction,
    Promotion,
    PutItem,
    PutPromotion,
    Rule,
    Threshold,
)
from xinbo.engines.db import EventRow
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.kit.ids import NIL, new_id

REACTIONS = orders.REACTIONS


def asked(command: PlaceOrder) -> AskCheckout:
    """Ask what an order would cost."""
    return AskCheckout(
        lines=[CheckoutItem(sku_id=each.sku_id, quantity=each.quantity) for each in command.lines],
        address_id=command.address_id,
        show_id=command.show_id,
        chosen=command.chosen,
        coupon_id=command.coupon_id,
        no_coupon=command.coupon_id is None,
        points=command.points,
    )


class Till(Shop):
    """A shop, its promotions, and the money that comes in and goes back."""

    def __init__(self, database: Database, merchant_id: UUID) -> None:
        super().__init__(database, merchant_id)
        self.owner = Actor(merchant_id, Role.OWNER, new_id())
        self.provider = Sandbox()
        payments.use(self.provider)  # other tests have keys of their own
        self._told = 0

    def now(self, later: timedelta = timedelta()) -> datetime:
        """Say what time it is, some time from now."""
        return datetime.now(UTC) + later

    async def promote(
        self,
        rule: Rule,
        *items: PutItem,
        lasts: timedelta = timedelta(days=1),
        venue_id: UUID = NIL,
    ) -> Promotion:
        """Run a promotion from now on."""
        async with self.database.begin(self.owner) as tx:
            draft = PutPromotion(
                name="双 11",
                venue_id=venue_id,
                starts_at=tx.now,
                ends_at=tx.now + lasts,
                rule=rule,
                items=list(items),
                version=None,
            )
            written = await promotions.add(tx, draft)
            return await promotions.schedule(tx, written.id)

    async def reduce(self, threshold: int, off: int, *, repeat: bool = False) -> Promotion:
        """Run a full reduction over everything."""
        step = Threshold(at_least_amount=threshold, at_least_pieces=None, off=off, rate=None)
        return await self.promote(
            FullReduction(goods=EVERYTHING, steps=[step], repeat=repeat, most=None)
        )

    async def coupon_for(self, who: Buyer, *, off: int, threshold: int | None = None) -> UUID:
        """Give the shopper a coupon over everything; it takes a little more than it gives."""
        template = await self.promote(
            CouponRule(
                goods=EVERYTHING,
                threshold=off + 1 if threshold is None else threshold,
                off=off,
                rate=None,
                most=None,
                total=10,
                per_person=1,
                audience=Audience.ALL,
                level=0,
                use_from=None,
                use_until=None,
                use_days=7,
            )
        )
        async with self.database.begin(who.actor) as tx:
            claimed = await promotions.claim(tx, who.id, template.id, None, str(new_id()))
        return claimed.id

    async def points_for(self, who: Buyer, points: int) -> None:
        """Make the shopper a member with points."""
        async with self.database.begin(self.system) as tx:
            await members.join(tx, who.id)
            await members.earn(tx, who.id, points, f"gift-{new_id()}", "opening")

    async def points_of(self, who: Buyer) -> int:
        """Say how many points the shopper has."""
        async with self.database.begin(self.system) as tx:
            return await members.balance(tx, who.id)

    async def checkout(self, who: Buyer, command: PlaceOrder | AskCheckout) -> Checkout:
        """Ask what it costs."""
        ask = asked(command) if isinstance(command, PlaceOrder) else command
        async with self.database.begin(who.actor) as tx:
            return await orders.checkout(tx, who.id, ask)

    async def order(self, who: Buyer, command: PlaceOrder) -> Order:
        """Order at what the checkout says it costs."""
        shown = await self.checkout(who, command)
        known = {line.sku_id: line.price for line in shown.lines if not line.gift}
        lines = [
            OrderItem(sku_id=each.sku_id, quantity=each.quantity, expected_price=known[each.sku_id])
            for each in command.lines
        ]
        exact = msgspec.structs.replace(command, lines=lines, expected_total=shown.total)
        return await self.place(who, exact)

    async def choose(  # noqa: PLR0913 # who, what, and each way to differ
        self,
        who: Buyer,
        sku_id: UUID,
        offer_id: UUID,
        *,
        group_id: UUID | None = None,
        bargain_id: UUID | None = None,
        quantity: int = 1,
    ) -> Order:
        """Order in a way that the shopper chose."""
        chosen = Chosen(offer_id=offer_id, group_id=group_id, bargain_id=bargain_id)
        basket = who.basket(sku_id, quantity=quantity)
        return await self.order(who, msgspec.structs.replace(basket, chosen=chosen))

    async def open(self, who: Buyer, order_id: UUID, now: datetime | None = None) -> Payment:
        """Open a payment for what the order awaits."""
        async with self.database.begin(who.actor, now) as tx:
            return await orders.open_payment(tx, order_id, "sandbox", str(new_id()))

    async def tell(self, payment: Payment, now: datetime | None = None) -> None:
        """Have the provider say that it was paid, and react to it."""
        body = msgspec.json.encode(
            News(
                payment_id=payment.id,
                ref=f"sbx-{payment.id.hex}",
                succeeded=True,
                amount=payment.amount,
                currency=payment.currency,
            )
        )
        at = now or self.now()
        async with self.database.begin(Actor(NIL, Role.GUEST), at) as tx:
            await payments.hear(tx, "sandbox", self.provider.signed(body, at), body)
        await self.react(at)

    async def twin(self, tx: Tx, payment: Payment, payment_id: UUID) -> Payment:
        """Open a second payment for the same order, at another till."""
        row = await tx.db.get_one(PaymentRow, payment.id)
        tx.db.add(
            PaymentRow(
                id=payment_id,
                merchant_id=row.merchant_id,
                order_id=row.order_id,
                shopper_id=row.shopper_id,
                provider=row.provider,
                status=PaymentStatus.PENDING,
                amount=row.amount,
                currency=row.currency,
                sandbox=True,
                purpose=row.purpose,
                idempotency_key=str(payment_id),
                created_at=row.created_at,
                expires_at=row.expires_at,
            )
        )
        await tx.db.flush()
        return msgspec.structs.replace(payment, id=payment_id)

    async def pay(self, who: Buyer, order: Order, now: datetime | None = None) -> Order:
        """Pay what the order awaits."""
        await self.tell(await self.open(who, order.id, now), now)
        return await self.get(order.id)

    async def bought(self, who: Buyer, command: PlaceOrder) -> Order:
        """Order and pay."""
        return await self.pay(who, await self.order(who, command))

    async def react(self, now: datetime | None = None) -> None:
        """React to everything that happened since the last time, and to what that leads to."""
        while True:
            async with self.database.begin(self.system) as tx:
                found = (
                    await tx.db.scalars(
                        select(EventRow)
                        .where(EventRow.merchant_id == self.merchant_id, EventRow.seq > self._told)
                        .order_by(EventRow.seq)
                    )
                ).all()
            if not found:
                return
            self._told = found[-1].seq
            for row in found:
                await self._react_to(row, now)

    async def _react_to(self, row: EventRow, now: datetime | None) -> None:
        for each in REACTIONS:
            if each.event.name == row.type:
                async with self.database.begin(self.system, now) as tx:
                    await each.react(tx, msgspec.convert(row.payload, each.event))

    async def get(self, order_id: UUID) -> Order:
        """Show the order as it is now."""
        async with self.database.begin(self.system) as tx:
            return await orders.get(tx, order_id)

    async def refund(
        self,
        order: Order,
        parts: Sequence[tuple[int, int]],
        *,
        freight: int = 0,
        key: str | None = None,
    ) -> Refunded:
        """Send back what was paid for pieces: (position, quantity)."""
        ask = RefundAsk(
            parts=[RefundPart(position=position, quantity=n) for position, n in parts],
            key=key or str(new_id()),
            reason="changed_mind",
            freight=freight,
        )
        async with self.database.begin(self.system) as tx:
            return await orders.refund(tx, order.id, ask)

    async def sent_back(self, order_id: UUID) -> int:
        """Say how much the payments room was told to send back for the order."""
        async with self.database.begin(self.system) as tx:
            payable = await books.balance(tx, "refunds_payable", order_id, "CNY")
        return -payable

    async def facts(self, name: str) -> list[dict[str, Any]]:
        """List what was told of."""
        async with self.database.begin(self.system) as tx:
            rows = await tx.db.scalars(
                select(EventRow)
                .where(EventRow.merchant_id == self.merchant_id, EventRow.type == name)
                .order_by(EventRow.seq)
            )
            return [row.payload for row in rows]

    async def balanced(self) -> bool:
        """Say whether the merchant's books sum to zero in every unit."""
        async with self.database.begin(self.owner) as tx:
            trial = await books.trial_balance(tx)
        return all(total.debit == total.credit for total in trial.totals)


__all__ = ["PRICE", "Till"]
