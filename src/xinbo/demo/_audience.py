"""The demo's audience: a few simulated shoppers who watch, chat, like and now and then buy."""

import asyncio
import random
from uuid import UUID

import msgspec

from xinbo.commerce import orders, payments
from xinbo.commerce.orders import OrderDesk, OrderItem, PlaceOrder
from xinbo.commerce.payments import Outcome
from xinbo.demo._goods import NAMES, SAYINGS
from xinbo.engines.settings import Settings
from xinbo.engines.socket_client import SocketClient
from xinbo.engines.tx import Actor, Database, Role, system
from xinbo.identity import accounts
from xinbo.identity.accounts import PutAddress
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import new_id
from xinbo.live import edge, stage
from xinbo.live.edge import RoomRole, Ticket, Visitor

BEAT = 10.0


async def visit(
    settings: Settings, database: Database, merchant_id: UUID, show_id: UUID, number: int
) -> None:
    """Come in, stay for a few minutes, and leave."""
    dice = random.Random()  # noqa: S311 - a demo's whims are no secret
    await asyncio.sleep(dice.uniform(0, 20 if number else 0))
    shopper_id = await _account(database, merchant_id, number)
    ticket = await _ticket(settings, database, merchant_id, show_id, shopper_id, number)
    async with SocketClient(f"{ticket.edge_url}?ticket={ticket.ticket}", _deaf) as socket:
        for _ in range(dice.randrange(15, 60)):
            socket.send(_json(t="beat", watching=True, playing=True, positionMs=0))
            await asyncio.sleep(dice.uniform(0.4, 1) * BEAT / 2)
            await _do(socket, database, merchant_id, show_id, shopper_id, dice)
            await asyncio.sleep(dice.uniform(0.4, 1) * BEAT / 2)


async def _do(
    socket: SocketClient,
    database: Database,
    merchant_id: UUID,
    show_id: UUID,
    shopper_id: UUID,
    dice: random.Random,
) -> None:
    whim = dice.random()
    if whim < 0.12:  # noqa: PLR2004 - how chatty the demo is
        socket.send(_json(t="chat", id=str(new_id()), text=dice.choice(SAYINGS)))
    elif whim < 0.45:  # noqa: PLR2004
        socket.send(_json(t="like", n=dice.randrange(1, 6)))
    elif whim < 0.47:  # noqa: PLR2004
        await _buy(database, merchant_id, show_id, shopper_id, dice)


async def _buy(
    database: Database, merchant_id: UUID, show_id: UUID, shopper_id: UUID, dice: random.Random
) -> None:
    """Buy what is pinned, and pay for it as most do: at once; a few fail or forget."""
    async with database.begin(system(merchant_id)) as tx:
        view = await stage.snapshot(tx, show_id)
    pinned = [item for item in view.items if item.product_id == view.pinned_product_id]
    if not pinned:
        return
    sku = dice.choice(pinned[0].skus)
    shopper = Actor(merchant_id, Role.SHOPPER, shopper_id)
    try:
        async with database.begin(shopper) as tx:
            address = (await accounts.addresses(tx, shopper_id))[0]
            item = OrderItem(sku_id=sku.id, quantity=1, expected_price=sku.price)
            order = await OrderDesk(database, batched=False).place(
                tx,
                shopper_id,
                PlaceOrder(lines=[item], address_id=address.id, show_id=show_id, note=""),
                str(new_id()),
                simulated=True,
            )
        await asyncio.sleep(dice.uniform(1, 4))
        async with database.begin(shopper) as tx:
            payment = await orders.open_payment(tx, order.id, "sandbox", str(new_id()))
            outcome = dice.choices([Outcome.SUCCEED, Outcome.FAIL], [9, 1])[0]
            await payments.confirm_sandbox(tx, payment.id, outcome)
    except XinboError:
        return


async def _account(database: Database, merchant_id: UUID, number: int) -> UUID:
    async with database.begin(system(merchant_id)) as tx:
        shopper_id = await accounts.join(
            tx, f"+86199000000{number:02d}", NAMES[number % len(NAMES)]
        )
    async with database.begin(Actor(merchant_id, Role.SHOPPER, shopper_id)) as tx:
        if not await accounts.addresses(tx, shopper_id):
            await accounts.add_address(
                tx,
                shopper_id,
                PutAddress(
                    name="模拟观众",
                    phone="19900000000",
                    region=["浙江省", "杭州市", "西湖区"],
                    street="示例路 1 号",
                    is_default=True,
                ),
            )
    return shopper_id


async def _ticket(
    settings: Settings,
    database: Database,
    merchant_id: UUID,
    show_id: UUID,
    shopper_id: UUID,
    number: int,
) -> Ticket:
    visitor = Visitor(viewer_id=shopper_id, name=NAMES[number % len(NAMES)], role=RoomRole.SHOPPER)
    url = f"ws://127.0.0.1:{settings.edge_port}/room"
    async with database.begin(system(merchant_id)) as tx:
        return edge.simulated_ticket(tx, show_id, visitor, url, settings.key("tickets"))


def _deaf(_: bytes) -> None:
    """Hear nothing: the simulated audience does not listen."""


def _json(**message: object) -> bytes:
    return msgspec.json.encode(message)
