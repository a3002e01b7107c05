"""The demo's audience: a few simulated shoppers who watch, chat, like and now and then buy."""

import asyncio
import contextlib
import random
from uuid import UUID

import msgspec

from xinbo.commerce import orders, payments
from xinbo.commerce.orders import OrderDesk, OrderItem, PlaceOrder
from xinbo.commerce.payments import Outcome
from xinbo.demo._goods import NAMES, SAYINGS
from xinbo.engines.callers import SignInRequired
from xinbo.engines.settings import Settings
from xinbo.engines.socket_client import SocketClient
from xinbo.engines.tx import Actor, Database, Role, system
from xinbo.identity import accounts
from xinbo.identity.accounts import PutAddress
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import new_id
from xinbo.live import edge, stage
from xinbo.live.edge import Places, RoomRole, Ticket, Visitor

BEAT = 10.0
"""Seconds between two signs of life."""

CHATTY, FOND, BUYING = 0.12, 0.45, 0.47
"""Where a whim between 0 and 1 becomes a message, a few likes, an order; else nothing."""


class Room(msgspec.Struct, frozen=True):
    """The show that the audience is let into."""

    settings: Settings
    database: Database
    merchant_id: UUID
    show_id: UUID


class Visit:
    """One simulated shopper's stay."""

    def __init__(self, room: Room, number: int) -> None:
        self._room = room
        self._name = NAMES[number % len(NAMES)]
        self._number = number
        self._dice = random.Random()  # noqa: S311 - a demo's whims are no secret

    async def run(self) -> None:
        """Come in, stay for a few minutes, and leave."""
        dice = self._dice
        await asyncio.sleep(dice.uniform(0, 20 if self._number else 0))
        shopper = await self._account()
        ticket = await self._ticket(shopper)
        async with SocketClient(f"{ticket.edge_url}?ticket={ticket.ticket}", _deaf) as socket:
            for _ in range(dice.randrange(15, 60)):
                socket.send(_json(t="beat", watching=True, playing=True, positionMs=0))
                await asyncio.sleep(dice.uniform(0.4, 1) * BEAT / 2)
                await self._act(socket, shopper)
                await asyncio.sleep(dice.uniform(0.4, 1) * BEAT / 2)

    async def _act(self, socket: SocketClient, shopper: Actor) -> None:
        whim = self._dice.random()
        if whim < CHATTY:
            socket.send(_json(t="chat", id=str(new_id()), text=self._dice.choice(SAYINGS)))
        elif whim < FOND:
            socket.send(_json(t="like", n=self._dice.randrange(1, 6)))
        elif whim < BUYING:
            with contextlib.suppress(XinboError):
                await self._buy(shopper)

    async def _buy(self, shopper: Actor) -> None:
        """Buy what is pinned, and pay for it at once; one in ten fails."""
        room = self._room
        async with room.database.begin(system(room.merchant_id)) as tx:
            view = await stage.snapshot(tx, room.show_id)
        pinned = [item for item in view.items if item.product_id == view.pinned_product_id]
        if not pinned:
            return
        sku = self._dice.choice(pinned[0].skus)
        shopper_id = signed_in_as(shopper)
        async with room.database.begin(shopper) as tx:
            address = (await accounts.addresses(tx, shopper_id))[0]
            item = OrderItem(sku_id=sku.id, quantity=1, expected_price=sku.price)
            order = await OrderDesk(room.database, batched=False).place(
                tx,
                shopper_id,
                PlaceOrder(lines=[item], address_id=address.id, show_id=room.show_id, note=""),
                str(new_id()),
                simulated=True,
            )
        await asyncio.sleep(self._dice.uniform(1, 4))
        async with room.database.begin(shopper) as tx:
            payment = await orders.open_payment(tx, order.id, "sandbox", str(new_id()))
            outcome = self._dice.choices([Outcome.SUCCEED, Outcome.FAIL], [9, 1])[0]
            await payments.confirm_sandbox(tx, payment.id, outcome)

    async def _account(self) -> Actor:
        database, merchant_id = self._room.database, self._room.merchant_id
        async with database.begin(system(merchant_id)) as tx:
            shopper_id = await accounts.join(tx, f"+86199000000{self._number:02d}", self._name)
        shopper = Actor(merchant_id, Role.SHOPPER, shopper_id)
        async with database.begin(shopper) as tx:
            if not await accounts.addresses(tx, shopper_id):
                await accounts.add_address(tx, shopper_id, HOME)
        return shopper

    async def _ticket(self, shopper: Actor) -> Ticket:
        room = self._room
        visitor = Visitor(viewer_id=signed_in_as(shopper), name=self._name, role=RoomRole.SHOPPER)
        places = Places(edge=f"ws://127.0.0.1:{room.settings.edge_port}/room", media="")
        key = room.settings.key("tickets")
        async with room.database.begin(system(room.merchant_id)) as tx:
            return edge.simulated_ticket(tx, room.show_id, visitor, places, key)


HOME = PutAddress(
    name="模拟观众",
    phone="19900000000",
    region=["浙江省", "杭州市", "西湖区"],
    street="示例路 1 号",
    is_default=True,
)


def signed_in_as(actor: Actor) -> UUID:
    """Return the id of an actor who is someone."""
    if actor.user_id is None:
        raise SignInRequired
    return actor.user_id


def _deaf(_: bytes) -> None:
    """Hear nothing: the simulated audience does not listen."""


def _json(**message: object) -> bytes:
    return msgspec.json.encode(message)
